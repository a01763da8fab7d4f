// Names of results as JSON: `[[id, parent], null]` for a task, `[[id, parent], members]` for a group. Used for children, saved groups and `asTuple`.
import { SerializationError } from "../errors/celeriac-error.ts";
import { shown } from "./message-invalid.ts";
import type { ResultTuple } from "./result-meta.ts";

/** JSON itself, here and in Python, allows about this much. */
const DEEPEST = 450;

/** The name of a task's result. */
export function taskTuple(id: string, parent: ResultTuple | null = null): ResultTuple {
  return [[id, parent], null];
}

/** The name of a group's result. */
export function groupTuple(id: string, members: readonly ResultTuple[], parent: ResultTuple | null = null): ResultTuple {
  return [[id, parent], members];
}

/** Reads a result's name; a bare id is a task's. @throws SerializationError where it is none */
export function parseResultTuple(value: unknown, path = "result", level = 0): ResultTuple {
  if (typeof value === "string") return taskTuple(value);
  if (level > DEEPEST) throw wrong(path, `result names nested at most ${DEEPEST} deep`, value);
  if (!Array.isArray(value) || value.length !== 2) throw wrong(path, "[[id, parent], members]", value);
  const [head, members = null] = value as readonly unknown[];
  const [id, parent = null] = Array.isArray(head) ? (head as readonly unknown[]) : [head];
  if (typeof id !== "string") throw wrong(`${path}[0][0]`, "an id", id);
  if (members !== null && !Array.isArray(members)) throw wrong(`${path}[1]`, "a list of results or null", members);
  return [
    [id, parent === null ? null : parseResultTuple(parent, `${path}[0][1]`, level + 1)],
    members === null ? null : members.map((member, i) => parseResultTuple(member, `${path}[1][${i}]`, level + 1)),
  ];
}

/** The document of a saved group. */
export function savedGroupDocument(group: ResultTuple): { readonly result: ResultTuple } {
  return { result: group };
}

/** Reads the document of a saved group. @throws SerializationError where it is none */
export function parseSavedGroup(document: unknown): ResultTuple {
  if (typeof document !== "object" || document === null || !("result" in document))
    throw wrong("a saved group", "an object with a result", document);
  return parseResultTuple(document.result);
}

function wrong(path: string, expected: string, value: unknown): SerializationError {
  return new SerializationError("CELERIAC_DECODE_FAILED", {
    contentType: "a result's name",
    reason: `expected ${path} to be ${expected}, got: ${shown(value)}`,
  });
}
