// What Celery 5.6.3 did to Redis while it stored results was captured (test/fixtures/wire). Given the same documents, the backend does the same: it writes
// the same keys with the same bytes and expiries, tells of the same bytes on the same channels, in the same order.
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BackendConnection } from "../../../src/backend/contract.ts";
import { decodeChordMember } from "../../../src/backends/redis/chord-member.ts";
import { createBackendDriver } from "../../../src/backends/redis/index.ts";
import { captured, fixtureNames } from "../../interop/wire-fixtures.ts";
import { startPrivateRedis } from "../../support/services/private-redis.ts";
import type { PrivateRedis } from "../../support/services/start-redis.ts";

type Command = readonly string[];
interface Stored {
  readonly type: string;
  readonly value: string | readonly (readonly [string, number])[];
}

const WRITES = new Set(["SET", "SETEX", "PSETEX", "PUBLISH", "ZADD", "ZREM", "RPUSH", "LREM", "EXPIRE", "PEXPIRE", "DEL"]);
const OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // As the fixture was captured: a prefix, no expiry, members in a list.
  "redis.result.noexpire-prefix-list": { global_keyprefix: "myapp", result_chord_ordered: false },
};

const fixtures = fixtureNames(/^redis\.result\./)
  .map((name) => ({ name, ...(captured(name) as { backend_commands?: readonly Command[]; stored?: Readonly<Record<string, Stored>> }) }))
  .filter(({ backend_commands: commands }) => commands !== undefined);

let redis: PrivateRedis;
let watcher: Redis;
let monitor: Awaited<ReturnType<Redis["monitor"]>>;
let seen: Command[] = [];

beforeAll(async () => {
  redis = await startPrivateRedis();
  watcher = new Redis(redis.url);
  monitor = await watcher.monitor();
  monitor.on("monitor", (_time: string, command: string[]) => void seen.push(command.map(unescape)));
});
afterEach(() => watcher.flushall());
afterAll(async () => {
  monitor.disconnect();
  watcher.disconnect();
  await redis.close();
});

describe("the commands of the Redis backend", () => {
  it("are compared with as many fixtures as were captured", () => expect(fixtures.length).toBeGreaterThan(30));

  it.each(fixtures)("are Celery's in $name", async ({ name, backend_commands: commands = [], stored = {} }) => {
    const connection = await createBackendDriver().open({ url: redis.url, options: OPTIONS[name] ?? {} });
    seen = [];
    for (const [i, command] of commands.entries()) await replay(connection, command, commands.slice(i + 1));
    await connection.close();
    await watcher.echo("the end");
    await expect.poll(() => seen.some(([, word]) => word === "the end")).toBe(true);
    expect(writesOf(seen)).toEqual(writesOf(commands));
    await compareStored(stored, commands);
  });
});

/** MONITOR shows a backslash as two. */
function unescape(argument: string): string {
  return argument.replaceAll("\\\\", "\\");
}

/** Does by the contract what Celery did when it sent a command. */
async function replay(connection: BackendConnection, [name = "", key = "", ...args]: Command, next: readonly Command[]): Promise<void> {
  const id = key.replace(/^.*celery-task(?:set)?-meta-/, "").replace(/\.[jts]$/, "");
  const expiresMs = name === "SETEX" ? Number(args[0]) * 1000 : null;
  const document = args.at(-1) ?? "";
  if (name === "SET" || name === "SETEX") {
    if (key.endsWith(".s")) await connection.setChordSize(id, Number(document), expiresMs);
    else if (key.includes("taskset-meta-")) await connection.saveGroup(id, document, expiresMs);
    else await connection.store([{ taskId: id, status: (JSON.parse(document) as { status: string }).status, document, expiresMs }]);
  }
  if (name === "ZADD" || name === "RPUSH") {
    const member = decodeChordMember(Buffer.from(document));
    const expire = next.find(([at, of]) => at === "EXPIRE" && of === key);
    const part = { groupId: id, groupIndex: name === "ZADD" ? Number(args[0]) : null, ...member };
    await connection.addChordPart(part, expire === undefined ? null : Number(expire[2]) * 1000);
  }
  if (name === "DEL" && key.endsWith(".j")) await connection.forgetChord(id);
}

/** Every writing command with what it writes; a DEL of several keys is as many of one. */
function writesOf(commands: readonly Command[]): readonly Command[] {
  return commands.flatMap(([name = "", ...args]) => {
    const upper = name.toUpperCase();
    if (!WRITES.has(upper)) return [];
    return upper === "DEL" ? args.map((key) => [upper, key]) : [[upper, ...args]];
  });
}

async function compareStored(stored: Readonly<Record<string, Stored>>, commands: readonly Command[]): Promise<void> {
  for (const [key, { type, value }] of Object.entries(stored)) {
    if (type !== "string" || !commands.some(([name = "", at]) => name.startsWith("SET") && at === key)) continue;
    expect(await watcher.get(key), key).toBe(value);
  }
}
