// Signatures as they come from the wire: checked, and with what the sender left out filled in. What is well formed already, which is
// nearly everything, is given back as it is.
import { isRecord, type MessageSubject, messageInvalid, shown } from "./message-invalid.ts";
import type { SignatureRecord } from "./signature-record.ts";

/** Signatures nest: links of links, chains in chords. JSON itself, here and in Python, allows about this much. */
const DEEPEST = 300;
const NO_ARGS: readonly unknown[] = Object.freeze([]);
const NO_FIELDS: Readonly<Record<string, unknown>> = Object.freeze({});

/** What a signature is read for: names its message in errors. */
export type SignatureSubject = MessageSubject;

/**
 * Reads a signature, and those inside it.
 * @param path where it stands, such as `embed.chain[0]`, for errors
 * @throws SerializationError where a field is not what Celery writes
 */
export function parseSignature(value: unknown, path: string, subject: SignatureSubject = {}): SignatureRecord {
  return signature(value, { path, subject, level: 0 });
}

/** Reads a list of signatures, or null; a single one is a list of one. */
export function parseSignatures(value: unknown, path: string, subject: SignatureSubject = {}): readonly SignatureRecord[] | null {
  return value === null || value === undefined ? null : list(value, { path, subject, level: 0 });
}

/** Where a value stands, for errors, and how deep. */
interface Place {
  readonly path: string;
  readonly subject: SignatureSubject;
  readonly level: number;
}

function inside(place: Place, name: string): Place {
  return { path: place.path + name, subject: place.subject, level: place.level + 1 };
}

function signature(value: unknown, place: Place): SignatureRecord {
  if (!isRecord(value)) throw wrong(place, "", "a signature", value);
  if (place.level > DEEPEST) throw messageInvalid(`expected signatures nested at most ${DEEPEST} deep, got deeper ones`, place.subject);
  const { task, immutable } = value;
  const args = value["args"] ?? NO_ARGS;
  const type = value["subtask_type"] ?? null;
  if (typeof task !== "string" || task === "") throw wrong(place, ".task", "the name of a task", task);
  if (!Array.isArray(args)) throw wrong(place, ".args", "an array", args);
  if (type !== null && typeof type !== "string") throw wrong(place, ".subtask_type", "a text or null", type);
  if (typeof (immutable ?? false) !== "boolean") throw wrong(place, ".immutable", "true or false", immutable);
  const kwargs = innerKwargs(
    fields(value["kwargs"], place, ".kwargs"),
    type ?? (task.startsWith("celery.") ? task.slice("celery.".length) : ""),
    place,
  );
  const options = innerOptions(fields(value["options"], place, ".options"), place);
  const isWhole =
    args === value["args"] && kwargs === value["kwargs"] && options === value["options"] && immutable !== undefined && immutable !== null;
  // Every field was looked at above.
  if (isWhole && value["subtask_type"] !== undefined) return value as unknown as SignatureRecord;
  return { ...value, task, args, kwargs, options, subtask_type: type, immutable: immutable === true };
}

/** The signatures inside a canvas: members of chains and groups, header and body of a chord. */
function innerKwargs(kwargs: Fields, kind: string, place: Place): Fields {
  switch (kind) {
    case "chain":
    case "group":
      return replaced(kwargs, "tasks", (value) => list(value, inside(place, ".kwargs.tasks")));
    case "chord": {
      const header = replaced(kwargs, "header", (value) => (isRecord(value) ? signature : list)(value, inside(place, ".kwargs.header")));
      return replaced(header, "body", (value) => signature(value, inside(place, ".kwargs.body")));
    }
    case "map":
    case "starmap":
    case "chunks":
      return replaced(kwargs, "task", (value) => signature(value, inside(place, ".kwargs.task")));
    default:
      return kwargs;
  }
}

function innerOptions(options: Fields, place: Place): Fields {
  const link = replaced(options, "link", (value) => list(value, inside(place, ".options.link")));
  const errors = replaced(link, "link_error", (value) => list(value, inside(place, ".options.link_error")));
  return replaced(errors, "chord", (value) => signature(value, inside(place, ".options.chord")));
}

type Fields = Readonly<Record<string, unknown>>;

function replaced(record: Fields, name: string, read: (value: unknown) => unknown): Fields {
  const value = record[name];
  if (value === undefined || value === null) return record;
  const made = read(value);
  return made === value ? record : { ...record, [name]: made };
}

function list(value: unknown, place: Place): readonly SignatureRecord[] {
  if (isRecord(value)) return [signature(value, place)];
  if (!Array.isArray(value)) throw wrong(place, "", "a list of signatures", value);
  let made: SignatureRecord[] | undefined;
  for (let i = 0; i < value.length; i++) {
    const read = signature(value[i], { ...place, path: `${place.path}[${i}]` });
    // Those before it are well formed, and so were given back as they are.
    if (read !== value[i]) made ??= value.slice(0, i) as SignatureRecord[];
    made?.push(read);
  }
  return made ?? (value as readonly SignatureRecord[]);
}

function fields(value: unknown, place: Place, name: string): Fields {
  const record = value ?? NO_FIELDS;
  if (!isRecord(record)) throw wrong(place, name, "an object", value);
  return record;
}

function wrong(place: Place, name: string, expected: string, value: unknown): Error {
  return messageInvalid(`expected ${place.path}${name} to be ${expected}, got: ${shown(value)}`, place.subject);
}
