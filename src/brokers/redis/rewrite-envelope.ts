// Changes members of a JSON text in place. Reading an envelope and writing it anew would lose what JavaScript's numbers cannot hold, and Python's tokens
// (NaN); so only the bytes that change are touched. The text was read as JSON before: it is well formed.

import type { Deaths } from "../../broker/contract.ts";
import { DEATHS_HEADER } from "../../broker/death-count.ts";

/** Which marks a message gets that is given back. */
export interface Marks {
  /** Deaths to be noted in the header for them; left as they are where undefined. */
  readonly deaths?: { readonly header: string; readonly child: number; readonly worker: number };
}

/** The marks of a message that had these deaths, and one more of this kind, if any. */
export function marksOf(deaths: Deaths, death: keyof Deaths | undefined): Marks {
  if (death === undefined) return {};
  return { deaths: { header: DEATHS_HEADER, ...deaths, [death]: deaths[death] + 1 } };
}

/** The envelope of a message that was delivered before, marked as kombu marks it. */
export function markRedelivered(envelope: string, marks: Marks = {}): string {
  let text = setMember(envelope, ["headers"], "redelivered", "true");
  if (marks.deaths !== undefined) {
    const { header, child, worker } = marks.deaths;
    text = setMember(text, ["headers"], header, `{"child": ${child}, "worker": ${worker}}`);
  }
  return setMember(text, ["properties", "delivery_info"], "redelivered", "true");
}

/** Sets a member of the object that a path of names leads to; the text stays as it is where there is no such object. */
export function setMember(text: string, path: readonly string[], name: string, json: string): string {
  let at = skipSpace(text, 0);
  for (const step of path) {
    const member = findMember(text, at, step);
    if (member === undefined || text[member.start] !== "{") return text;
    at = member.start;
  }
  const found = findMember(text, at, name);
  if (found !== undefined) return text.slice(0, found.start) + json + text.slice(found.end);
  const end = skipValue(text, at) - 1;
  const isEmpty = skipSpace(text, at + 1) === end;
  return `${text.slice(0, end)}${isEmpty ? "" : ", "}${JSON.stringify(name)}: ${json}${text.slice(end)}`;
}

/** Elements of an array at the start of the text, as their own texts. */
export function splitArray(text: string): readonly string[] {
  const elements: string[] = [];
  let at = skipSpace(text, 0);
  if (text[at] !== "[") return elements;
  for (at = skipSpace(text, at + 1); text[at] !== "]" && at < text.length; at = skipSpace(text, at)) {
    const end = skipValue(text, at);
    elements.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return elements;
}

function findMember(text: string, object: number, name: string): { readonly start: number; readonly end: number } | undefined {
  const quoted = JSON.stringify(name);
  let at = skipSpace(text, object + 1);
  let found: { start: number; end: number } | undefined;
  while (text[at] === '"') {
    const keyEnd = skipText(text, at);
    const isIt = text.slice(at, keyEnd) === quoted;
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = skipValue(text, start);
    if (isIt) found = { start, end }; // the last one counts, as for all who read JSON
    at = skipSpace(text, end);
    if (text[at] !== ",") break;
    at = skipSpace(text, at + 1);
  }
  return found;
}

function skipValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return skipText(text, start);
  if (first !== "{" && first !== "[") {
    let at = start;
    while (at < text.length && !",]} \t\r\n".includes(text[at] ?? "")) at++;
    return Math.max(at, start + 1);
  }
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') at = skipText(text, at) - 1;
    else if (letter === "{" || letter === "[") depth++;
    else if ((letter === "}" || letter === "]") && --depth === 0) return at + 1;
  }
  return text.length;
}

/** The place after a JSON string. */
function skipText(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (" \t\r\n".includes(text[at] ?? "x")) at++;
  return at;
}
