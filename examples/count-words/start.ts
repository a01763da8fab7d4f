// Counts the words of every text file of a folder, in several processes: `npm start -- DIR`.
// It starts a worker with children on a SQLite file, sends one task a file, shows how they end, and prints the sum.
import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "celeriac/worker";

const folder = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, "../../docs"));
const scratch = await mkdtemp(path.join(tmpdir(), "count-words-"));
process.env["CELERIAC_BROKER_URL"] = `sqlite://${path.join(scratch, "tasks.db")}`;
const { app, summarise } = await import("./tasks.ts");

const files = await textFilesIn(folder);
const children = Math.max(2, Math.min(4, availableParallelism()));
console.log(`${files.length} text files in ${folder}; a worker with ${children} child processes on ${String(app.conf.brokerUrl)}`);

const worker = new Worker(app, {
  pool: "prefork",
  concurrency: children,
  appModule: new URL("./tasks.ts", import.meta.url).href,
  loglevel: "error",
});
await worker.start();

const results = await summarise.sendMany(files.map((file, index): [string, boolean] => [file, index === 0]));
let words = 0;
let ended = 0;
const width = String(files.length).length;
await Promise.all(
  results.map(async (result, index) => {
    const summary = await result.get({ timeout: "5m" });
    words += summary.words;
    ended += 1;
    const again = summary.retries > 0 ? `  (after ${summary.retries} retry)` : "";
    const name = path.relative(folder, files[index] ?? "");
    console.log(
      `${String(ended).padStart(width)}/${files.length}  ${summary.digest.slice(0, 12)}  ${String(summary.words).padStart(8)} words  child ${summary.pid}  ${name}${again}`,
    );
  }),
);

await worker.stop();
await app.close();
await rm(scratch, { recursive: true });
console.log(`files ${files.length} words ${words}`);

/** Every file below a folder that holds text: no NUL byte in its first 8 KiB. */
async function textFilesIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const isText = await Promise.all(found.map(looksLikeText));
  return found.filter((_, index) => isText[index]).sort();
}

async function looksLikeText(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(8192), 0, 8192, 0);
    return !buffer.subarray(0, bytesRead).includes(0);
  } finally {
    await handle.close();
  }
}
