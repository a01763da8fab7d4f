// The app: what a program makes first and reaches everything else through. It is made of parts and delegates to them; making one opens
// nothing, and nothing connects before it is first used. Several may live in one process.
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { DocumentCodec } from "../backend/document-codec.ts";
import type { AsyncResult } from "../canvas/async-result.ts";
import type { ApplyOptions } from "../canvas/call-options.ts";
import { nodeOf } from "../canvas/make-signature.ts";
import type { AnyFunction, List } from "../canvas/partial-arguments.ts";
import type { Signature } from "../canvas/signature.ts";
import { Configuration } from "../config/configuration.ts";
import type { ResolvedSettings, Settings } from "../config/settings.ts";
import { UsageError } from "../errors/celeriac-error.ts";
import type { BuiltMessage, ExecutionHost } from "../execution/execution-host.ts";
import { currentTask } from "../execution/current-task.ts";
import type { HookName } from "../hooks/hook-map.ts";
import { type HookHandler, type HookOptions, Hooks } from "../hooks/hooks.ts";
import { ErrorClasses } from "../protocol/error-classes.ts";
import { originOf } from "../protocol/origin.ts";
import type { ResultTuple } from "../protocol/result-meta.ts";
import { parseResultTuple } from "../protocol/result-tuple.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import { SerializerRegistry } from "../serialization/serializer-registry.ts";
import type { BoundTask, RemoteTask, RemoteTaskOf, SignatureInit } from "../task/bound-task.ts";
import { checkTaskOptions } from "../task/check-task-options.ts";
import { optionsOfTask, type Task } from "../task/class-task.ts";
import { RegisteredTask, type RegisteredTaskInit, type TaskFunction } from "../task/registered-task.ts";
import type { TaskContext } from "../task/task-context.ts";
import { generatedTaskName } from "../task/task-name.ts";
import type { TaskOptions } from "../task/task-options.ts";
import { TaskRegistry } from "../task/task-registry.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import { type Logger, silentLogger } from "../util/logger.ts";
import { brandAsApp } from "./app-brand.ts";
import type { AppContext } from "./app-context.ts";
import { AppExecutionHost, type ExecutionHostOptions } from "./app-execution-host.ts";
import { type AppSettings, fullNames } from "./app-settings.ts";
import { Sender } from "./sender.ts";
import { boundTaskFunction, TaskHandle, type TaskServices } from "./bound-task.ts";
import { Connections } from "./connections.ts";
import { DeadLetters } from "./dead-letters.ts";
import { type AutodiscoverOptions, importDiscovered, importListed } from "./discovery.ts";
import { createDocumentCodec, resultContent } from "./document-codec-of-app.ts";
import type { DriverTable } from "./driver-table.ts";
import type { MessageFactory } from "./message-factory.ts";
import { Queues } from "./queues.ts";
import { reportText } from "./report.ts";
import { resultFromTuple, StoredResult } from "./results/stored-result.ts";
import { type CompiledRoutes, compileRoutes } from "./route-map.ts";
import { SettingsView } from "./settings-view.ts";
import { type Adopter, adoptSharedTasks, leaveSharedTasks } from "./shared-tasks.ts";
import { StepSets } from "./step-sets.ts";
import { TaskCalls } from "./task-calls.ts";

