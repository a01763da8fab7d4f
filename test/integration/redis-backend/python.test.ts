// Python's Celery reads what the backend stored, and the backend reads what Python stored: values, states, exceptions, groups and members of chords.
import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { Backend } from "../../../src/backend/backend.ts";
import { createDocumentCodec } from "../../../src/backend/document-codec.ts";
import { createBackendDriver } from "../../../src/backends/redis/index.ts";
import { decodeException, encodeException } from "../../../src/protocol/exception-record.ts";
import { groupTuple, taskTuple } from "../../../src/protocol/result-tuple.ts";
import type { ResultMeta } from "../../../src/protocol/result-meta.ts";
import { SerializerRegistry } from "../../../src/serialization/serializer-registry.ts";
import { runPython } from "../../support/services/python-celery.ts";
import { redisClient, redisUrl, removeRedisKeys } from "../../support/services/redis.ts";

const DATABASE = 9;
const prefix = `celeriac-python-${randomUUID()}`;
const registry = new SerializerRegistry();

const PREAMBLE = `
import json, sys
from celery import Celery, states
from celery.result import AsyncResult, GroupResult
from celery.exceptions import ChordError
url, prefix, serializer = sys.argv[1:4]
app = Celery("peer", broker="memory://", backend=url)
app.conf.update(result_backend_transport_options={"global_keyprefix": prefix}, result_serializer=serializer, accept_content=[serializer], result_expires=3600)
backend = app.backend
if prefix.encode() not in backend.task_keyprefix: # Before 5.3 the backend did not know the option.
    backend.task_keyprefix = f"{prefix}_".encode() + backend.task_keyprefix
    backend.group_keyprefix = f"{prefix}_".encode() + backend.group_keyprefix
`;

/** Runs a program beside a Celery app on the same backend; resolves to the JSON that it prints. */
async function python(program: string, ...args: readonly string[]): Promise<unknown> {
  return JSON.parse(await runPython(PREAMBLE + program, redisUrl(DATABASE), prefix, "json", ...args));
}

function backendOf(serializer = "json"): Backend {
  return new Backend({
    driver: createBackendDriver(),
    url: redisUrl(DATABASE),
    options: { global_keyprefix: prefix },
    codec: createDocumentCodec({ registry, serializer, accept: registry.acceptList([serializer]) }),
    expiresMs: 3_600_000,
  });
}

function metaOf(taskId: string, status: string, result: unknown): ResultMeta {
  return { taskId, status, result, traceback: null, children: [], dateDone: new Date().toISOString().replace("Z", "+00:00") };
}

afterAll(() => removeRedisKeys(prefix, DATABASE));

const VALUES: readonly unknown[] = [5, -1.5, true, null, 'grün 🌱 \u0000 "quoted"', [1, [2, { a: null }]], { clé: { n: 1 }, list: [] }, ""];

