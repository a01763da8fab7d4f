// Where a value stands inside what is being written, for the sentences of errors: `args[0].user.self`.

/** The way from the outermost value to an inner one. */
export type PathSegments = readonly (string | number)[];

/** Longest text of a path: its begin and its end tell where the value stands, whatever is in between. */
const LONGEST = 160;
const WORD = /^[A-Za-z_$][\w$]*$/;

/**
 * The path as text.
 * @param names names of the elements of the outermost array, such as `["args", "kwargs", "embed"]`
 */
export function formatPath(segments: PathSegments, names?: readonly string[]): string {
  const [first, ...rest] = segments;
  const named = typeof first === "number" ? names?.[first] : undefined;
  const text = (named === undefined ? segments : rest).reduce<string>(
    (before, segment) =>
      before + (typeof segment === "number" ? `[${segment}]` : WORD.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`),
    named ?? "value",
  );
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST / 2)}...${text.slice(-LONGEST / 2)} (${segments.length} levels)`;
}