/** What an app is made with beside its settings. */
export interface AppParts {
  /** The drivers that its URLs may name. */
  readonly drivers: DriverTable;
  /** Where the app itself logs. @default nowhere */
  readonly logger?: Logger | undefined;
  /** @default the system's */
  readonly clock?: Clock | undefined;
  /** Environment that settings are read from. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** An app. */
export class CeleriacApp implements AppContext, AsyncDisposable {
  /** Name of the app; what stands before the names of its tasks that have none. */
  readonly name: string;
  /** The settings as they came about: where each is from, how to change and to show them. */
  readonly config: Configuration;
  /** Handlers that observe what happens. */
  readonly hooks: Hooks;
  /** Bootsteps that are added to its workers. */
  readonly steps: StepSets = new StepSets();
  /** The tasks that it can execute. */
  readonly tasks: TaskRegistry = new TaskRegistry();
  /** The serializers of its messages and results. */
  readonly serializers: SerializerRegistry = new SerializerRegistry();
  /** The error classes that cross processes by their names. */
  readonly errorClasses: ErrorClasses = new ErrorClasses();
  /** The broker for reading and that for writing, and the result backend; each connects at its first operation. */
  readonly connections: Connections;
  /** The messages of its queues that workers gave up: to be looked at, sent back, removed. */
  readonly deadLetters: DeadLetters;
  readonly drivers: DriverTable;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Who sends, as in the header `origin`. */
  readonly origin: string = originOf(process.pid, hostname());
  /** Names this app in this process, as in the property `reply_to`. */
  readonly oid: string = randomUUID();
  readonly #sender: Sender;
  readonly #services: TaskServices;
  readonly #view: SettingsView<{ readonly queues: Queues; readonly routes: CompiledRoutes }>;
  readonly #bound: Map<RegisteredTask, unknown> = new Map();
  readonly #discoveries: (() => Promise<void>)[] = [];
  readonly #adopter: Adopter = {
    adopt: ({ name, options, fn }) => void this.#register({ name, run: fn, source: fn, given: options }),
  };
  #factory: MessageFactory | undefined;
  /** The settings that handlers of `onConfigure` were told of. */
  #told: ResolvedSettings | undefined;
  #telling = false;

