// What a worker's program does at signals: Celery's meanings and Celery's words.
//   SIGTERM        warm, exit 0; more of them only repeat the message
//   SIGINT         the first warm, exit 1; the second cold; the third ends the process at once
//   SIGQUIT        cold, exit 1; the next ends the process at once, or ends the wait of a soft shutdown first
//   SIGTERM with REMAP_SIGTERM=SIGQUIT in the environment counts as SIGQUIT
import { pid } from "node:process";
import type { Shutdown } from "../../worker/worker-state.ts";
import type { StopOptions } from "../../worker/worker.ts";
import { exitCodes } from "../exit-codes.ts";
import type { CliProcess } from "../cli-context.ts";

/** What signals act on. */
export interface Stoppable {
  stop(options: StopOptions): Promise<void>;
  readonly options: { readonly softShutdownMs: number };
}

const SIGNALS = ["SIGTERM", "SIGINT", "SIGQUIT"] as const;
type Signal = (typeof SIGNALS)[number];

/** Answers signals until it is disposed of. */
export function watchShutdownSignals(worker: Stoppable, io: CliProcess): { dispose(): void } {
  const answer = new SignalAnswers(worker, io);
  const listeners = SIGNALS.map((signal) => [signal, () => answer.on(signal)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return {
    dispose() {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    },
  };
}

class SignalAnswers {
  readonly #worker: Stoppable;
  readonly #io: CliProcess;
  readonly #remapped: boolean;
  #how: Shutdown | undefined;
  /** Signals that came after the cold shutdown began. */
  #afterCold = 0;

  constructor(worker: Stoppable, io: CliProcess) {
    this.#worker = worker;
    this.#io = io;
    this.#remapped = io.env["REMAP_SIGTERM"] === "SIGQUIT";
  }

  on(signal: Signal): void {
    const meant = signal === "SIGTERM" && this.#remapped ? "SIGQUIT" : signal;
    if (this.#how === "cold") this.#again(meant);
    else if (meant === "SIGQUIT" || (meant === "SIGINT" && this.#how === "warm")) this.#cold(signal);
    else this.#warm(signal);
  }

  #warm(signal: Signal): void {
    const interrupted = signal === "SIGINT";
    if (interrupted) this.#say("worker: Hitting Ctrl+C again will initiate cold shutdown, terminating all running tasks!");
    this.#say(`worker: Warm shutdown (MainProcess pid ${pid})`);
    this.#how = "warm";
    void this.#worker.stop({ how: "warm", signal, exitCode: interrupted ? exitCodes.failure : exitCodes.ok });
  }

  #cold(signal: Signal): void {
    this.#how = "cold";
    if (signal === "SIGINT") this.#say("worker: Hitting Ctrl+C again will terminate all running tasks!");
    this.#say(`worker: Cold shutdown (MainProcess pid ${pid})`);
    void this.#worker.stop({ how: "cold", signal, exitCode: exitCodes.failure });
  }

  #again(signal: Signal): void {
    if (signal === "SIGTERM") return;
    this.#afterCold++;
    // The first one only ends the wait of a soft shutdown, where there is one.
    if (this.#afterCold === 1 && this.#worker.options.softShutdownMs > 0) {
      void this.#worker.stop({ how: "cold", signal, exitCode: exitCodes.failure });
      return;
    }
    this.#say("worker: Terminated at once; what was running goes back to its queue when its lease is found abandoned");
    process.exit(exitCodes.failure);
  }

  #say(text: string): void {
    this.#io.stderr.write(`\n${text}\n`);
  }
}
