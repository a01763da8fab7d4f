import type { Command } from "commander";
import type { CeleriacApp } from "../../app/celeriac.ts";
import { celeriacVersion } from "../../app/report.ts";
import { settingsWithoutEffect } from "../../config/configuration.ts";
import type { CliContext } from "../cli-context.ts";
import { renderTable } from "../render/table.ts";

interface ReportFlags {
  readonly unused?: boolean;
  readonly json?: boolean;
}

/** Adds `celeriac report`. */
export function addReportCommand(program: Command, context: CliContext): void {
  program
    .command("report")
    .description("what an issue report needs: versions, platform and settings, secrets masked")
    .option("--unused", "list the settings that have no effect yet, and what they wait for")
    .option("-j, --json", "print JSON")
    .action((flags: ReportFlags) =>
      flags.unused ? runUnused(context, flags) : context.withApp(async ({ app }) => printReport(context, app, flags)),
    );
}

function printReport(context: CliContext, app: CeleriacApp, flags: ReportFlags): void {
  const unused = app.config.unused();
  if (flags.json)
    context.print(
      JSON.stringify({
        version: celeriacVersion,
        node: process.versions.node,
        app: app.name,
        settings: app.config.table(),
        withoutEffect: unused,
      }),
    );
  else context.print(`${app.bugreport().trim()}${unused.length === 0 ? "" : `\n\nwithout effect yet: ${unused.join(", ")}`}`);
}

/** Needs no app: the table is the same for all. */
async function runUnused(context: CliContext, flags: ReportFlags): Promise<void> {
  const rows = settingsWithoutEffect();
  context.print(
    flags.json ? JSON.stringify(rows) : renderTable([["SETTING", "WAITS FOR"], ...rows.map(({ key, waitsFor }) => [key, waitsFor])]),
  );
}
