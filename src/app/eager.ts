// Executes calls here, in the process that makes them: `task.apply()`, and everything that is sent while the setting `taskAlwaysEager` is on.
// Retries run at once, callbacks and the steps of a chain one after the other, depth first.
import { randomUUID } from "node:crypto";
import { isChain } from "../canvas/chain-record.ts";
import { taskIdOf } from "../canvas/freeze.ts";
import { withLinks } from "../canvas/links.ts";
import { mergeCall } from "../canvas/merge.ts";
import type { EagerOutcome, Executor } from "../execution/executor-contract.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import { states } from "../protocol/states.ts";
import { encodeTaskBody, parseTaskBody } from "../protocol/task-body.ts";
import { encodeException } from "../protocol/exception-record.ts";
import { taskTuple } from "../protocol/result-tuple.ts";
import { emptyEmbed } from "../protocol/task-message.ts";
import type { RegisteredTask } from "../task/registered-task.ts";
import type { TaskRequest } from "../task/task-request.ts";
import { formatIsoTime } from "../util/iso-time.ts";
import type { AppContext } from "./app-context.ts";
import { refuseArguments } from "./check-call.ts";
import { callDirectly } from "./direct-context.ts";
import { type PreparedCall, prepareCall, type TaskCall } from "./prepare-call.ts";
import { EagerResult } from "./results/eager-result.ts";
import { callOf, preparedSteps } from "./run-canvas.ts";
import { workerTask } from "./running-task.ts";

/** What eager execution works with. */
export interface EagerParams {
  readonly app: AppContext;
  executor(): Executor;
  /** Name of this node in requests. */
  readonly hostname: string;
}

/** Executes calls in this process. */
export class EagerRunner {
  readonly #params: EagerParams;

  constructor(params: EagerParams) {
    this.#params = params;
  }

  /**
   * Executes a call, its retries, and what follows it.
   * @param roundTrip whether the arguments go through the serializer, as they would on the way to a worker
   * @throws what the task threw, where the setting `taskEagerPropagates` is on
   */
  async run(
    call: TaskCall,
    options: { readonly roundTrip?: boolean; readonly parent?: EagerResult<unknown> | null } = {},
  ): Promise<EagerResult<unknown>> {
    const { app } = this.#params;
    if (!Array.isArray(call.args)) refuseArguments(call.name, call.args);
    const task = app.tasks.find(call.name);
    const parent = workerTask();
    const prepared = prepareCall(app, { ...call, task }, parent);
    const [args, kwargs] = options.roundTrip === true ? this.#roundTrip(call, prepared) : [call.args, call.kwargs];
    const id = call.options.taskId ?? randomUUID();
    const outcome = await this.#untilItEnds(task, this.#request(prepared, id, args, kwargs));
    if (parent !== undefined && call.options.addToParent !== false) parent.addChild(taskTuple(id));
    if (outcome.state === "REPLACED" && outcome.replacement !== undefined) return this.#replaced(call, id, outcome.replacement);
    const result = await this.#ended(task, id, outcome, options.parent ?? null);
    await this.#follow(prepared, id, outcome);
    if (outcome.state === "FAILURE" && app.conf.taskEagerPropagates) throw outcome.error;
    return result;
  }

