// What the parts of an app share. The app's own class is made of it and offers it; the parts never see that class.
import type { Configuration } from "../config/configuration.ts";
import type { ResolvedSettings } from "../config/settings.ts";
import type { Hooks } from "../hooks/hooks.ts";
import type { ErrorClasses } from "../protocol/error-classes.ts";
import type { SerializerRegistry } from "../serialization/serializer-registry.ts";
import type { TaskRegistry } from "../task/task-registry.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";
import type { Connections } from "./connections.ts";
import type { Queues } from "./queues.ts";
import type { CompiledRoutes } from "./route-map.ts";

/** The parts of one app. */
export interface AppContext {
  readonly name: string;
  readonly config: Configuration;
  /** The settings as they are now. */
  readonly conf: ResolvedSettings;
  readonly hooks: Hooks;
  readonly tasks: TaskRegistry;
  readonly serializers: SerializerRegistry;
  readonly errorClasses: ErrorClasses;
  readonly queues: Queues;
  readonly routes: CompiledRoutes;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Who sends, as in the header `origin`. */
  readonly origin: string;
  /** Names this app in this process, as in the property `reply_to`. */
  readonly oid: string;
}
