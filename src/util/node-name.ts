// Names of nodes: `celery@host`. Formats and their expansion are Celery's, because Python's tools read and write them.
import { hostname as osHostname } from "node:os";

/** The name part of a node that was given none. */
export const DEFAULT_NODE = "celery";

/**
 * The full name of a node from what the user wrote: `%h` is the host, `%n` its first part, `%d` the rest, `%%` a per cent sign.
 * A name without `@` is a host, as in Celery.
 * @default "celery@%h"
 */
export function nodeName(format: string | undefined, host: string = osHostname()): string {
  const { node, host: place } = splitNodeName(format === undefined || format === "" ? "%h" : format);
  return expandHost(`${node || DEFAULT_NODE}@${place || "%h"}`, host);
}

/** The two parts of a node's name; one without `@` is a host. */
export function splitNodeName(name: string): { readonly node: string; readonly host: string } {
  const at = name.indexOf("@");
  return at < 0 ? { node: DEFAULT_NODE, host: name } : { node: name.slice(0, at), host: name.slice(at + 1) };
}

function expandHost(format: string, host: string): string {
  const dot = host.indexOf(".");
  const parts: Readonly<Record<string, string>> = {
    h: host,
    n: dot < 0 ? host : host.slice(0, dot),
    d: dot < 0 ? "" : host.slice(dot + 1),
    "%": "%",
  };
  return format.replace(/%([hnd%])/g, (_, key: string) => parts[key] ?? "");
}
