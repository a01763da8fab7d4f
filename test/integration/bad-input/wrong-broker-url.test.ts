// A broker URL that cannot be right: a caller and a worker say so and exit 1, and nothing is made on the disk.
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { Rig } from "./rig.ts";

it.each([
  [
    "a scheme that no driver has",
    "redsi://localhost/0",
    /the broker URL redsi:\/\/localhost\/0 cannot be used: no driver is known for redsi:\/\/.*sqlite:\/\//,
  ],
  ["a path", "/var/lib/shop.db", /expected a URL, got a path; for a SQLite file write sqlite:\/\/\/var\/lib\/shop\.db/],
  ["one slash", "sqlite:/tasks.db", /sqlite:\/tasks\.db cannot be used: expected it to look like sqlite:\/\/path\/to\/file\.db/],
  ["no file", "sqlite://", /it names no file; write sqlite:\/\/path\/to\/file\.db/],
  [
    "an option that no store has",
    "sqlite://tasks.db?synchronus=full",
    /"synchronus" is no option of a SQLite store; did you mean synchronous\?/,
  ],
  ["a password, which is not shown", "amqpx://ada:hunter2@localhost//", /no driver is known for amqpx:\/\//],
])("is refused with the reason: %s", async (_what, broker, sentence) => {
  await using rig = new Rig();
  const call = await rig.run(["call", "bad.add", "-a", "[1, 2]"], { broker });
  expect([call.code, call.stderr, call.stdout]).toEqual([1, expect.stringMatching(sentence), ""]);
  expect(call.stderr).not.toMatch(/hunter2|\n +at /);
  expect(readdirSync(rig.folder)).toEqual([]);
});

it("ends a worker too, which neither tries again nor shows the password", async () => {
  await using rig = new Rig();
  const worker = await rig.run(["worker"], { broker: "amqpx://ada:hunter2@localhost//" });
  expect([worker.code, worker.stderr]).toEqual([1, expect.stringMatching(/no driver is known for amqpx:\/\//)]);
  expect(worker.stderr + worker.stdout).not.toMatch(/hunter2|\n +at /);
});
