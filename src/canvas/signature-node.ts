// The one class behind every signature: a frozen record with its sender where neither JSON nor spreading sees it.
import { UsageError } from "../errors/celeriac-error.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { AsyncResult } from "./async-result.ts";
import type { ApplyOptions, SignatureOptions } from "./call-options.ts";
import { chainRecord } from "./chain-record.ts";
import { type FreezeIds, freezeRecord } from "./freeze.ts";
import { type LinkOption, withLinks } from "./links.ts";
import { mergeCall } from "./merge.ts";
import { refuseUnknownOptions, toWireOptions } from "./option-names.ts";
import { toRecord } from "./signature-record-of.ts";
import type { SignatureSender } from "./signature-sender.ts";

/** A signature as an object. Typed from outside as `Signature<Takes, Result>`. */
export class SignatureNode implements SignatureRecord {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly subtask_type: string | null;
  readonly immutable: boolean;
  readonly #sender: SignatureSender | undefined;

  constructor(record: SignatureRecord, sender: SignatureSender | undefined) {
    this.task = record.task;
    this.args = Object.freeze([...record.args]);
    this.kwargs = Object.freeze({ ...record.kwargs });
    this.options = Object.freeze({ ...record.options });
    this.subtask_type = record.subtask_type;
    this.immutable = record.immutable;
    this.#sender = sender;
    Object.freeze(this);
  }

  /** Who sends this value, where it is a signature that knows; undefined otherwise. */
  static senderOf(value: unknown): SignatureSender | undefined {
    return typeof value === "object" && value !== null && #sender in value ? value.#sender : undefined;
  }

  delay(...lead: readonly unknown[]): Promise<AsyncResult<unknown>> {
    return this.applyAsync(lead);
  }

  async applyAsync(lead: readonly unknown[] = [], options: ApplyOptions = {}): Promise<AsyncResult<unknown>> {
    return this.#senderFor("applyAsync()").sendSignature(this.#called(lead, options));
  }

  async apply(lead: readonly unknown[] = [], options: ApplyOptions = {}): Promise<AsyncResult<unknown>> {
    return this.#senderFor("apply()").applySignature(this.#called(lead, options));
  }

  pipe(next: unknown): SignatureNode {
    return new SignatureNode(chainRecord([this, toRecord(next)]), this.#sender ?? SignatureNode.senderOf(next));
  }

  link(callback: unknown): SignatureNode {
    return this.#linked("link", callback);
  }

  linkError(errback: unknown): SignatureNode {
    return this.#linked("link_error", errback);
  }

  onError(errback: unknown): SignatureNode {
    return this.linkError(errback);
  }

  set(options: SignatureOptions): SignatureNode {
    refuseUnknownOptions(options, `a signature of ${this.task}`);
    const { immutable = this.immutable, ...rest } = options;
    return this.#with({ options: { ...this.options, ...toWireOptions(rest) }, immutable });
  }

  freeze(ids: FreezeIds = {}): SignatureNode {
    return new SignatureNode(freezeRecord(this.toJSON(), ids), this.#sender);
  }

  clone(args: readonly unknown[] = [], options: ApplyOptions & SignatureOptions = {}): SignatureNode {
    const { immutable, ...rest } = options;
    const merged = new SignatureNode(this.#called(args, rest), this.#sender);
    return immutable === undefined ? merged : merged.#with({ immutable });
  }

  /** Keys and their order are Python's. */
  toJSON(): SignatureRecord {
    const { task, args, kwargs, options, subtask_type, immutable } = this;
    return { task, args, kwargs, options, subtask_type, immutable };
  }

  #with(changed: Partial<SignatureRecord>): SignatureNode {
    return new SignatureNode({ ...this.toJSON(), ...changed }, this.#sender);
  }

  #linked(option: LinkOption, follower: unknown): SignatureNode {
    return new SignatureNode(withLinks(this.toJSON(), option, [toRecord(follower)]), this.#sender);
  }

  #called(args: readonly unknown[], given: ApplyOptions): SignatureRecord {
    refuseUnknownOptions(given, `a signature of ${this.task}`);
    const { kwargs, ...options } = given;
    return mergeCall(this.toJSON(), { args, kwargs, options: toWireOptions(options) });
  }

  #senderFor(operation: string): SignatureSender {
    if (this.#sender !== undefined) return this.#sender;
    throw new UsageError("CELERIAC_CANVAS", {
      problem: `${operation} needs a signature that belongs to an app; ${this.task} was made from a plain record: use app.signature(record)`,
    });
  }
}
