import { findAppModule } from "../app/discovery.ts";
import { UsageError } from "../errors/celeriac-error.ts";
import type { CliProcess, GlobalOptions, LoadedApp } from "./cli-context.ts";

/**
 * Imports the app that the global options name, and applies the others to it.
 * @throws UsageError where none is named, or it cannot be imported
 */
export async function loadApp(global: GlobalOptions, cliProcess: CliProcess): Promise<LoadedApp> {
  if (global.workdir !== undefined) changeFolder(global.workdir);
  const named = global.app ?? cliProcess.env["CELERIAC_APP"];
  if (!named) {
    throw new UsageError("CELERIAC_USAGE", {
      message: "expected an app: give -A with the file that exports it, such as `celeriac -A ./tasks.ts worker`, or set CELERIAC_APP",
    });
  }
  const { app, url, exportName } = await findAppModule(named);
  const settings: Record<string, unknown> = {
    ...(global.broker === undefined ? {} : { brokerUrl: global.broker, brokerReadUrl: global.broker, brokerWriteUrl: global.broker }),
    ...(global.resultBackend === undefined ? {} : { resultBackend: global.resultBackend }),
  };
  if (Object.keys(settings).length > 0) app.configure(settings);
  return { app, module: `${url}:${exportName}`, settings };
}

function changeFolder(folder: string): void {
  try {
    process.chdir(folder);
  } catch (error) {
    throw new UsageError(
      "CELERIAC_USAGE",
      {
        message: `expected --workdir to be a folder that can be entered, got: ${folder} (${error instanceof Error ? error.message : String(error)})`,
      },
      { cause: error },
    );
  }
}
