import { UsageError } from "../errors/celeriac-error.ts";

/**
 * The name of a task that was given none: `<name of the app>.<name of the function>`.
 * @throws UsageError where the function has no name
 */
export function generatedTaskName(app: string, fn: { readonly name: string }): string {
  if (fn.name !== "") return `${app}.${fn.name}`;
  const problem = `expected the function to have a name, or the task to be given one: app.task("${app}.something", ...); got an anonymous function`;
  throw new UsageError("CELERIAC_TASK_OPTION", { task: "(anonymous)", option: "name", problem });
}
