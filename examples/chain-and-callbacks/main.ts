// What follows a task: the next step of a chain, a callback after success, an errback after failure.
import { Celeriac, chain } from "celeriac";
import { Worker } from "celeriac/worker";

const app = new Celeriac("letters", { broker: "memory://" });

const words = app.task("letters.words", (text: string) => text.split(" "));
const longest = app.task("letters.longest", (list: string[]) => list.reduce((a, b) => (b.length > a.length ? b : a)));
const shout = app.task("letters.shout", (word: string, mark: string) => word.toUpperCase() + mark);

const done = Promise.withResolvers<void>();
const failed = Promise.withResolvers<void>();
const report = app.task("letters.report", (word: string) => {
  console.log("callback was given:", word);
  done.resolve();
});
// More than one parameter: it is called where the task failed, with the call and its error.
const complain = app.task("letters.complain", (request: { readonly task: string }, error: Error) => {
  console.log(`errback was given: ${request.task} failed with ${error.name}: ${error.message}`);
  failed.resolve();
});

await using worker = new Worker(app, { pool: "async", loglevel: "fatal" });
await worker.start();

// Each step is called with what the one before gave; its own arguments come behind.
const flow = chain(words.s("to err is human"), longest.s(), shout.s("!"));
const result = await flow.link(report.s()).delay();
const word = await result.get({ timeout: "20s" });
await done.promise;
console.log("chain gave:", word);
console.log("the step before gave:", await result.parent?.get());

// A list that is empty has no longest word. The step behind it does not run, and has the same error.
const broken = await chain(longest.s([]), shout.s("?")).onError(complain.s()).delay();
await failed.promise;
await broken.get({ timeout: "20s" }).catch((error: Error) => console.log("chain failed:", error.name));

await worker.stop();
await app.close();
