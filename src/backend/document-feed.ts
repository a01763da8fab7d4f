import type { BackendLink } from "./backend-link.ts";
import type { Document } from "./contract.ts";

/** Where documents come from while somebody waits for them: pushed by the store, or asked for again and again. */
export interface DocumentFeed {
  /** Delivers the documents of these tasks, the present one first, until they are removed. */
  add(taskIds: readonly string[]): void;
  /** Delivers no more of these. */
  remove(taskIds: readonly string[]): void;
  /** Ends it. */
  close(): void;
}

/** What a feed works with. */
export interface DocumentFeedParams {
  readonly link: BackendLink;
  /** Given each document; the same one may come twice. Must not throw. */
  deliver(taskId: string, document: Document): void;
  /** These tasks cannot be waited for any more. Must not throw. */
  fail(taskIds: readonly string[], error: unknown): void;
}

/** How many documents one read asks for: enough to be quick, few enough not to hold up others. */
export const READ_AT_ONCE = 1000;
