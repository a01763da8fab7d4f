// No child outlives its pool. A child notices the end of its pipe by itself when its event loop runs; one that is busy in a loop that never
// yields does not. So a pool has a guard: a shell that knows the children's pids and blocks on its own pipe. Should the pool's process
// end, by kill -9 too, the guard kills the children. It costs one small process and no time. Windows needs none: libuv puts children there into a job
// object that ends with its parent.
import { type ChildProcess, spawn } from "node:child_process";

/** Reads `+pid` and `-pid` lines; at their end it kills whom it knows. Builtins of the shell only. */
const SCRIPT = `
trap '' INT TERM HUP QUIT
known=' '
while read -r line; do
  pid=\${line#?}
  case $line in
    +*) known="$known$pid " ;;
    -*) case $known in *" $pid "*) known="\${known%% $pid *} \${known#* $pid }" ;; esac ;;
  esac
done
for pid in $known; do kill -9 "$pid" 2>/dev/null; done
`;

/** Kills a pool's children when the pool's process is gone. */
export class OrphanGuard {
  readonly #pids: Set<number> = new Set();
  #shell: ChildProcess | undefined;
  #closed = false;

  /** Watches over a child. */
  add(pid: number): void {
    this.#pids.add(pid);
    if (process.platform === "win32") return;
    if (this.#shell) this.#shell.stdin?.write(`+${pid}\n`);
    else this.#start();
  }

  /** The child is gone: its pid may be another process's from now on. */
  remove(pid: number): void {
    if (this.#pids.delete(pid)) this.#shell?.stdin?.write(`-${pid}\n`);
  }

  /** Ends the guard. To be called when all children are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    const shell = this.#shell;
    if (!shell || shell.exitCode !== null || shell.signalCode !== null) return;
    shell.ref();
    const ended = new Promise<void>((resolve) => shell.once("close", () => resolve()));
    shell.stdin?.end();
    await ended;
  }

  /** Started with the first child, and again should somebody kill it. */
  #start(): void {
    const shell = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"] });
    this.#shell = shell;
    shell.on("error", (error) =>
      process.emitWarning(`the pool's children may outlive it: its guard could not be started: ${error.message}`, "CeleriacPoolWarning"),
    );
    // A broken pipe is told by the exit as well.
    shell.stdin?.on("error", () => this.#onGone(shell));
    shell.on("exit", () => this.#onGone(shell));
    shell.unref();
    for (const pid of this.#pids) shell.stdin?.write(`+${pid}\n`);
  }

  #onGone(shell: ChildProcess): void {
    if (this.#shell !== shell) return;
    this.#shell = undefined;
    if (!this.#closed && this.#pids.size > 0) this.#start();
  }
}
