import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Celeriac } from "celeriac";
import { countWords } from "./count-words.ts";

export const app = new Celeriac("count-words", { broker: process.env["CELERIAC_BROKER_URL"] ?? "sqlite://count-words.db" });

/** What is known of a file after it was read. */
export interface FileSummary {
  readonly digest: string;
  readonly words: number;
  /** The child process that read it. */
  readonly pid: number;
  /** How many tries failed before. */
  readonly retries: number;
}

class NotReadyError extends Error {}

/** Reads a file. `flaky` makes the first try fail on purpose, to show a retry. */
export const summarise = app.task(
  "count.summarise",
  { autoretryFor: [NotReadyError], maxRetries: 3, defaultRetryDelay: "200ms" },
  async function (path: string, flaky: boolean): Promise<FileSummary> {
    if (flaky && this.request.retries === 0) throw new NotReadyError(`${path} is not ready (a failure on purpose: it will be retried)`);
    const bytes = await readFile(path);
    return {
      digest: createHash("sha256").update(bytes).digest("hex"),
      words: countWords(bytes),
      pid: process.pid,
      retries: this.request.retries,
    };
  },
);
