/// <reference lib="esnext.disposable" preserve="true" />
// `celeriac/serialization`: serializers and compression, and the values that JSON has no form for.
export { type Compressor, CompressionRegistry } from "../serialization/compression-registry.ts";
export { Decimal } from "../serialization/decimal.ts";
export { ExactDate } from "../serialization/exact-date.ts";
export { PlainDate } from "../serialization/plain-date.ts";
export { PlainTime } from "../serialization/plain-time.ts";
export type { AcceptList, EncodedContent, Serializer } from "../serialization/serializer.ts";
export { SerializerRegistry } from "../serialization/serializer-registry.ts";
export { type TypedValue, TypedValues } from "../serialization/typed-values.ts";
export { Uuid } from "../serialization/uuid.ts";
