import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { AsyncResult } from "./async-result.ts";

/** Who sends signatures: an app. Signatures know no more of it than this, and carry it where no serialisation sees it. */
export interface SignatureSender {
  /** Sends a signature, complete with the arguments and options of the call. */
  sendSignature(signature: SignatureRecord): Promise<AsyncResult<unknown>>;
  /** Executes a signature here and now. */
  applySignature(signature: SignatureRecord): Promise<AsyncResult<unknown>>;
}
