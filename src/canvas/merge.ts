// What a signature's call comes to when arguments and options are given to it: Celery's `Signature._merge`.
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { WireOptions } from "./option-names.ts";

/** Given to a signature by whoever calls it. */
export interface CallAdditions {
  /** Put before the signature's own. */
  readonly args?: readonly unknown[] | undefined;
  /** Put over the signature's own. */
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Put over the signature's own, but for its group and its stamps. */
  readonly options?: WireOptions | undefined;
}

/** The signature with what the call adds. An immutable one takes options only. */
export function mergeCall(record: SignatureRecord, added: CallAdditions): SignatureRecord {
  const options = mergeOptions(record.options, added.options);
  if (record.immutable) return options === record.options ? record : { ...record, options };
  const args = added.args !== undefined && added.args.length > 0 ? [...added.args, ...record.args] : record.args;
  const kwargs = added.kwargs === undefined ? record.kwargs : { ...record.kwargs, ...added.kwargs };
  return { ...record, args, kwargs, options };
}

function mergeOptions(own: WireOptions, added: WireOptions | undefined): WireOptions {
  if (added === undefined) return own;
  const stamped: unknown = own["stamped_headers"];
  const kept = new Set<string>(["group_id", "stamped_headers", ...(Array.isArray(stamped) ? (stamped as string[]) : [])]);
  const merged: Record<string, unknown> = { ...own };
  for (const [name, value] of Object.entries(added)) if (!(kept.has(name) && name in own)) merged[name] = value;
  return merged;
}
