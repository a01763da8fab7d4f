// A task file that ends the process while it is imported, or never ends its import: that is no success, and the file is named.
import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Rig } from "./rig.ts";

it.each([
  ["ends the process", "process.exit(0);"],
  ["waits for ever", "await new Promise(() => {});"],
])("is reported, and nothing is taken for done: it %s", async (_what, source) => {
  await using rig = new Rig();
  const app = rig.file("shop.ts");
  writeFileSync(app, `${source}\nexport {};\n`);
  const call = await rig.run(["call", "bad.add", "-a", "[1, 2]"], { app });
  expect(call.code).toBe(1);
  expect([call.stdout, call.stderr]).toEqual(["", expect.stringMatching(/^celeriac: .*shop\.ts.*import/)]);
});
