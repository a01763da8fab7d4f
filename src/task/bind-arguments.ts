// From the arguments of a message, positional and by keyword, to those of the function.
import { TaskError } from "../errors/celeriac-error.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { parameterList } from "./parameter-list.ts";
import type { TaskArgumentOptions } from "./task-options.ts";
import { type ArgumentSchemas, validateArguments } from "./validate-arguments.ts";

/** Keyword arguments. */
export type Kwargs = Readonly<Record<string, unknown>>;

/** How a task's arguments are bound, found out once. */
export interface ArgumentBinder {
  /** Positional parameters of the function. */
  readonly arity: number;
  /**
   * The function's arguments.
   * @throws TaskError CELERIAC_TASK_ARGUMENTS
   */
  bind(args: readonly unknown[], kwargs: Kwargs): readonly unknown[] | Promise<readonly unknown[]>;
}

interface Parameters {
  readonly task: string;
  readonly names: readonly string[];
  readonly declared: boolean;
  readonly required: number;
  /** Most positional arguments; infinite where that is not known. */
  readonly most: number;
  readonly schema: ArgumentSchemas | undefined;
}

/** Finds out how a task's arguments are bound. */
export function argumentBinder(task: string, fn: (...args: never[]) => unknown, options: TaskArgumentOptions): ArgumentBinder {
  const list = parameterList(fn);
  const names = (options.params ?? []).map((name) => name.replace(/\?$/, ""));
  const declared = options.params !== undefined;
  const required = (options.params ?? []).filter((name) => !name.endsWith("?")).length;
  const most = declared
    ? Math.max(names.length, list.open ? Number.POSITIVE_INFINITY : 0)
    : list.open
      ? Number.POSITIVE_INFINITY
      : list.count;
  const parameters: Parameters = { task, names, declared, required, most, schema: options.schema };
  const typing = options.typing ?? true;
  return {
    arity: declared ? names.length : list.count,
    bind(args, kwargs) {
      const found = isEmpty(kwargs) ? args : bindKwargs(parameters, args, kwargs);
      if (typing) checkCount(parameters, found);
      const positional = found === args ? args : found.map((arg) => (arg === MISSING ? undefined : arg));
      return parameters.schema === undefined ? positional : validateArguments(task, parameters.schema, positional, names);
    },
  };
}

function isEmpty(kwargs: Kwargs): boolean {
  for (const name in kwargs) if (Object.hasOwn(kwargs, name)) return false;
  return true;
}

function refuse(task: string, problem: string): never {
  throw new TaskError("CELERIAC_TASK_ARGUMENTS", { task, problem });
}

/** By name where the task declares its parameters; otherwise all of them as one object behind the positional ones. */
function bindKwargs({ task, names, declared }: Parameters, args: readonly unknown[], kwargs: Kwargs): readonly unknown[] {
  if (!declared) return [...args, kwargs];
  const bound = [...args];
  for (const [name, value] of Object.entries(kwargs)) {
    const at = names.indexOf(name);
    if (at < 0) {
      const near = didYouMean(name, names);
      refuse(
        task,
        `there is no parameter ${JSON.stringify(name)}${near === undefined ? `; they are ${names.join(", ")}` : `; did you mean ${near}?`}`,
      );
    }
    if (at < args.length) refuse(task, `the parameter ${name} was given twice, by position and by name`);
    while (bound.length <= at) bound.push(MISSING);
    bound[at] = value;
  }
  return bound;
}

/** Stands where no argument was given, before it is known whether one must be. */
const MISSING: unique symbol = Symbol("missing");

function checkCount({ task, names, required, most }: Parameters, args: readonly unknown[]): void {
  if (args.length > most) {
    refuse(
      task,
      `expected at most ${most} argument${most === 1 ? "" : "s"}${names.length > 0 ? ` (${names.join(", ")})` : ""}, got ${args.length}`,
    );
  }
  if (required === 0) return;
  const missing = names.filter((_, i) => i < required && (i >= args.length || args[i] === MISSING));
  if (missing.length > 0) {
    refuse(
      task,
      `expected ${required} argument${required === 1 ? "" : "s"} (${names.slice(0, required).join(", ")}), missing: ${missing.join(", ")}`,
    );
  }
}
