// What a function's own source says about its parameters when the program runs. TypeScript's marks are gone by then: `(x, y?)` looks like
// `(x, y)`, so that nothing can be said about how few arguments are enough; only how many are too many.

/** A function's parameters as far as they are known. */
export interface ParameterList {
  /** How many positional parameters it has. */
  readonly count: number;
  /** Whether it takes any number: it has a rest parameter, reads `arguments`, or its source cannot be read. */
  readonly open: boolean;
}

/** Reads a function's parameters. */
export function parameterList(fn: (...args: never[]) => unknown): ParameterList {
  const source = Function.prototype.toString.call(fn);
  const text = listText(source);
  if (text === undefined) return { count: fn.length, open: !bareParameter(source) };
  const parts = splitTop(text);
  const rest = parts.some((part) => part.startsWith("..."));
  const readsArguments = /\barguments\b/.test(source);
  return { count: parts.length - (rest ? 1 : 0), open: rest || readsArguments };
}

/** `x => ...`: one parameter, no parentheses. */
function bareParameter(source: string): boolean {
  return /^(?:async\s+)?[\p{ID_Start}$_][\p{ID_Continue}$]*\s*=>/u.test(source);
}

/** What stands between the parentheses of the parameter list; undefined where there is none to be read. */
function listText(source: string): string | undefined {
  if (bareParameter(source) || source.includes("[native code]")) return undefined;
  const start = source.indexOf("(");
  if (start < 0 || source.slice(0, start).includes("=>")) return undefined;
  const end = closing(source, start);
  return end === undefined ? undefined : source.slice(start + 1, end);
}

/** Where the bracket that opens at `start` closes. */
function closing(source: string, start: number): number | undefined {
  let depth = 0;
  for (let i = start; i < source.length; i++) {
    i = skipQuiet(source, i);
    const c = source[i];
    if (c === "(" || c === "[" || c === "{") depth++;
    else if ((c === ")" || c === "]" || c === "}") && --depth === 0) return i;
  }
  return undefined;
}

/** The parts between commas that stand in no bracket. Empty ones, as after a trailing comma, are left out. */
function splitTop(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (let i = 0; i < text.length; i++) {
    const next = skipQuiet(text, i);
    if (next > i) {
      if (text[i] !== "/") part += "0";
      i = next - 1;
      continue;
    }
    const c = text[i] ?? "";
    if (c === "(" || c === "[" || c === "{") depth++;
    else if (c === ")" || c === "]" || c === "}") depth--;
    if (c === "," && depth === 0) [part] = [push(parts, part)];
    else part += c;
  }
  push(parts, part);
  return parts;
}

function push(parts: string[], part: string): string {
  if (part.trim() !== "") parts.push(part.trim());
  return "";
}

/** Index behind a comment or string that starts here; otherwise the same index. */
function skipQuiet(text: string, at: number): number {
  const two = text.slice(at, at + 2);
  if (two === "//") return after(text, "\n", at + 2);
  if (two === "/*") return after(text, "*/", at + 2);
  const quote = text[at];
  if (quote !== '"' && quote !== "'" && quote !== "`") return at;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === quote) return i + 1;
  }
  return text.length;
}

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at < 0 ? text.length : at + end.length;
}
