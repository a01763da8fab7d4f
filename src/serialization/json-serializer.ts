import { SerializationError } from "../errors/celeriac-error.ts";
import { bodyText } from "./body-text.ts";
import { readJson } from "./json-reader.ts";
import { UnwritableValue, writeJson } from "./json-writer.ts";
import type { Serializer } from "./serializer.ts";
import type { TypedValues } from "./typed-values.ts";
import { formatPath } from "./value-path.ts";

/** The MIME type of JSON. */
export const JSON_TYPE = "application/json";

/** A serializer whose bodies are texts. */
export interface JsonSerializer extends Serializer {
  encode(value: unknown, names?: readonly string[]): string;
}

/** JSON with kombu's typed values: the default serializer, and the one that every Celery reads. */
export function createJsonSerializer(types: TypedValues): JsonSerializer {
  return {
    name: "json",
    contentType: JSON_TYPE,
    contentEncoding: "utf-8",
    encode(value, names) {
      try {
        return writeJson(value, types);
      } catch (error) {
        throw encodeFailed("json", error, names);
      }
    },
    decode(body) {
      const text = bodyText(body, JSON_TYPE);
      try {
        return readJson(text, types);
      } catch (error) {
        throw decodeFailed(JSON_TYPE, error);
      }
    },
  };
}

/** The error for a value that could not be written. */
export function encodeFailed(serializer: string, error: unknown, names: readonly string[] | undefined): SerializationError {
  const reason = error instanceof UnwritableValue ? describe(error, names) : describeThrown(error);
  return new SerializationError("CELERIAC_ENCODE_FAILED", { serializer, reason }, { cause: error });
}

/** The error for a body that could not be read. */
export function decodeFailed(contentType: string, error: unknown): SerializationError {
  if (error instanceof SerializationError) return error;
  return new SerializationError("CELERIAC_DECODE_FAILED", { contentType, reason: describeThrown(error) }, { cause: error });
}

function describe(error: UnwritableValue, names: readonly string[] | undefined): string {
  return `${formatPath(error.path, names)} ${error.problem}${error.target ? ` ${formatPath(error.target, names)}` : ""}`;
}

function describeThrown(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
