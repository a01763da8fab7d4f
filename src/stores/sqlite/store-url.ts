// Reads URLs of the form sqlite://path. They are not URLs in the strict sense: what follows the slashes is a path as it is, so that
// sqlite://shop.db is a file in the current folder and sqlite:///var/lib/shop.db one at the root.
import { didYouMean } from "../../util/did-you-mean.ts";
import type { Durability, StoreOptions } from "./store-options.ts";

/** What a URL and the options of a driver say about a store, or a sentence that says why they cannot be used. */
export type ParsedStoreUrl = { readonly path: string; readonly options: StoreOptions } | { readonly problem: string };

const KNOWN = ["synchronous", "forceUnsafeSqlite", "maxPageCount"] as const;

/**
 * Reads `sqlite://path?synchronous=full`.
 * @param options the driver's options; those that are not a store's are left alone, but unknown ones in the URL's query are refused
 */
export function parseStoreUrl(url: string, options: Readonly<Record<string, unknown>>): ParsedStoreUrl {
  const match = /^sqlite:\/\/([^?#]*)(?:\?([^#]*))?/.exec(url);
  if (!match) return { problem: "expected it to look like sqlite://path/to/file.db, or sqlite:///absolute/path.db" };
  const query = new URLSearchParams(match[2] ?? "");
  for (const key of query.keys()) {
    if (!(KNOWN as readonly string[]).includes(key)) {
      const near = didYouMean(key, KNOWN);
      const hint = near === undefined ? `known are ${KNOWN.join(", ")}` : `did you mean ${near}?`;
      return { problem: `${JSON.stringify(key)} is no option of a SQLite store; ${hint}` };
    }
  }
  let path: string;
  try {
    path = decodeURIComponent(match[1] ?? "");
  } catch {
    return { problem: "its path has a % that is not followed by two hexadecimal digits; write a percent sign as %25" };
  }
  if (path === "") return { problem: "it names no file; write sqlite://path/to/file.db" };
  if (path === ":memory:") return { problem: "a SQLite database in memory cannot be shared between processes; use memory:// in its place" };
  return readOptions(path, { ...options, ...Object.fromEntries(query) });
}

function readOptions(path: string, given: Readonly<Record<string, unknown>>): ParsedStoreUrl {
  const synchronous = given["synchronous"] ?? "normal";
  if (synchronous !== "normal" && synchronous !== "full") {
    return { problem: `expected the option synchronous to be normal or full, got: ${JSON.stringify(synchronous)}` };
  }
  const force = given["forceUnsafeSqlite"] ?? false;
  if (![true, false, "true", "false"].includes(force as boolean | string)) {
    return { problem: `expected the option forceUnsafeSqlite to be true or false, got: ${JSON.stringify(force)}` };
  }
  const durability: Durability = synchronous;
  const base = { synchronous: durability, forceUnsafeSqlite: force === true || force === "true" };
  if (given["maxPageCount"] === undefined) return { path, options: base };
  const maxPageCount = Number(given["maxPageCount"]);
  if (!Number.isSafeInteger(maxPageCount) || maxPageCount < 1) {
    return {
      problem: `expected the option maxPageCount to be a whole number of pages above zero, got: ${JSON.stringify(given["maxPageCount"])}`,
    };
  }
  return { path, options: { ...base, maxPageCount } };
}
