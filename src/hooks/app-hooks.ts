// Hooks in the life of an app, of its commands, of beat, and of workers in tests.
import type { HookApp, HookWorker } from "./hook-subjects.ts";

/** Something about an app. */
export interface AppHook {
  /** Name of the app. */
  readonly sender: string;
  readonly app: HookApp;
}

/** An app's settings were read for the first time, or for the first time after they changed. */
export interface AfterConfigure extends AppHook {
  /** The settings. */
  readonly source: Readonly<Record<string, unknown>>;
}

/** A command of the command line has read the options that users added to it. */
export interface UserPreloadOptions {
  /** Name of the command. */
  readonly sender: string;
  readonly app: HookApp;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Beat is about to start. */
export interface BeatHook {
  /** Node name of beat, or of the worker that it is in. */
  readonly sender: string;
  readonly app: HookApp;
}

/** Something about a worker that a test runs. */
export interface TestWorkerHook {
  /** Node name of the worker. */
  readonly sender: string;
  readonly worker: HookWorker;
}

/** The hooks of apps by name. */
export interface AppHookMap {
  /** The modules with tasks are about to be imported. */
  importModules: AppHook;
  /** The settings are about to be read for the first time, or for the first time after they changed. */
  onConfigure: AppHook;
  onAfterConfigure: AfterConfigure;
  /** All tasks are registered and named. */
  onAfterFinalize: AppHook;
  /** The app is about to be used in a child process. */
  onAfterFork: AppHook;
  userPreloadOptions: UserPreloadOptions;
  beatInit: BeatHook;
  beatEmbeddedInit: BeatHook;
  testWorkerStarting: TestWorkerHook;
  testWorkerStarted: TestWorkerHook;
  testWorkerStopped: TestWorkerHook;
}
