import { readFileSync } from "node:fs";
import { arch, platform, release } from "node:os";
import type { AppContext } from "./app-context.ts";
import { maskUrl } from "../util/mask-url.ts";

/** The version of this package. */
export const celeriacVersion: string = (
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { readonly version: string }
).version;

/** What a report of a fault should say: versions, the machine, where the broker and the backend are, and the settings that were given; secrets are hidden. */
export function reportText(app: AppContext): string {
  const backend = app.connections.backendUrl();
  const lines = [
    "",
    `software -> celeriac:${celeriacVersion} node:${process.versions.node} v8:${process.versions.v8}`,
    `platform -> system:${platform()} arch:${arch()} kernel:${release()}`,
    `app      -> ${app.name} tasks:${app.tasks.size}`,
    `broker   -> read:${shown(app, "read")} write:${shown(app, "write")}`,
    `results  -> ${backend === null ? "disabled" : maskUrl(backend)}`,
    "",
    app.config.humanize(),
  ];
  return `${lines.join("\n")}\n`;
}

function shown(app: AppContext, direction: "read" | "write"): string {
  return app.connections.brokerUrls(direction).map(maskUrl).join(";");
}
