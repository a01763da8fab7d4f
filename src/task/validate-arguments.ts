// Arguments and Standard Schemas: zod, valibot, arktype and whatever else speaks it. The schema's own output is what the task gets.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { TaskError } from "../errors/celeriac-error.ts";

/** A task's schemas: one for a single object, or one for each argument. */
export type ArgumentSchemas = StandardSchemaV1 | readonly StandardSchemaV1[];

/**
 * The arguments as the schemas give them.
 * @param names names of the parameters, for the error
 * @throws TaskError with the path of each bad field
 */
export function validateArguments(
  task: string,
  schemas: ArgumentSchemas,
  args: readonly unknown[],
  names: readonly string[],
): readonly unknown[] | Promise<readonly unknown[]> {
  const each = isList(schemas) ? schemas : [schemas];
  const results = each.map((schema, i) => schema["~standard"].validate(args[i]));
  const finish = (done: readonly StandardSchemaV1.Result<unknown>[]): readonly unknown[] => {
    const problems = done.flatMap((result, i) => (result.issues ?? []).map((issue) => describeIssue(issue, i, names)));
    if (problems.length > 0) throw new TaskError("CELERIAC_TASK_ARGUMENTS", { task, problem: problems.join("; ") });
    const values = done.map((result) => (result as StandardSchemaV1.SuccessResult<unknown>).value);
    return [...trimmed(values, args.length), ...args.slice(each.length)];
  };
  return results.some((result) => result instanceof Promise)
    ? Promise.all(results.map((result) => Promise.resolve(result))).then(finish)
    : finish(results as StandardSchemaV1.Result<unknown>[]);
}

function isList(schemas: ArgumentSchemas): schemas is readonly StandardSchemaV1[] {
  return Array.isArray(schemas);
}

/** Arguments that were left out, and which no schema gave a default, stay left out. */
function trimmed(values: readonly unknown[], given: number): readonly unknown[] {
  let length = values.length;
  while (length > given && values[length - 1] === undefined) length--;
  return values.slice(0, length);
}

function describeIssue(issue: StandardSchemaV1.Issue, index: number, names: readonly string[]): string {
  const path = (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part));
  const name = names[index];
  const start = `argument ${index + 1}${name === undefined ? "" : ` (${name})`}`;
  return `${start}${path.length === 0 ? "" : ` at ${path.map(pathPart).join("").replace(/^\./, "")}`}: ${issue.message}`;
}

function pathPart(part: PropertyKey): string {
  return typeof part === "number" ? `[${part}]` : `.${String(part)}`;
}
