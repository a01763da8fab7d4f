/// <reference lib="esnext.disposable" preserve="true" />
// `celeriac/backend`: what the writer of a backend driver needs, and the facade over it.
export type {
  BackendCapabilities,
  BackendConnection,
  BackendDriver,
  BackendOpenParams,
  ChordPart,
  ChordProgress,
  Document,
  StoreEntry,
  Watch,
} from "../backend/contract.ts";
export { Backend, type BackendParams } from "../backend/backend.ts";
export { createDocumentCodec, type DocumentCodec } from "../backend/document-codec.ts";
