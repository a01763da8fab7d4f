import type { DocumentCodec } from "../backend/document-codec.ts";
import type { ResultContent } from "../backend/result-content.ts";
import { decodeResultMeta, encodeResultMeta } from "../protocol/result-meta-codec.ts";
import type { SerializerRegistry } from "../serialization/serializer-registry.ts";

/** The settings that documents are written and read by. */
export interface CodecSettings {
  readonly resultSerializer: string;
  readonly acceptContent: readonly string[];
  readonly resultAcceptContent: readonly string[] | null;
}

/** What messages with results need beside. */
export interface ContentSettings extends CodecSettings {
  readonly resultCompression: string | null;
  readonly resultPersistent: boolean | null;
}

/** The same, for a backend that sends results as messages. */
export function resultContent(serializers: SerializerRegistry, settings: ContentSettings): ResultContent {
  return {
    serializers,
    serializer: settings.resultSerializer,
    accept: serializers.acceptList(settings.resultAcceptContent ?? settings.acceptContent),
    compression: settings.resultCompression ?? undefined,
    persistent: settings.resultPersistent ?? false,
  };
}

/** How an app's results are written and read: by the setting `resultSerializer`, and only what `resultAcceptContent` names. */
export function createDocumentCodec(serializers: SerializerRegistry, settings: CodecSettings): DocumentCodec {
  const { resultSerializer } = settings;
  const { contentType, contentEncoding } = serializers.find(resultSerializer);
  const accept = serializers.acceptList(settings.resultAcceptContent ?? settings.acceptContent);
  return {
    encode: (meta) => encodeResultMeta(meta, serializers, resultSerializer),
    decode: (body) => decodeResultMeta({ body, contentType, contentEncoding }, serializers, accept),
    encodeValue: (value) => serializers.encode(value, resultSerializer).body,
    decodeValue: (body) => serializers.decode({ body, contentType, contentEncoding }, accept),
  };
}