  /** Executes a signature: a task, or the steps of a chain one after the other. The result is that of the last. */
  async runSignature(record: SignatureRecord, options: { readonly roundTrip?: boolean } = {}): Promise<EagerResult<unknown>> {
    if (!isChain(record)) return this.run(callOf(this.#params.app, record), options);
    const steps = preparedSteps(record);
    let before: EagerResult<unknown> | null = null;
    let root: string | undefined;
    for (const step of steps) {
      if (before !== null && (await before.state()) !== states.SUCCESS) return this.#abandoned(steps.at(-1) ?? step, before);
      const lead: readonly unknown[] = before === null ? [] : [await before.get()];
      const ids: Record<string, unknown> = before === null ? {} : { parent_id: before.id, root_id: root };
      const result: EagerResult<unknown> = await this.run(callOf(this.#params.app, mergeCall(step, { args: lead, options: ids })), {
        ...options,
        parent: before,
      });
      root ??= result.id;
      before = result;
    }
    return before ?? this.run(callOf(this.#params.app, record), options);
  }

  async #untilItEnds(task: RegisteredTask, first: TaskRequest): Promise<EagerOutcome> {
    const executor = this.#params.executor();
    for (let request = first; ;) {
      const outcome = await executor.executeEager({ definition: task, request });
      if (outcome.state !== "RETRY" || outcome.next === undefined) return outcome;
      request = { ...outcome.next, isEager: true, eta: null };
    }
  }

  /** The replacement runs under the same id, with what was to follow the task that it replaces. */
  #replaced(call: TaskCall, id: string, replacement: SignatureRecord): Promise<EagerResult<unknown>> {
    const { link, linkError } = call.options;
    const followers = (value: unknown): readonly SignatureRecord[] =>
      value === undefined ? [] : ((Array.isArray(value) ? value : [value]) as readonly SignatureRecord[]);
    const followed = withLinks(withLinks(replacement, "link", followers(link)), "link_error", followers(linkError));
    return this.runSignature({ ...followed, options: { ...followed.options, task_id: id } });
  }

  async #ended(
    task: RegisteredTask,
    id: string,
    outcome: EagerOutcome,
    parent: EagerResult<unknown> | null,
  ): Promise<EagerResult<unknown>> {
    const { app } = this.#params;
    const dateDone = formatIsoTime(app.clock.now());
    const failed = outcome.state !== "SUCCESS";
    const traceback = outcome.traceback ?? null;
    const result = new EagerResult<unknown>(
      id,
      { state: outcome.state, value: failed ? outcome.error : outcome.value, traceback, dateDone },
      parent,
    );
    const stored = outcome.state === "SUCCESS" || outcome.state === "FAILURE";
    if (stored && task.callDefaults.storeEagerResult && !task.options.ignoreResult) {
      const backend = await app.connections.backend();
      const value = failed ? encodeException(outcome.error, { classes: app.errorClasses, registry: app.serializers }) : outcome.value;
      await backend.storeMeta({ taskId: id, status: outcome.state, result: value, traceback, children: [], dateDone });
    }
    return result;
  }

  async #follow({ embed, headers }: PreparedCall, id: string, outcome: EagerOutcome): Promise<void> {
    const ids = { parent_id: id, root_id: headers.rootId ?? id };
    if (outcome.state === "SUCCESS") {
      for (const callback of embed.callbacks ?? []) await this.runSignature(mergeCall(callback, { args: [outcome.value], options: ids }));
      const next = embed.chain?.at(-1);
      if (next !== undefined)
        await this.runSignature(mergeCall(next, { args: [outcome.value], options: { ...ids, chain: embed.chain?.slice(0, -1) } }));
    } else if (outcome.state === "FAILURE") {
      for (const errback of embed.errbacks ?? []) await this.#errback(errback, id, headers.task, outcome, ids);
    }
  }

  /** An errback that takes more than an id is called with (request, error, traceback), as a worker does. */
  async #errback(
    errback: SignatureRecord,
    id: string,
    failed: string,
    outcome: EagerOutcome,
    ids: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const { app, hostname } = this.#params;
    const local = errback.immutable || errback.args.length > 0 ? undefined : app.tasks.get(errback.task);
    if (local === undefined || local.arity <= 1) {
      await this.runSignature(mergeCall(errback, { args: [id], options: ids }));
      return;
    }
    const request = { id, task: failed, hostname, isEager: true };
    try {
      await callDirectly(app, local, [request, outcome.error, outcome.traceback ?? null]);
    } catch (error) {
      app.logger.error({ err: error, task: failed, id }, `the errback ${local.name} of task ${failed}[${id}] threw`);
    }
  }

  /** A step after a failed one never runs; its result is that failure. */
  async #abandoned(last: SignatureRecord, before: EagerResult<unknown>): Promise<EagerResult<unknown>> {
    const end = {
      state: await before.state(),
      value: await before.info(),
      traceback: await before.traceback(),
      dateDone: formatIsoTime(this.#params.app.clock.now()),
    };
    return new EagerResult<unknown>(taskIdOf(last) ?? randomUUID(), end, before);
  }

  #roundTrip(call: TaskCall, prepared: PreparedCall): readonly [readonly unknown[], Readonly<Record<string, unknown>>] {
    const { serializers } = this.#params.app;
    const { args, kwargs } = call;
    const content = encodeTaskBody({ args, kwargs, embed: emptyEmbed }, serializers, { serializer: prepared.serializer });
    const accept = serializers.acceptList([prepared.serializer]);
    const payload = parseTaskBody(serializers.decode(content, accept), { task: call.name });
    return [payload.args, payload.kwargs];
  }

  #request(prepared: PreparedCall, id: string, args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): TaskRequest {
    const { headers } = prepared;
    return {
      id,
      task: headers.task,
      args,
      kwargs,
      retries: headers.retries,
      eta: null,
      expires: null,
      rootId: headers.rootId ?? id,
      parentId: headers.parentId,
      group: headers.group,
      groupIndex: headers.groupIndex,
      correlationId: id,
      replyTo: prepared.replyTo,
      shadow: headers.shadow,
      origin: headers.origin,
      ignoreResult: headers.ignoreResult ?? false,
      timeLimit: headers.timelimit[0],
      softTimeLimit: headers.timelimit[1],
      replacedTaskNesting: headers.replacedTaskNesting,
      stampedHeaders: headers.stampedHeaders,
      stamps: headers.stamps,
      headers: headers.custom,
      ...prepared.embed,
      hostname: this.#params.hostname,
      deliveryInfo: null,
      isEager: true,
      calledDirectly: false,
    };
  }
}
