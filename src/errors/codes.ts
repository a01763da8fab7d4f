// The one table of error codes. A code is never used for a second meaning; docs/errors.md lists them all.
import { backendCodes } from "./codes/backend.ts";
import { brokerCodes } from "./codes/broker.ts";
import { configCodes } from "./codes/config.ts";
import { poolCodes } from "./codes/pool.ts";
import { serializationCodes } from "./codes/serialization.ts";
import { taskCodes } from "./codes/task.ts";
import { workerCodes } from "./codes/worker.ts";

type Table = typeof configCodes &
  typeof serializationCodes &
  typeof brokerCodes &
  typeof backendCodes &
  typeof taskCodes &
  typeof poolCodes &
  typeof workerCodes;

/** Every error code of Celeriac with its family, its sentence and whether trying again may help. */
export const codes: Table = {
  ...configCodes,
  ...serializationCodes,
  ...brokerCodes,
  ...backendCodes,
  ...taskCodes,
  ...poolCodes,
  ...workerCodes,
};

/** An error code, such as `"CELERIAC_BROKER_UNAVAILABLE"`. */
export type Code = keyof Table;

/** The structured facts that an error of code `C` carries. */
export type DetailsOf<C extends Code> = Parameters<Table[C]["message"]>[0];
