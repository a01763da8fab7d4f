// The options of the Redis broker: kombu's by their names, in either spelling, and Celeriac's own. They must be the same in all programs of one cluster.
import type { OptionReader } from "../../stores/redis/option-reader.ts";

/** How the broker uses its Redis. */
export interface RedisBrokerOptions {
  /** Put before every key and channel. @default none */
  readonly keyPrefix: string;
  /** Put before fanout channels. @default "/{db}." */
  readonly fanoutPrefix: string;
  /** Whether the routing key is part of a fanout channel. @default true */
  readonly fanoutPatterns: boolean;
  /** The priorities that have a list of their own, lowest number first. @default [0, 3, 6, 9] */
  readonly prioritySteps: readonly number[];
  /** Stands between the parts of names. @default "\x06\x16" */
  readonly separator: string;
  readonly unackedKey: string;
  readonly unackedIndexKey: string;
  readonly unackedMutexKey: string;
  readonly unackedMutexExpireMs: number;
  /** After so long Python's workers, and ours for their entries, take an unacknowledged message for lost. @default one hour */
  readonly visibilityTimeoutMs: number;
  /** How many entries of Python's are restored in one sweep; 0: no limit. */
  readonly restoreLimit: number;
  /** How the queues of a consumer take turns. @default "round_robin" */
  readonly queueOrder: "round_robin" | "sorted" | "priority";
  /** A process of ours that has shown no sign of life for so long is taken for dead, and what it held is delivered again. @default one minute */
  readonly leaseMs: number;
}

const KOMBU_STEPS = [0, 3, 6, 9];
const DEFAULT_LEASE_MS = 60_000;
const SHORTEST_LEASE_MS = 300;

/** Reads the options; problems are added to the reader. */
export function readBrokerOptions(reader: OptionReader, database: number): RedisBrokerOptions {
  const steps = reader.wholes("priority_steps") ?? KOMBU_STEPS;
  const leaseMs = reader.milliseconds("lease") ?? DEFAULT_LEASE_MS;
  if (leaseMs < SHORTEST_LEASE_MS)
    reader.problems.push(`expected the option lease to be at least ${SHORTEST_LEASE_MS} ms, got: ${leaseMs} ms`);
  const mutexSeconds = reader.milliseconds("unacked_mutex_expire");
  const visibilityTimeoutMs = reader.milliseconds("visibility_timeout") ?? 3_600_000;
  if (visibilityTimeoutMs < 1000)
    reader.problems.push(`expected the option visibility_timeout to be at least one second, got: ${visibilityTimeoutMs} ms`);
  const order = reader.text("queue_order_strategy") ?? "round_robin";
  if (order !== "round_robin" && order !== "sorted" && order !== "priority")
    reader.problems.push(`expected the option queue_order_strategy to be round_robin, sorted or priority, got: ${JSON.stringify(order)}`);
  return {
    keyPrefix: reader.text("global_keyprefix") ?? "",
    fanoutPrefix: readFanoutPrefix(reader, database),
    fanoutPatterns: reader.flag("fanout_patterns") ?? true,
    prioritySteps: [...new Set([...steps, 0])].toSorted((a, b) => a - b),
    separator: reader.text("sep") ?? "\x06\x16",
    unackedKey: reader.text("unacked_key") ?? "unacked",
    unackedIndexKey: reader.text("unacked_index_key") ?? "unacked_index",
    unackedMutexKey: reader.text("unacked_mutex_key") ?? "unacked_mutex",
    unackedMutexExpireMs: mutexSeconds ?? 300_000,
    visibilityTimeoutMs,
    restoreLimit: reader.whole("unacked_restore_limit", 0) ?? 0,
    queueOrder: order === "sorted" || order === "priority" ? order : "round_robin",
    leaseMs,
  };
}

/** False takes the prefix away, a text replaces it. */
function readFanoutPrefix(reader: OptionReader, database: number): string {
  const given = reader.raw("fanout_prefix");
  const standard = `/${database}.`;
  if (given === undefined || given === true || given === "true") return standard;
  if (given === false || given === "false") return "";
  if (typeof given === "string") return given;
  reader.problems.push(`expected the option fanout_prefix to be true, false or a text such as "/{db}.", got: ${JSON.stringify(given)}`);
  return standard;
}
