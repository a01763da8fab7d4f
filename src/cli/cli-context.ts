// What a command of the command line is given beside its own options: the streams, and the app that the global options name.
import type { CeleriacApp } from "../app/celeriac.ts";

/** The process as the command line sees it; `process` is one. */
export interface CliProcess {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  cwd(): string;
}

/** Options that stand before the command. */
export interface GlobalOptions {
  readonly app?: string;
  readonly broker?: string;
  readonly resultBackend?: string;
  readonly workdir?: string;
  readonly color: boolean;
  readonly quiet?: boolean;
}

/** What a command works with. */
export interface CliContext {
  readonly process: CliProcess;
  readonly global: GlobalOptions;
  /** The app that `-A` names, with the other global options applied. */
  loadApp(): Promise<LoadedApp>;
  /** The same, closed when the command has ended, however it ended. */
  withApp(run: (loaded: LoadedApp) => Promise<void>): Promise<void>;
  /** Writes text and a line end to standard output. */
  print(text: string): void;
  /** The same, unless `--quiet` was given. */
  say(text: string): void;
  /** What the process will exit with where it is not 0. */
  setExitCode(code: number): void;
}

/** An app, and where it came from. */
export interface LoadedApp {
  readonly app: CeleriacApp;
  /** URL of the module that exports it, with the name of the export. */
  readonly module: string;
  /** Settings that the command line changed; children must be told of them. */
  readonly settings: Readonly<Record<string, unknown>>;
}
