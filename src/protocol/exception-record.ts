// Errors as they are on the wire: `{exc_type, exc_message, exc_module}`, with the causes behind in `exc_cause`. Anything may be thrown, and
// anything thrown can be written: what JSON cannot hold is shown as text, circles of causes are cut.
import { CeleriacError } from "../errors/celeriac-error.ts";
import { TaskDirective } from "../errors/directives.ts";
import { RemoteTaskError } from "../errors/task-errors.ts";
import { isPlainJson } from "../serialization/json-writer.ts";
import type { SerializerRegistry } from "../serialization/serializer-registry.ts";
import { safeRepr } from "../util/safe-repr.ts";
import { builtInErrorClasses, type ErrorClasses, JS_MODULE, PY_BUILTIN_NAMES, PY_BUILTINS } from "./error-classes.ts";
import { isRecord } from "./message-invalid.ts";
import type { ExceptionRecord } from "./result-meta.ts";

/** Causes behind causes: more than anyone reads. */
const MOST_CAUSES = 16;

/** What writing and reading of errors may know of. */
export interface ExceptionContext {
  /** The error classes of the app. @default those of JavaScript and of Celeriac */
  readonly classes?: Pick<ErrorClasses, "forError" | "forType">;
  /** Says which arguments can be written as they are. @default plain JSON alone */
  readonly registry?: SerializerRegistry;
}

/** Writes whatever was thrown. Never throws. */
export function encodeException(thrown: unknown, context: ExceptionContext = {}): ExceptionRecord {
  return record(thrown, context, []);
}

function record(thrown: unknown, context: ExceptionContext, seen: readonly unknown[]): ExceptionRecord {
  try {
    const named = nameAndArguments(thrown, context);
    const cause = seen.length < MOST_CAUSES ? causeOf(thrown) : undefined;
    if (cause === undefined || cause === thrown || seen.includes(cause)) return named;
    return { ...named, exc_cause: record(cause, context, [...seen, thrown]) };
  } catch (error) {
    // A getter or a proxy that throws.
    return {
      exc_type: "Error",
      exc_message: [`an error that cannot be read: ${error instanceof Error ? error.message : typeof error}`],
      exc_module: JS_MODULE,
    };
  }
}

function nameAndArguments(thrown: unknown, context: ExceptionContext): ExceptionRecord {
  if (!(thrown instanceof Error)) return { exc_type: "Error", exc_message: [writable(thrown, context)], exc_module: JS_MODULE };
  if (thrown instanceof RemoteTaskError) {
    const { type, args, module } = thrown.details;
    return { exc_type: type, exc_message: args.map((arg) => writable(arg, context)), exc_module: module };
  }
  const known = (context.classes ?? builtInErrorClasses).forError(thrown);
  if (known)
    return {
      exc_type: known.type,
      exc_message: known.args(thrown).map((arg) => writable(arg, context)),
      exc_module: known.module ?? JS_MODULE,
    };
  const name = nameOf(thrown);
  return { exc_type: name, exc_message: [String(thrown.message)], exc_module: moduleOf(thrown, name) };
}

/** A name that the error or its own class sets, else the name of the class: many classes do not set one and inherit `"Error"`. */
function nameOf(error: Error): string {
  const prototype: unknown = Object.getPrototypeOf(error);
  const setsName =
    Object.hasOwn(error, "name") || (typeof prototype === "object" && prototype !== null && Object.hasOwn(prototype, "name"));
  const name: unknown = setsName ? error.name : error.constructor?.name || error.name;
  return typeof name === "string" && name !== "" ? name : "Error";
}

function moduleOf(error: Error, name: string): string {
  if (error instanceof CeleriacError) return "celeriac";
  if (TaskDirective.is(error)) return "celery.exceptions";
  return PY_BUILTIN_NAMES.has(name) ? PY_BUILTINS : JS_MODULE;
}

function causeOf(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return undefined;
  if (thrown.cause !== undefined && thrown.cause !== null) return thrown.cause;
  return thrown instanceof AggregateError ? (thrown.errors as readonly unknown[])[0] : undefined;
}

/** An argument as it is where it can be written, else a text of it. */
function writable(value: unknown, { registry }: ExceptionContext): unknown {
  if (value === undefined) return "undefined";
  if (isPlainJson(value)) return value;
  if (!registry) return safeRepr(value);
  try {
    registry.toJson(value);
    return value;
  } catch {
    // What cannot be written is shown.
    return safeRepr(value);
  }
}

/** Makes an error from what is stored; whatever that is, an error comes out. */
export function decodeException(stored: unknown, context: ExceptionContext = {}, depth = 0): Error {
  if (!isRecord(stored)) return new RemoteTaskError("Exception", [stored ?? null], null);
  const { exc_type: type, exc_message: message, exc_module: module } = stored;
  const name = typeof type === "string" && type !== "" ? type : "Exception";
  const args = Array.isArray(message) ? (message as readonly unknown[]) : message === undefined || message === null ? [] : [message];
  const home = typeof module === "string" ? module : null;
  const cause =
    depth < MOST_CAUSES && isRecord(stored["exc_cause"]) ? { cause: decodeException(stored["exc_cause"], context, depth + 1) } : undefined;
  return build(name, args, home, cause, context) ?? new RemoteTaskError(name, args, home, cause);
}

function build(
  name: string,
  args: readonly unknown[],
  module: string | null,
  options: ErrorOptions | undefined,
  context: ExceptionContext,
): Error | undefined {
  const known = (context.classes ?? builtInErrorClasses).forType(name, module ?? JS_MODULE);
  try {
    return known?.build(args, options);
  } catch {
    // A constructor of the user's that refuses these arguments: the error keeps its name and arguments in the general class.
    return undefined;
  }
}

/** Whether a stored value is an exception: it names a type. */
export function isExceptionRecord(value: unknown): value is ExceptionRecord {
  return isRecord(value) && typeof value["exc_type"] === "string" && "exc_message" in value;
}

/** How Python would show the error, as in Celery's messages: `ValueError('boom', 42)`. */
export function exceptionRepr(exception: ExceptionRecord): string {
  const shortName = exception.exc_type.split(".").at(-1) ?? exception.exc_type;
  return `${shortName}(${exception.exc_message.map((arg) => safeRepr(arg)).join(", ")})`;
}
