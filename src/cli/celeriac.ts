#!/usr/bin/env node
// The program `celeriac`. Nothing but the check of Node's version may be imported before that check has passed: the rest uses what older
// versions do not have, and would fail with an error that says nothing.
import { nodeVersionProblem } from "../util/node-version.ts";

const problem = nodeVersionProblem(process.versions.node);
if (problem === undefined) {
  const { main } = await import("./main.ts");
  process.exitCode = await main(process.argv.slice(2), process);
} else {
  process.stderr.write(`celeriac: ${problem}\n`);
  process.exitCode = 1;
}
