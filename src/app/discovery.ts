// Finding an app in the module that `-A` names, and importing the modules that have an app's tasks.
import { existsSync, statSync } from "node:fs";
// Not by name: an older Node has no `glob`, and would fail at this line before anything could say that it is too old.
import * as files from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CeleriacError, ConfigError, UsageError } from "../errors/celeriac-error.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { isCeleriacApp } from "./app-brand.ts";
import type { CeleriacApp } from "./celeriac.ts";
import { watchedImport } from "./watched-import.ts";

/** Endings that a module's file may have. */
const ENDINGS: readonly string[] = [".ts", ".mts", ".js", ".mjs"];
/** Exports that are looked at first, in this order. */
const PREFERRED: readonly string[] = ["app", "celeriac", "celery", "default"];

/** An app, and the module that exports it. */
export interface FoundApp {
  readonly app: CeleriacApp;
  /** URL of the module. */
  readonly url: string;
  /** Name of its export. */
  readonly exportName: string;
}

/**
 * The app that a module exports.
 * @param spec a file or a module, and an export where it is not the usual one: `tasks.ts`, `./src/tasks`, `my-package/tasks:shop`
 * @param cwd where relative paths begin. @default the folder that the program was started in
 * @throws UsageError CELERIAC_APP_NOT_FOUND, CELERIAC_APP_IMPORT_FAILED
 */
export async function findApp(spec: string, cwd: string = process.cwd()): Promise<CeleriacApp> {
  return (await findAppModule(spec, cwd)).app;
}

/** The same, with where it was found: what child processes must import in their turn. */
export async function findAppModule(spec: string, cwd: string = process.cwd()): Promise<FoundApp> {
  const { path, exportName } = splitSpec(spec);
  const url = moduleUrl(path, cwd);
  if (url === undefined) {
    const problem = `there is no such file or package; looked from ${cwd}, also with the endings ${ENDINGS.join(", ")}`;
    throw new UsageError("CELERIAC_APP_NOT_FOUND", { module: path, problem });
  }
  const exports = await importModule(url, path);
  return { ...pickApp(exports, exportName, path), url };
}

