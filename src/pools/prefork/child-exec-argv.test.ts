import { describe, expect, it } from "vitest";
import { childExecArgv } from "./child-exec-argv.ts";

describe("childExecArgv", () => {
  it("keeps loaders, conditions and limits", () => {
    const kept = ["--import", "tsx", "--conditions=development", "--max-old-space-size=512", "--enable-source-maps"];
    expect(childExecArgv(kept)).toEqual(kept);
  });

  it("leaves out the debugger's port, the watcher, the test runner and a program on the command line", () => {
    expect(
      childExecArgv([
        "--inspect=9229",
        "--inspect-brk",
        "--watch",
        "--watch-path=src",
        "--test",
        "-e",
        "run()",
        "--input-type=module",
        "--trace-warnings",
      ]),
    ).toEqual(["--trace-warnings"]);
  });
});
