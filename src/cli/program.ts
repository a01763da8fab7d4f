// The command `celeriac` with its global options. Each subcommand has a file of its own under commands/.
import { Command } from "commander";
import { celeriacVersion } from "../app/report.ts";
import type { CliContext, CliProcess, GlobalOptions } from "./cli-context.ts";
import { addCallCommand } from "./commands/call.ts";
import { addDeadCommand } from "./commands/dead.ts";
import { addGraphCommand } from "./commands/graph.ts";
import { addListCommand } from "./commands/list.ts";
import { addPurgeCommand } from "./commands/purge.ts";
import { addReportCommand } from "./commands/report.ts";
import { addResultCommand } from "./commands/result.ts";
import { addWorkerCommand } from "./commands/worker.ts";
import { loadApp } from "./load-app.ts";

/** Makes the program. Parsing throws a CommanderError where commander would end the process. */
export function createProgram(process: CliProcess, setExitCode: (code: number) => void): Command {
  const program = new Command("celeriac");
  program
    .description("Celery, the distributed task queue, for Node.js.")
    .version(celeriacVersion, "--version", "print the version")
    .option("-A, --app <module>", "file or package that exports the app, such as ./tasks.ts; also CELERIAC_APP")
    .option("-b, --broker <url>", "URL of the broker, in place of the app's; also CELERY_BROKER_URL")
    .option("--result-backend <url>", "URL of the result backend, in place of the app's; also CELERY_RESULT_BACKEND")
    .option("--workdir <folder>", "change to this folder first")
    .option("-C, --no-color", "no colours")
    .option("-q, --quiet", "print results only")
    .showHelpAfterError("(celeriac --help lists the options; global ones stand before the command)")
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ writeOut: (text) => process.stdout.write(text), writeErr: (text) => process.stderr.write(text) });
  const context = createContext(program, process, setExitCode);
  addWorkerCommand(program, context);
  addCallCommand(program, context);
  addResultCommand(program, context);
  addPurgeCommand(program, context);
  addListCommand(program, context);
  addDeadCommand(program, context);
  addGraphCommand(program, context);
  addReportCommand(program, context);
  return program;
}

function createContext(program: Command, process: CliProcess, setExitCode: (code: number) => void): CliContext {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  return {
    process,
    setExitCode,
    print,
    get global() {
      return program.opts<GlobalOptions>();
    },
    loadApp: () => loadApp(program.opts<GlobalOptions>(), process),
    async withApp(run) {
      const loaded = await loadApp(program.opts<GlobalOptions>(), process);
      try {
        await run(loaded);
      } finally {
        await loaded.app.close();
      }
    },
    say(text) {
      if (!program.opts<GlobalOptions>().quiet) print(text);
    },
  };
}
