import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { livenessOf, ownIdentity } from "./process-identity.ts";

const self = ownIdentity();

describe("livenessOf", () => {
  it("sees that this process lives", () => {
    expect(self.started).not.toBe("");
    expect(livenessOf(self, self)).toBe("alive");
  });
  it("takes a process with the pid of another for dead by its start time", () => {
    expect(livenessOf({ ...self, started: "1" }, self)).toBe("dead");
  });
  it("takes all of an earlier boot of this machine for dead", () => {
    expect(livenessOf({ ...self, boot: "earlier" }, self)).toBe("dead");
  });
  it("cannot tell of other hosts and other pid namespaces", () => {
    expect(livenessOf({ ...self, host: "elsewhere", boot: "theirs" }, self)).toBe("unknown");
    expect(livenessOf({ ...self, namespace: "pid:[1]" }, self)).toBe("unknown");
  });
  it("takes a process that has ended for dead", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(child, "spawn");
    const identity = { ...self, pid: child.pid ?? 0, started: "" };
    expect(livenessOf(identity, self)).toBe("alive");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(livenessOf(identity, self)).toBe("dead");
  });
});
