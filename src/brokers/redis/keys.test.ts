import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "vitest";
import { OptionReader } from "../../stores/redis/option-reader.ts";
import { readBrokerOptions } from "./broker-options.ts";
import { Keys, kombuPattern } from "./keys.ts";

const keysOf = (given: Readonly<Record<string, unknown>> = {}): Keys => new Keys(readBrokerOptions(new OptionReader(given), 4));

describe("keys", () => {
  it("are kombu's", () => {
    const keys = keysOf();
    deepEqual(keys.lists("celery"), ["celery", "celery\x06\x163", "celery\x06\x166", "celery\x06\x169"]);
    deepEqual([keys.unacked, keys.index, keys.mutex], ["unacked", "unacked_index", "unacked_mutex"]);
    equal(keys.binding("celery"), "_kombu.binding.celery");
    equal(keys.channel("celeryev", "worker.online"), "/4.celeryev/worker.online");
    equal(keys.channel("celery.pidbox", ""), "/4.celery.pidbox");
  });

  it("have the prefix before everything", () => {
    const keys = keysOf({ globalKeyprefix: "pfx:" });
    deepEqual([keys.list("q", 3), keys.unacked, keys.channel("x", "")], ["pfx:q\x06\x163", "pfx:unacked", "pfx:/4.x"]);
  });

  it("take a priority for the largest step that is not above it", () => {
    const steps = (given: readonly number[], priorities: readonly number[]): readonly number[] =>
      priorities.map((priority) => keysOf({ priority_steps: given }).stepOf(priority));
    deepEqual(steps([0, 3, 6, 9], [-1, 0, 2, 3, 4, 8, 9, 11]), [0, 0, 0, 3, 3, 6, 9, 9]);
    deepEqual(steps([0, 5], [4, 5, 11]), [0, 5, 5]);
  });

  it("split what they join", () => {
    const keys = keysOf();
    deepEqual(keys.splitBinding(keys.bindingMember("a.*", "^a$", "q")), { routingKey: "a.*", pattern: "^a$", queue: "q" });
  });

  // As kombu 5.6 was recorded to write them.
  for (const [key, pattern] of [
    ["a.b", "^a\\.b$"],
    ["a.*", "^a\\..*?[^\\.]$"],
    ["a.#", "^a\\..*?$"],
    ["a-b.c+d", "^a\\-b\\.c\\+d$"],
  ] as const) {
    it(`write the topic ${key} as kombu does`, () => equal(kombuPattern(key), pattern));
  }
});
