import {
  isNoScript,
  type RedisArgument,
  type RedisConnection,
  type RedisReply,
  scriptCommand,
} from "../../stores/redis/redis-connection.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import type { RedisScript } from "../../stores/redis/redis-script.ts";

interface Call {
  readonly script: RedisScript;
  readonly keys: readonly string[];
  readonly args: readonly RedisArgument[];
  readonly resolve: (reply: RedisReply) => void;
  readonly reject: (error: unknown) => void;
}

/** Runs scripts; those asked for in one turn of the event loop leave in one write. */
export class ScriptTurn {
  readonly #connection: RedisConnection;
  #calls: Call[] = [];

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** Resolves to what the script gives. @throws RedisFailure */
  run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<RedisReply> {
    return new Promise((resolve, reject) => {
      if (this.#calls.push({ script, keys, args, resolve, reject }) === 1) queueMicrotask(this.#flush);
    });
  }

  readonly #flush = async (): Promise<void> => {
    const calls = this.#calls;
    this.#calls = [];
    const replies = await this.#connection.send(calls.map(({ script, keys, args }) => scriptCommand(script, keys, args)));
    for (const [i, { script, keys, args, resolve, reject }] of calls.entries()) {
      const reply = replies[i];
      if (isNoScript(reply)) this.#connection.run(script, keys, args).then(resolve, reject);
      else if (reply instanceof RedisFailure) reject(reply);
      else resolve(reply ?? null);
    }
  };
}