  /** @throws ConfigError with everything that is wrong with the settings */
  constructor(name: string, settings: AppSettings, parts: AppParts) {
    const { drivers, logger = silentLogger, clock = systemClock, env = process.env } = parts;
    brandAsApp(this);
    this.name = name;
    this.drivers = drivers;
    this.logger = logger;
    this.clock = clock;
    this.config = new Configuration([{ kind: "given", values: fullNames(settings) }], { env });
    for (const warning of this.config.warnings) logger.warn({ app: name }, warning);
    this.hooks = new Hooks({ logger, clock });
    this.#view = new SettingsView(() => this.conf, compiled);
    this.connections = new Connections({
      appName: name,
      settings: () => this.conf,
      drivers,
      codec: () => this.#codec(),
      content: () => resultContent(this.serializers, this.conf),
      replyTo: this.oid,
      logger,
      clock,
    });
    this.deadLetters = new DeadLetters({ app: this });
    const results = { backend: () => this.connections.backend(), errorClasses: this.errorClasses };
    this.#sender = new Sender(this, results);
    this.#services = { app: this, results, calls: new TaskCalls(this, this.#sender, results) };
    adoptSharedTasks(this.#adopter);
  }

  /** The settings as they are now, as plain properties. Handlers of `onConfigure` may still change what is read first, or first after a change. */
  get conf(): ResolvedSettings {
    if (this.config.settings !== this.#told) this.#tellOfSettings();
    return this.config.settings;
  }

  /** The queues that it knows. */
  get queues(): Queues {
    return this.#view.value.queues;
  }

  /** The setting `taskRoutes`, compiled. */
  get routes(): CompiledRoutes {
    return this.#view.value.routes;
  }

  /** Makes a task of a function: with a name, with options, or with neither. The same function under the same name is the same task. */
  task<P extends List, R>(name: string, fn: (this: TaskContext, ...args: P) => R): BoundTask<P, Awaited<R>, R>;
  task<P extends List, R>(name: string, options: TaskOptions, fn: (this: TaskContext, ...args: P) => R): BoundTask<P, Awaited<R>, R>;
  task<P extends List, R>(fn: (this: TaskContext, ...args: P) => R): BoundTask<P, Awaited<R>, R>;
  task<P extends List, R>(options: TaskOptions, fn: (this: TaskContext, ...args: P) => R): BoundTask<P, Awaited<R>, R>;
  task(...given: readonly unknown[]): unknown {
    const { name, options, fn } = definitionOf(this.name, given);
    return this.#bind(this.#register({ name, run: fn, source: fn, given: options }));
  }

  /**
   * Registers a task that is written as a class, by the class or an object of it. Its options are its fields.
   * @throws TaskError CELERIAC_TASK_DUPLICATE
   */
  registerTask<T extends Task>(
    task: T | (new () => T),
  ): BoundTask<Parameters<T["run"]>, Awaited<ReturnType<T["run"]>>, ReturnType<T["run"]>> {
    const object = typeof task === "function" ? new task() : task;
    object.bind(currentTask);
    const name = object.name ?? generatedTaskName(this.name, object.constructor);
    const run: TaskFunction = (...args) => object.run(...args);
    const registered = this.#register({ name, run, source: task, given: optionsOfTask(object), declared: object.run });
    // Its parameters and result are those of its method `run`.
    return this.#bind(registered) as BoundTask<Parameters<T["run"]>, Awaited<ReturnType<T["run"]>>, ReturnType<T["run"]>>;
  }

  /** A task that lives in another program, by its name; the type of its function is yours to say. Nothing is checked before it is sent. */
  remote<F extends AnyFunction>(name: string, options: ApplyOptions = {}): RemoteTaskOf<F> {
    return new TaskHandle(this.#services, name, undefined, options) as unknown as RemoteTask<Parameters<F>, Awaited<ReturnType<F>>>; // the caller says its type
  }

  /** Sends a call by the task's name alone. It is never executed here, whatever the setting `taskAlwaysEager` says. */
  sendTask(name: string, args: readonly unknown[] = [], options: ApplyOptions = {}): Promise<AsyncResult<unknown>> {
    if (this.conf.taskAlwaysEager)
      this.logger.warn({ task: name }, `sendTask("${name}") sends a message although the setting taskAlwaysEager is on`);
    const { kwargs = {}, ...rest } = options;
    return this.#sender.send({ name, task: this.tasks.get(name), args, kwargs, options: rest, unchecked: true });
  }

  /** A signature of this app, from its record or from a task's name. */
  signature(task: string | SignatureRecord, args: readonly unknown[] = [], options: SignatureInit = {}): Signature<unknown[], unknown> {
    return nodeOf(task, args, options, this.#services.calls) as unknown as Signature<unknown[], unknown>; // what it takes and gives is not known here
  }

  /** The result of a task with this id. */
  AsyncResult<R = unknown>(id: string): AsyncResult<R> {
    return new StoredResult<R>(id, this.#services.results);
  }

  /**
   * The result that `result.toTuple()` named, with those before it as its parents: for a name that was kept or sent elsewhere as JSON.
   * @throws SerializationError CELERIAC_DECODE_FAILED where it is no name of a result
   */
  resultFromTuple<R = unknown>(tuple: ResultTuple): AsyncResult<R> {
    return resultFromTuple(parseResultTuple(tuple), this.#services.results) as AsyncResult<R>; // the caller says its type
  }

  /** Calls a function whenever this happens. Gives what removes it again. */
  on<Name extends HookName>(name: Name, handler: HookHandler<Name>, options?: HookOptions): () => void {
    return this.hooks.on(name, handler, options);
  }

  /** Changes settings; they stand before those of every other source. @throws ConfigError where one is wrong */
  configure(settings: AppSettings | Settings | Readonly<Record<string, unknown>>): void {
    this.config.update(fullNames(settings));
  }

  /** Imports task modules when a worker starts: `<folder>/tasks.ts` of each folder, and the files that match globs. */
  async autodiscoverTasks(places: readonly string[] | (() => readonly string[]), options: AutodiscoverOptions = {}): Promise<void> {
    const discover = (): Promise<void> => importDiscovered(typeof places === "function" ? places() : places, options);
    if (options.force === true) await discover();
    else this.#discoveries.push(discover);
  }

  /**
   * Makes it ready to execute: imports the modules of the settings `imports` and `include` and those to be discovered, and loads the broker's
   * driver. Called by workers; content when called twice.
   */
  async finalize(): Promise<void> {
    await this.hooks.emitAsync("importModules", { sender: this.name, app: this });
    await importListed(this.conf.imports, "the setting imports");
    await importListed(this.conf.include, "the setting include");
    for (const discover of this.#discoveries.splice(0)) await discover();
    this.#factory = await this.#sender.factory();
    await this.hooks.emitAsync("onAfterFinalize", { sender: this.name, app: this });
  }

  /** What execution needs of it, for one node. @throws UsageError before `finalize()` */
  executionHost(options: ExecutionHostOptions): ExecutionHost {
    if (this.#factory === undefined) {
      throw new UsageError("CELERIAC_USAGE", {
        message: `expected app.finalize() to be awaited before app.executionHost() is called; the app is ${this.name}`,
      });
    }
    return new AppExecutionHost(this, this.#factory, this, options);
  }

  /** Publishes messages that execution built; their queues are declared where they are named. */
  publishBuilt(messages: readonly BuiltMessage[]): Promise<void> {
    return this.#sender.publishBuilt(messages);
  }

  /** What a report of a fault should say: versions, machine, URLs and settings, without secrets. */
  bugreport(): string {
    return reportText(this);
  }

  /** Closes its connections. Safe to call twice. */
  async close(): Promise<void> {
    leaveSharedTasks(this.#adopter);
    await this.connections.close();
    this.hooks.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #register(task: Omit<RegisteredTaskInit, "settings">): RegisteredTask {
    checkTaskOptions(task.name, task.given);
    const made = new RegisteredTask({ ...task, settings: () => this.conf });
    const registered = this.tasks.add(made);
    // The same function under the same name is bound once.
    if (registered === made) task.given.onBound?.(this);
    return registered;
  }

  /** One function a task, so that the same task is the same value. */
  #bind(task: RegisteredTask): unknown {
    let bound = this.#bound.get(task);
    if (bound === undefined) {
      bound = boundTaskFunction(this.#services, task);
      this.#bound.set(task, bound);
    }
    return bound;
  }

  #tellOfSettings(): void {
    if (this.#telling) return; // handlers read and change settings too
    this.#telling = true;
    this.hooks.emit("onConfigure", { sender: this.name, app: this });
    if (this.hooks.has("onAfterConfigure"))
      this.hooks.emit("onAfterConfigure", { sender: this.name, app: this, source: { ...this.config.settings } });
    this.#told = this.config.settings;
    this.#telling = false;
  }

  #codec(): DocumentCodec {
    return createDocumentCodec(this.serializers, this.conf);
  }
}

function compiled(settings: ResolvedSettings): { readonly queues: Queues; readonly routes: CompiledRoutes } {
  return { queues: new Queues(settings), routes: compileRoutes(settings.taskRoutes) };
}

/** The forms of `app.task`: a name, options and a function, of which only the function must be there. */
function definitionOf(
  app: string,
  given: readonly unknown[],
): { readonly name: string; readonly options: TaskOptions; readonly fn: TaskFunction } {
  const fn = given.at(-1);
  if (typeof fn !== "function") {
    throw new UsageError("CELERIAC_USAGE", {
      message: `expected app.task(name?, options?, function) to be given a function last, got: ${typeof fn}`,
    });
  }
  const name = given.find((each) => typeof each === "string");
  const options = given.find((each) => typeof each === "object" && each !== null);
  // The overloads of `task` have said what may stand here.
  return { name: name ?? generatedTaskName(app, fn), options: options ?? {}, fn: fn as TaskFunction };
}

/** An app, as those name it who are given one. */
export type Celeriac = CeleriacApp;
