// Which process a lease belongs to, and whether that process still runs. A pid alone is not enough (it is used again), nor is it
// meaningful in another pid namespace or after a reboot; so the start time, the namespace, the boot and the host belong to it.
import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** What names a process for good. */
export interface ProcessIdentity {
  /** The machine. */
  readonly host: string;
  /** Its boot; empty where the system does not tell. */
  readonly boot: string;
  /** The pid namespace; empty where there is none. */
  readonly namespace: string;
  readonly pid: number;
  /** When the process started, in the system's own terms; empty where it does not tell. */
  readonly started: string;
}

/** What can be said of a process from here. */
export type Liveness = "alive" | "dead" | "unknown";

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return {
    host: readText("/etc/machine-id") || hostname(),
    boot: readText("/proc/sys/kernel/random/boot_id"),
    namespace: readNamespace(),
    pid: process.pid,
    started: startOf(process.pid) ?? "",
  };
}

/** Whether the process runs; unknown where it lives in another pid namespace or on another host. */
export function livenessOf(other: ProcessIdentity, self: ProcessIdentity): Liveness {
  // The same machine after a reboot: whatever ran before does not any more.
  if (other.host === self.host && other.boot !== self.boot && other.boot !== "" && self.boot !== "") {
    return other.namespace === self.namespace ? "dead" : "unknown";
  }
  if (other.host !== self.host || other.boot !== self.boot || other.namespace !== self.namespace) return "unknown";
  if (!pidExists(other.pid)) return "dead";
  if (other.started === "") return "alive";
  const started = startOf(other.pid);
  // A process that may not be looked at lives; one that is gone since the question above is caught next time.
  return started === undefined || started === other.started ? "alive" : "dead";
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The start time of a process; undefined where it cannot be read. A zombie has ended: it has none that equals its own. */
function startOf(pid: number): string | undefined {
  if (process.platform === "linux") {
    const stat = readText(`/proc/${pid}/stat`);
    if (stat === "") return undefined;
    // The name in field 2 may hold blanks and parentheses; what counts comes after its last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "ended" : fields[19];
  }
  if (process.platform === "win32") return undefined;
  return startByPs(pid);
}

/** Spawning ps costs milliseconds, so an answer holds for a while. */
const PS_HOLDS_MS = 10_000;
const psAnswers = new Map<number, { readonly at: number; readonly started: string }>();

function startByPs(pid: number): string | undefined {
  const known = psAnswers.get(pid);
  if (known !== undefined && performance.now() - known.at < PS_HOLDS_MS) return known.started;
  const answer = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], {
    encoding: "utf8",
    env: { LC_ALL: "C", PATH: process.env["PATH"] },
  });
  const started = answer.status === 0 ? answer.stdout.trim() : "";
  if (started === "") return undefined;
  psAnswers.set(pid, { at: performance.now(), started });
  return started;
}

function readNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return ""; // no Linux
  }
}

/** The text of a small file of the system; empty where there is none. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