describe("results in Redis, beside Python", () => {
  it("are read by Python: values of every kind, and their states", async () => {
    await using backend = backendOf();
    const ids = VALUES.map(() => randomUUID());
    await Promise.all(VALUES.map((value, i) => backend.storeMeta(metaOf(ids[i] ?? "", "SUCCESS", value))));
    const read = await python(
      `print(json.dumps([[AsyncResult(id).state, AsyncResult(id).get(timeout=5)] for id in sys.argv[4:]]))`,
      ...ids,
    );
    expect(read).toEqual(VALUES.map((value) => ["SUCCESS", value]));
  });

  it("are read from Python: values of every kind, and their states", async () => {
    await using backend = backendOf();
    const ids = VALUES.map(() => randomUUID());
    await python(
      `
for id, value in zip(sys.argv[5:], json.loads(sys.argv[4])): backend.store_result(id, value, states.SUCCESS)
print("true")`,
      JSON.stringify(VALUES),
      ...ids,
    );
    const metas = await backend.getMany(ids);
    expect(metas.map(({ status, result }) => [status, result])).toEqual(VALUES.map((value) => ["SUCCESS", value]));
  });

  it("raise in Python what was thrown here, by its own class where it has one", async () => {
    await using backend = backendOf();
    class PaymentError extends Error {
      override readonly name = "PaymentError";
    }
    const thrown = [new TypeError("no such thing"), new RangeError("too far"), new PaymentError("card 💳 refused")];
    const ids = thrown.map(() => randomUUID());
    await Promise.all(thrown.map((error, i) => backend.storeMeta(metaOf(ids[i] ?? "", "FAILURE", encodeException(error)))));
    const raised = await python(
      `
out = []
for id in sys.argv[4:]:
    try: AsyncResult(id).get(timeout=5)
    except Exception as error: out.append([type(error).__name__, [str(a) for a in error.args], isinstance(error, TypeError)])
print(json.dumps(out))`,
      ...ids,
    );
    expect(raised).toEqual([
      ["TypeError", ["no such thing"], true],
      [expect.any(String), [expect.stringContaining("too far")], false],
      ["PaymentError", ["card 💳 refused"], false],
    ]);
  });

  it("bring Python's exceptions here, with their class, arguments and traceback", async () => {
    await using backend = backendOf();
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    await python(
      `
class Custom(Exception): pass
for id, error in zip(sys.argv[4:], [ValueError("bad", 3), Custom("own"), KeyError("k")]):
    backend.store_result(id, error, states.FAILURE, traceback="Traceback ...")
print("true")`,
      ...ids,
    );
    const metas = await backend.getMany(ids);
    expect(metas.map(({ status, traceback }) => [status, traceback])).toEqual(ids.map(() => ["FAILURE", "Traceback ..."]));
    expect(metas.map(({ result }) => (result as { exc_type: string }).exc_type)).toEqual(["ValueError", "Custom", "KeyError"]);
    expect(metas.map(({ result }) => decodeException(result).message)).toEqual([
      expect.stringContaining("bad"),
      expect.stringContaining("own"),
      expect.stringContaining("k"),
    ]);
  });

  it("end a wait in Python when they are stored here, and here when they are stored in Python", async () => {
    await using backend = backendOf();
    const [mine, theirs] = [randomUUID(), randomUUID()];
    const waited = backend.wait(theirs, { timeoutMs: 20_000 });
    // Python says by a STARTED of its own that it waits; then its result is stored, and it answers by storing ours.
    const waits = python(
      `
result = AsyncResult(sys.argv[4])
backend.result_consumer.start(result.id)
value = result.get(timeout=20)
backend.store_result(sys.argv[5], [value], states.SUCCESS)
print("true")`,
      mine,
      theirs,
    );
    const client = redisClient(DATABASE);
    try {
      const channel = `${prefix}_celery-task-meta-${mine}`;
      await expect.poll(async () => (await client.pubsub("NUMSUB", channel))[1], { timeout: 20_000 }).toBe(1);
    } finally {
      client.disconnect();
    }
    await backend.storeMeta(metaOf(mine, "PROGRESS", { half: true }));
    await backend.storeMeta(metaOf(mine, "SUCCESS", "the value"));
    await waits;
    expect((await waited).result).toEqual(["the value"]);
  });

  it("stand against a later state, whichever side stored the SUCCESS and whichever the other", async () => {
    await using backend = backendOf();
    const [mine, theirs] = [randomUUID(), randomUUID()];
    await backend.storeMeta(metaOf(mine, "SUCCESS", 1));
    await python(
      `
backend.store_result(sys.argv[4], 2, states.FAILURE)
backend.store_result(sys.argv[5], 1, states.SUCCESS)
print("true")`,
      mine,
      theirs,
    );
    await backend.storeMeta(metaOf(theirs, "REVOKED", null));
    const metas = await backend.getMany([mine, theirs]);
    expect(metas.map(({ status, result }) => [status, result])).toEqual([
      ["SUCCESS", 1],
      ["SUCCESS", 1],
    ]);
  });

  it("stand against a later state where Python serialises with msgpack or YAML", async () => {
    for (const serializer of ["msgpack", "yaml"]) {
      await using backend = backendOf(serializer);
      const [done, failed] = [randomUUID(), randomUUID()];
      const stored = runPython(
        `${PREAMBLE}
backend.store_result(sys.argv[4], {"count": 1}, states.SUCCESS)
backend.store_result(sys.argv[5], {"count": 1}, states.RETRY)
print("true")`,
        redisUrl(DATABASE),
        prefix,
        serializer,
        done,
        failed,
      );
      const missing = await stored.then(
        () => undefined,
        (error: Error) => error,
      );
      if (missing !== undefined) {
        // A Python without that serialiser: what it would have stored is written as it would have been.
        expect(missing.message).toMatch(/No module|not installed|ImproperlyConfigured|disabled|EncodeError|Serializer/);
        continue;
      }
      await backend.storeMeta(metaOf(done, "FAILURE", null));
      await backend.storeMeta(metaOf(failed, "SUCCESS", 2));
      await backend.storeMeta(metaOf(failed, "FAILURE", null));
      const metas = await backend.getMany([done, failed]);
      expect(metas.map(({ status, result }) => [status, result])).toEqual([
        ["SUCCESS", { count: 1 }],
        ["SUCCESS", 2],
      ]);
    }
  });

  it("of groups are restored on the other side", async () => {
    await using backend = backendOf();
    const [mine, theirs, a, b] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await backend.groups.save(mine, groupTuple(mine, [taskTuple(a), taskTuple(b)]));
    const restored = await python(
      `
GroupResult(sys.argv[5], [AsyncResult(id) for id in sys.argv[6:]]).save()
print(json.dumps([r.id for r in GroupResult.restore(sys.argv[4], backend=backend)]))`,
      mine,
      theirs,
      a,
      b,
    );
    expect(restored).toEqual([a, b]);
    expect(await backend.groups.restore(theirs)).toEqual(groupTuple(theirs, [taskTuple(a), taskTuple(b)]));
  });

  it("of a chord's members are counted and read together, whichever side ran them", async () => {
    await using backend = backendOf();
    const [group, first, second, third] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await python(
      `
key = backend.get_key_for_group(sys.argv[4], ".j")
backend.set_chord_size(sys.argv[4], 3)
backend.client.zadd(key, {backend.encode([1, sys.argv[5], states.SUCCESS, {"from": "python"}]): 1})
print("true")`,
      group,
      first,
    );
    const part = { groupId: group, status: "SUCCESS", result: '{"from":"node"}' };
    expect(await backend.chords.addPart({ ...part, taskId: second, groupIndex: 0 })).toEqual({ count: 2, size: 3 });
    // Redelivered after Python had run it: it counts once.
    expect(await backend.chords.addPart({ ...part, taskId: first, groupIndex: 1 })).toEqual({ count: 2, size: 3 });
    const failure = JSON.stringify(encodeException(new TypeError("third")));
    expect(await backend.chords.addPart({ groupId: group, taskId: third, groupIndex: 2, status: "FAILURE", result: failure })).toEqual({
      count: 3,
      size: 3,
    });
    const read = await python(
      `
key = backend.get_key_for_group(sys.argv[4], ".j")
out = []
for member in backend.client.zrange(key, 0, -1):
    try: out.append(backend._unpack_chord_result(member, backend.decode))
    except ChordError as error: out.append(str(error))
print(json.dumps(out))`,
      group,
    );
    expect(read).toEqual([{ from: "node" }, { from: "node" }, expect.stringContaining(`Dependency ${third} raised TypeError('third'`)]);
    expect((await backend.chords.parts(group)).map(({ taskId, groupIndex, status }) => [taskId, groupIndex, status])).toEqual([
      [second, 0, "SUCCESS"],
      [first, 1, "SUCCESS"],
      [third, 2, "FAILURE"],
    ]);
    await backend.chords.forget(group);
  });
});
