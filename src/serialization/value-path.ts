// Where a value stands inside what is being written, for the sentences of errors: `args[0].user.self`.

/** The way from the outermost value to an inner one. */
export type PathSegments = readonly (string | number)[];

const WORD = /^[A-Za-z_$][\w$]*$/;

/**
 * The path as text.
 * @param names names of the elements of the outermost array, such as `["args", "kwargs", "embed"]`
 */
export function formatPath(segments: PathSegments, names?: readonly string[]): string {
  const [first, ...rest] = segments;
  const named = typeof first === "number" ? names?.[first] : undefined;
  return (named === undefined ? segments : rest).reduce<string>(
    (text, segment) =>
      text + (typeof segment === "number" ? `[${segment}]` : WORD.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`),
    named ?? "value",
  );
}
