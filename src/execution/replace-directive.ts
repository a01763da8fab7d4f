import { TaskDirective } from "../errors/directives.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";

/** Thrown by `throw this.replace(signature)`: the signature takes the task's place under the same id. Its kind is that of Ignore: nothing is stored for this run. */
export class Replace extends TaskDirective {
  readonly kind = "ignore" as const;
  /** What runs in the task's place. */
  readonly replacement: SignatureRecord;

  constructor(replacement: SignatureRecord) {
    super(`replaced by ${replacement.task}`);
    this.replacement = replacement;
  }
}
