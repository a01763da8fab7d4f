// A task that fails is tried again by itself, and waits twice as long each time. Another one runs out of tries.
import { Celeriac } from "celeriac";
import { Worker } from "celeriac/worker";

const app = new Celeriac("shop", { broker: "memory://" });

class Unavailable extends Error {}

const price = app.task(
  "shop.price",
  { autoretryFor: [Unavailable], maxRetries: 5, retryBackoff: "20ms", retryJitter: false },
  function (article: string) {
    const attempt = this.request.retries + 1;
    if (attempt < 4) {
      console.log(`${article}, try ${attempt}: not available, next try in ${20 * 2 ** this.request.retries} ms`);
      throw new Unavailable(article);
    }
    console.log(`${article}, try ${attempt}: there it is`);
    return 42;
  },
);

// `throws` says that the error is an expected one: the worker does not log it as a fault.
const stock = app.task(
  "shop.stock",
  { autoretryFor: [Unavailable], maxRetries: 1, retryBackoff: "20ms", throws: [Unavailable] },
  function (article: string): number {
    console.log(`${article}, try ${this.request.retries + 1}: not available`);
    throw new Unavailable(`nobody knows about ${article}`);
  },
);

await using worker = new Worker(app, { pool: "async" });
await worker.start();

console.log("price:", await (await price.delay("tea")).get({ timeout: "20s" }));

const failed = await stock.delay("tea");
await failed.get({ timeout: "20s" }).catch((error: Error) => console.log("given up:", error.message));
console.log("state:", await failed.state());

await worker.stop();
await app.close();
