import type { BackendLink } from "./backend-link.ts";
import type { DocumentCodec } from "./document-codec.ts";

/** What the parts of a backend facade share. */
export interface BackendAccess {
  readonly codec: DocumentCodec;
  /** How long documents are kept after a write, in milliseconds; null keeps them for ever. */
  readonly expiresMs: number | null;
  /** The link; throws a BackendError where no backend is configured, or it is closed. */
  require(operation: string): BackendLink;
}
