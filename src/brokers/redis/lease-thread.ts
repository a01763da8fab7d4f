// The thread of lease.ts. It goes on by itself whatever the process does, and connects anew when it must: others take the process for dead without it.
// From time to time it also notes again in the index of kombu what the process holds, so that no worker of Python's restores it.
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { openRedisConnection, type RedisConnection } from "../../stores/redis/redis-connection.ts";
import type { LeaseThreadData } from "./lease.ts";
import { RENEW_FIELDS, RENEW_LEASE } from "./scripts/owners.ts";
import { scanFields } from "./scan-fields.ts";

const data = workerData as LeaseThreadData;
/** Long before a worker of Python's may take an entry for lost. */
const FIELDS_EVERY_MS = data.visibilityTimeoutMs / 4;
const LEASE_EVERY_MS = Math.min(data.leaseMs / 3, FIELDS_EVERY_MS);

let connection: RedisConnection | undefined;
let fieldsRenewedAt = performance.now();

async function renew(): Promise<void> {
  if (connection === undefined || connection.lost !== undefined) connection = await openRedisConnection(data.target);
  await connection.run(RENEW_LEASE, [data.ownersKey], [data.owner, data.leaseMs]);
  if (performance.now() - fieldsRenewedAt < FIELDS_EVERY_MS) return;
  fieldsRenewedAt = performance.now();
  for await (const fields of scanFields(connection, data.indexKey, data.owner)) await connection.run(RENEW_FIELDS, [data.indexKey], fields);
}

let failures = 0;
for (;;) {
  try {
    await renew();
    failures = 0;
  } catch (error) {
    connection?.close();
    connection = undefined;
    // Once is nothing: the next try comes before the lease is over.
    if (++failures === 3)
      process.emitWarning(`the lease of this process in Redis cannot be renewed: ${(error as Error).message}`, "CeleriacWarning");
  }
  await sleep(LEASE_EVERY_MS);
}