/** `tasks.ts:shop` is the export `shop` of `tasks.ts`; drives and schemes have no identifier behind their colon. */
function splitSpec(spec: string): { readonly path: string; readonly exportName: string | undefined } {
  const match = /^(.+):([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(spec);
  return match?.[1] === undefined || /^(?:node|file|data)$/.test(match[1])
    ? { path: spec, exportName: undefined }
    : { path: match[1], exportName: match[2] };
}

/** URL of a file, a folder's main module, or a package; undefined where there is none. */
export function moduleUrl(path: string, cwd: string): string | undefined {
  if (/^(?:file|data):/.test(path)) return path;
  const base = resolve(cwd, path);
  const candidates = [
    base,
    ...ENDINGS.map((ending) => base + ending),
    ...ENDINGS.flatMap((ending) => ["celeriac", "app", "index"].map((name) => join(base, name + ending))),
  ];
  const file = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
  if (file !== undefined) return pathToFileURL(file).href;
  if (path.startsWith(".") || path.startsWith("/")) return undefined;
  try {
    return pathToFileURL(createRequire(join(cwd, "package.json")).resolve(path)).href;
  } catch (error) {
    // Not installed here: the caller says so, with the places that were looked at.
    if ((error as { readonly code?: unknown }).code === "MODULE_NOT_FOUND") return undefined;
    throw new UsageError("CELERIAC_APP_IMPORT_FAILED", { module: path, reason: reasonOf(error) }, { cause: error });
  }
}

/** Imports a module. What it throws is told with the module's name. */
export async function importModule(url: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  const module = shownModule(url, name);
  let imported: Readonly<Record<string, unknown>> | undefined;
  try {
    imported = await watchedImport(url, module);
  } catch (error) {
    if (error instanceof CeleriacError && error.code === "CELERIAC_APP_IMPORT_FAILED") throw error;
    throw new UsageError("CELERIAC_APP_IMPORT_FAILED", { module, reason: reasonOf(error) }, { cause: error });
  }
  if (imported !== undefined) return imported;
  throw new ConfigError("CELERIAC_CONFIG_IMPROPER", {
    message: `expected ${module} to end its import, but it waits at its top level (await) for something that never comes`,
  });
}

function pickApp(
  exports: Readonly<Record<string, unknown>>,
  wanted: string | undefined,
  module: string,
): { readonly app: CeleriacApp; readonly exportName: string } {
  const names = Object.keys(exports);
  const apps = names.filter((name) => isCeleriacApp(exports[name]));
  const name = wanted ?? PREFERRED.find((each) => apps.includes(each)) ?? apps[0];
  const app = name === undefined ? undefined : exports[name];
  if (name !== undefined && isCeleriacApp(app)) return { app, exportName: name };
  throw new UsageError("CELERIAC_APP_NOT_FOUND", { module, problem: whyNone(names, apps, wanted) });
}

function whyNone(names: readonly string[], apps: readonly string[], wanted: string | undefined): string {
  if (wanted === undefined) {
    return `expected it to export an app, such as \`export const app = new Celeriac("name")\`; it exports ${names.length === 0 ? "nothing" : names.join(", ")}`;
  }
  if (names.includes(wanted)) return `its export ${wanted} is no Celeriac app${apps.length === 0 ? "" : `; ${apps.join(", ")} is`}`;
  const near = didYouMean(wanted, names);
  return `it has no export ${wanted}${near === undefined ? "" : `; did you mean ${near}?`}`;
}

function shownModule(url: string, name: string): string {
  return url.startsWith("file:") && !name.startsWith("file:") ? `${name} (${fileURLToPath(url)})` : name;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Where `autodiscoverTasks` looks. */
export interface AutodiscoverOptions {
  /** Name of the module in each folder, without its ending; null imports the folder's main module. @default "tasks" */
  readonly relatedName?: string | null | undefined;
  /** Where relative paths begin: a folder, or the URL of a module in it. @default the folder that the program was started in */
  readonly from?: string | URL | undefined;
  /** Whether it happens at once and not only when a worker starts. @default false */
  readonly force?: boolean | undefined;
}

/**
 * Imports the task modules of folders, and the files that match globs. A folder without such a module is passed over.
 * @throws UsageError CELERIAC_APP_IMPORT_FAILED where a module throws
 */
export async function importDiscovered(places: readonly string[], options: AutodiscoverOptions): Promise<void> {
  const cwd = folderOf(options.from);
  for (const place of places) {
    for (const file of await filesOf(place, options.relatedName === undefined ? "tasks" : options.relatedName, cwd))
      await importModule(file, place);
  }
}

async function filesOf(place: string, relatedName: string | null, cwd: string): Promise<readonly string[]> {
  if (/[*?[{]/.test(place)) {
    const found: string[] = [];
    for await (const file of files.glob(place, { cwd })) found.push(pathToFileURL(resolve(cwd, file)).href);
    return found.toSorted();
  }
  const url = moduleUrl(relatedName === null ? place : join(place, relatedName), cwd);
  return url === undefined ? [] : [url];
}

function folderOf(from: string | URL | undefined): string {
  if (from === undefined) return process.cwd();
  const path = from instanceof URL || from.startsWith("file:") ? fileURLToPath(from) : resolve(from);
  return existsSync(path) && statSync(path).isDirectory() ? path : resolve(path, "..");
}

/**
 * Imports modules by path or name: the settings `imports` and `include`.
 * @param namedBy what names them, for the error
 * @throws ConfigError where one is not there; UsageError where one throws
 */
export async function importListed(modules: readonly string[], namedBy: string, cwd: string = process.cwd()): Promise<void> {
  for (const name of modules) {
    const url = moduleUrl(name, cwd);
    if (url === undefined) {
      throw new ConfigError("CELERIAC_CONFIG_IMPROPER", {
        message: `expected ${namedBy} to name files and packages that can be imported, got: ${JSON.stringify(name)}; there is no such file or package, seen from ${cwd}`,
      });
    }
    await importModule(url, name);
  }
}
