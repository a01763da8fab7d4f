// Reads the words at the end of a command line that set settings: `worker.concurrency=4`, `task_acks_late=(bool)no`, `.pool=solo`.
// As in Celery: a dot may stand for the underscore after the namespace, a word that begins with one has the command's own
// namespace, and a type in parentheses before the value overrides that of the setting.
import { ConfigError } from "../errors/celeriac-error.ts";
import { findSetting, suggestSetting } from "./setting-names.ts";
import { rowOf } from "./settings-table.ts";
import { booleanOfText, jsonOfText, numberOfText, valueOfText } from "./value-of-text.ts";

const WORD = /^([^=]+)=(.*)$/s;
const CAST = /^\((\w+)\)(.*)$/s;

/** What a cast makes of a text; undefined where it cannot. */
const casts: Readonly<Record<string, (text: string) => unknown>> = {
  int: wholeNumberOfText,
  float: numberOfText,
  bool: booleanOfText,
  str: (text) => text,
  string: (text) => text,
  json: jsonOfText,
  list: (text) => onlyIf(Array.isArray, jsonOfText(text)),
  tuple: (text) => onlyIf(Array.isArray, jsonOfText(text)),
  dict: (text) => onlyIf((value) => typeof value === "object" && value !== null && !Array.isArray(value), jsonOfText(text)),
};

/** Whether a word of the command line sets a setting. */
export function isSettingWord(word: string): boolean {
  return WORD.test(word) && !word.startsWith("-");
}

/**
 * The settings in words of the command line, for a source of the kind `"cli"`. The values are checked when the source is resolved.
 * @param namespace of the command, such as `"worker"`, for words that begin with `.` or `_`
 * @throws ConfigError with every word that cannot be read
 */
export function parseSettingWords(words: readonly string[], namespace: string = ""): Readonly<Record<string, unknown>> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const word of words) {
    const read = parseWord(word, namespace);
    if ("problem" in read) problems.push(read.problem);
    else values[read.key] = read.value;
  }
  if (problems.length > 0) throw new ConfigError("CELERIAC_CONFIG_INVALID", { problems });
  return values;
}

function parseWord(word: string, namespace: string): { readonly key: string; readonly value: unknown } | { readonly problem: string } {
  const [, name, text] = WORD.exec(word) ?? [];
  if (name === undefined || text === undefined)
    return { problem: `expected ${JSON.stringify(word)} to be a setting and its value, such as worker.concurrency=4` };
  const spelling = spellingOf(name, namespace);
  const found = findSetting(spelling);
  if (!found) {
    const near = suggestSetting(spelling);
    return {
      problem: `no setting is called ${JSON.stringify(name)}${near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`}`,
    };
  }
  const [, type, rest] = CAST.exec(text) ?? [];
  if (type === undefined || rest === undefined) return { key: found.key, value: valueOfText(rowOf(found.key), text) };
  const cast = Object.hasOwn(casts, type) ? casts[type] : undefined;
  if (!cast) return { problem: `${name}: no type is called ${JSON.stringify(type)}; known are ${Object.keys(casts).join(", ")}` };
  const value = cast(rest);
  return value === undefined
    ? { problem: `${name}: expected a value of the type ${type}, got: ${JSON.stringify(rest)}` }
    : { key: found.key, value };
}

/** Our own names have capitals in them and are taken as they are; all others are read in lower case. */
function spellingOf(name: string, namespace: string): string {
  if (findSetting(name)) return name;
  const snake = name.toLowerCase().replaceAll(".", "_");
  return snake.startsWith("_") ? `${namespace === "" ? "" : `${namespace.toLowerCase()}_`}${snake.slice(1)}` : snake;
}

function wholeNumberOfText(text: string): number | undefined {
  const number = numberOfText(text);
  return Number.isInteger(number) ? number : undefined;
}

function onlyIf(test: (value: unknown) => boolean, value: unknown): unknown {
  return test(value) ? value : undefined;
}
