// The test command: builds, runs every test, and closes with one line that counts them. `--embedded` leaves out what needs a service.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { requireSupportedNode, run } from "./commands.ts";

interface JsonReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

requireSupportedNode();
if (run(process.execPath, ["scripts/build.ts"]) !== 0) process.exit(1);
const embedded = process.argv.includes("--embedded");
if (embedded) process.env["CELERIAC_TEST_EMBEDDED"] = "1";
const given = process.argv.slice(2).filter((word) => word !== "--embedded");
const folder = mkdtempSync(path.join(tmpdir(), "celeriac-test-"));
const file = path.join(folder, "report.json");
const code = run("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...given]);
const report = JSON.parse(readFileSync(file, "utf8")) as JsonReport;
rmSync(folder, { recursive: true });
const failed = report.numFailedTests + (code !== 0 && report.numFailedTests === 0 ? Math.max(1, report.numFailedTestSuites) : 0);
console.log(`${report.numPassedTests} passed, ${failed} failed${report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : code;
