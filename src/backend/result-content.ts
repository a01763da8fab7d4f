import type { SerializerRegistry } from "../serialization/serializer-registry.ts";
import type { AcceptList } from "../serialization/serializer.ts";

/** How an app writes and reads results: for drivers that send them as messages, which say what they hold. */
export interface ResultContent {
  readonly serializers: SerializerRegistry;
  /** The setting `resultSerializer`. */
  readonly serializer: string;
  /** The setting `resultAcceptContent`, or `acceptContent` where that is not set. */
  readonly accept: AcceptList;
  /** The setting `resultCompression`. @default none */
  readonly compression?: string | undefined;
  /** The setting `resultPersistent`: results outlive a restart of the broker. @default false */
  readonly persistent?: boolean | undefined;
}
