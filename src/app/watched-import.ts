// Importing a module of the user's, which may do what no promise tells: end the process, or wait at its top level for something that never
// comes, so that the event loop runs dry. Node ends quietly then, or with lines of ours that nobody can use; this says which module it was.
import { writeSync } from "node:fs";
import { createDeferred } from "../util/deferred.ts";

/** File descriptor of standard error: in a listener of `exit` only what is written at once is written. */
const STDERR = 2;

/**
 * Imports a module; undefined where that can never end. Where the module ends the process, its name is written to standard error, and a
 * process that would have reported success reports failure.
 * @param shown how the module is called in that sentence
 * @throws what the module throws
 */
export async function watchedImport(url: string, shown: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const stuck = createDeferred<undefined>();
  const onDry = (): void => stuck.resolve(undefined);
  const onExit = (code: number): void => {
    if (code === 0) process.exitCode = 1;
    writeSync(STDERR, `celeriac: ${shown} ended the process (process.exit) while it was imported; nothing was done\n`);
  };
  process.once("beforeExit", onDry);
  process.once("exit", onExit);
  try {
    return (await Promise.race([import(url), stuck.promise])) as Readonly<Record<string, unknown>> | undefined;
  } finally {
    process.off("beforeExit", onDry);
    process.off("exit", onExit);
  }
}
