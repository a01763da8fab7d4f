// The one path by which anything is sent: arguments checked, options merged, route found, message made, hooks told, queue declared, message
// published, child recorded. `sendMany` takes it once for all its calls.
import { randomUUID } from "node:crypto";
import type { Broker } from "../broker/broker.ts";
import type { MessageProperties, Publication, Queue } from "../broker/contract.ts";
import { untakenBy } from "../broker/no-queue-takes.ts";
import type { AsyncResult } from "../canvas/async-result.ts";
import type { ApplyOptions } from "../canvas/call-options.ts";
import { UsageError } from "../errors/celeriac-error.ts";
import type { BuiltMessage, MessageDraft } from "../execution/execution-host.ts";
import type { PublishDraft } from "../hooks/hook-subjects.ts";
import { taskTuple } from "../protocol/result-tuple.ts";
import type { RegisteredTask } from "../task/registered-task.ts";
import type { TaskContext } from "../task/task-context.ts";
import type { AppContext } from "./app-context.ts";
import { AnswerQueue } from "./answer-queue.ts";
import { refuseArguments } from "./check-call.ts";
import { DeclaredByUs } from "./declared-by-us.ts";
import { draftOf } from "./draft-of.ts";
import { MessageFactory, type MessageTemplate } from "./message-factory.ts";
import { type PreparedCall, prepareCall, type TaskCall } from "./prepare-call.ts";
import { changeable, tellOfBuilt } from "./publish-hooks.ts";
import { mandatoryOne, TaskPublishing } from "./publish-tasks.ts";
import { StoredResult } from "./results/stored-result.ts";
import type { ResultSource } from "./results/result-source.ts";
import { workerTask } from "./running-task.ts";

/** No keyword arguments. */
export const NO_KWARGS: Readonly<Record<string, unknown>> = Object.freeze({});
/** The options of a call that says nothing. The object itself is asked for, so that such calls can be prepared once. */
export const NO_OPTIONS: ApplyOptions = Object.freeze({});

/** Many calls of one task, without their positional arguments. */
export type BulkCall = Omit<TaskCall, "args">;

const NO_ARGS: readonly unknown[] = Object.freeze([]);

/** Sends task messages for one app. */
export class Sender {
  readonly #app: AppContext;
  readonly #results: ResultSource;
  readonly #answers: AnswerQueue;
  readonly #declared: DeclaredByUs = new DeclaredByUs();
  readonly #publishing: TaskPublishing;
  readonly #plain: WeakMap<RegisteredTask, { readonly of: unknown; readonly prepared: PreparedCall }> = new WeakMap();
  readonly #templates: WeakMap<PreparedCall, MessageTemplate> = new WeakMap();
  #factory: { readonly of: Broker; readonly factory: MessageFactory } | undefined;
  /** Built messages that went out of a call in which others were refused: who tries the call again must not send them twice. */
  #alreadySent: WeakSet<BuiltMessage> | undefined;

  constructor(app: AppContext, results: ResultSource) {
    this.#app = app;
    this.#results = results;
    this.#answers = new AnswerQueue(app);
    this.#publishing = new TaskPublishing(app, this.#declared);
  }

  /** Sends one call; resolves when its message is as durable as the broker makes it. */
  send(call: TaskCall): Promise<AsyncResult<unknown>> {
    try {
      if (!Array.isArray(call.args)) refuseArguments(call.name, call.args);
      const checked = call.unchecked === true ? undefined : call.task?.bindArguments(call.args, call.kwargs);
      const parent = workerTask();
      if (checked instanceof Promise) return checked.then(() => this.#send(call, parent));
      return parent === undefined ? (this.#sendFast(call) ?? this.#send(call, parent)) : this.#send(call, parent);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** Nothing to wait for but the broker: no hooks, no running task, queue and broker at hand. Undefined where that is not so. */
  #sendFast(call: TaskCall): Promise<AsyncResult<unknown>> | undefined {
    const broker = this.#app.connections.writer;
    if (broker === undefined || this.#hooked() || !this.#answers.isReady(broker)) return undefined;
    const prepared = this.#prepare(call, undefined);
    if (prepared.publish !== undefined || (prepared.declare !== undefined && !this.#declared.has(broker, prepared.declare)))
      return undefined;
    const id = call.options.taskId ?? randomUUID();
    const factory = this.#factoryOf(broker);
    const template = prepared === this.#plainOf(call.task) ? this.#templateOf(factory, prepared) : undefined;
    const made =
      template === undefined
        ? factory.publication(draftOf(prepared, id, call.args, call.kwargs), prepared.envelope)
        : factory.fromTemplate(template, id, call.args, call.kwargs);
    const publication = this.#publishing.isMandatory(prepared.exchange, prepared.envelope.extra) ? mandatoryOne(made) : made;
    const result = new StoredResult<unknown>(id, this.#results, null, prepared.ignored);
    return broker.publish(publication).then(
      () => result,
      (error: unknown) => this.#publishing.again(error, broker, [publication], () => prepared.declare, undefined).then(() => result),
    );
  }

  async #send(call: TaskCall, parent: TaskContext | undefined): Promise<AsyncResult<unknown>> {
    const prepared = this.#prepare(call, parent);
    const broker = this.#app.connections.writer ?? (await this.#app.connections.broker("write"));
    const id = call.options.taskId ?? randomUUID();
    const draft = draftOf(prepared, id, call.args, call.kwargs);
    await this.#publish(broker, [draft], prepared);
    if (parent !== undefined && call.options.addToParent !== false) parent.addChild(taskTuple(id));
    return new StoredResult(id, this.#results, null, prepared.ignored);
  }

  #plainOf(task: RegisteredTask | undefined): PreparedCall | undefined {
    return task === undefined ? undefined : this.#plain.get(task)?.prepared;
  }

  /** The template of a call that was prepared before, and will be used again. */
  #templateOf(factory: MessageFactory, prepared: PreparedCall): MessageTemplate | undefined {
    let template = this.#templates.get(prepared);
    if (template === undefined) {
      template = factory.template(prepared);
      if (template !== undefined) this.#templates.set(prepared, template);
    }
    return template;
  }

  #hooked(): boolean {
    return this.#app.hooks.has("beforeTaskPublish") || this.#app.hooks.has("afterTaskPublish");
  }

  /** Calls that say nothing but their arguments are all prepared in the same way, until the settings change. */
  #prepare(call: TaskCall, parent: TaskContext | undefined): PreparedCall {
    const { task, options } = call;
    const own = task?.callDefaults;
    const plain =
      parent === undefined && options === NO_OPTIONS && own !== undefined && own.expiresSeconds === null && own.shadowName === undefined;
    if (!plain || task === undefined || this.#app.routes.dynamic) return prepareCall(this.#app, call, parent);
    const known = this.#plain.get(task);
    if (known?.of === this.#app.conf) return known.prepared;
    const prepared = prepareCall(this.#app, call, parent);
    this.#plain.set(task, { of: this.#app.conf, prepared });
    return prepared;
  }

  /** Sends many calls that differ in their positional arguments alone. */
  async sendMany(call: BulkCall, argsList: Iterable<readonly unknown[]>): Promise<AsyncResult<unknown>[]> {
    const { task, kwargs, options } = call;
    const app = this.#app;
    if (options.taskId !== undefined) {
      throw new UsageError("CELERIAC_USAGE", {
        message: `sendMany() of task ${call.name} cannot give all calls the taskId ${JSON.stringify(options.taskId)}; leave it out`,
      });
    }
    const parent = workerTask();
    const list = Array.isArray(argsList) ? (argsList as readonly (readonly unknown[])[]) : [...argsList];
    if (list.length === 0) return [];
    for (const args of list) if (!Array.isArray(args)) refuseArguments(call.name, args);
    if (task !== undefined) {
      for (const args of list) {
        const checked = task.bindArguments(args, kwargs);
        if (checked instanceof Promise) await checked;
      }
    }
    const broker = app.connections.writer ?? (await app.connections.broker("write"));
    const varies = app.routes.dynamic || task?.callDefaults.shadowName !== undefined || this.#hooked();
    const results = varies ? await this.#sendEach(broker, call, list, parent) : await this.#sendAlike(broker, call, list, parent);
    if (parent !== undefined && call.options.addToParent !== false) for (const result of results) parent.addChild(taskTuple(result.id));
    return results;
  }

  /** Calls that differ in nothing but their arguments: prepared, routed and published as one. */
  async #sendAlike(
    broker: Broker,
    call: BulkCall,
    list: readonly (readonly unknown[])[],
    parent: TaskContext | undefined,
  ): Promise<AsyncResult<unknown>[]> {
    const prepared = this.#prepare({ ...call, args: NO_ARGS }, parent);
    const factory = this.#factoryOf(broker);
    const template = factory.template(prepared);
    const { kwargs } = call;
    const mandatory = this.#publishing.isMandatory(prepared.exchange, prepared.envelope.extra);
    const results: AsyncResult<unknown>[] = [];
    const publications: Publication[] = [];
    for (const args of list) {
      const id = randomUUID();
      const made =
        template === undefined
          ? factory.publication(draftOf(prepared, id, args, kwargs), prepared.envelope)
          : factory.fromTemplate(template, id, args, kwargs);
      publications.push(mandatory ? mandatoryOne(made) : made);
      results.push(new StoredResult(id, this.#results, null, prepared.ignored));
    }
    if (prepared.declare !== undefined && !this.#declared.has(broker, prepared.declare))
      await this.#declared.declare(broker, prepared.declare);
    if (!this.#answers.isReady(broker)) await this.#answers.prepare(broker);
    await this.#publishing.publish(broker, publications, () => prepared.declare, prepared.publish);
    return results;
  }

  /** A router that looks at arguments, a name made from them, and hooks are asked for each call. */
  async #sendEach(
    broker: Broker,
    call: BulkCall,
    list: readonly (readonly unknown[])[],
    parent: TaskContext | undefined,
  ): Promise<AsyncResult<unknown>[]> {
    const results: AsyncResult<unknown>[] = [];
    const sent: Promise<void>[] = [];
    for (const args of list) {
      const prepared = this.#prepare({ ...call, args }, parent);
      const id = randomUUID();
      sent.push(this.#publish(broker, [draftOf(prepared, id, args, call.kwargs)], prepared));
      results.push(new StoredResult(id, this.#results, null, prepared.ignored));
    }
    await Promise.all(sent);
    return results;
  }

  /**
   * Publishes messages that were built before, as execution hands them over. Where it is rejected because no queue takes one, the others are
   * published, and are left out when the same objects are given again.
   */
  async publishBuilt(given: readonly BuiltMessage[]): Promise<void> {
    const sent = this.#alreadySent;
    const messages = sent === undefined ? given : given.filter((message) => !sent.has(message));
    if (messages.length === 0) return;
    const broker = this.#app.connections.writer ?? (await this.#app.connections.broker("write"));
    const queues = new Set<string>();
    for (const { queue } of messages) if (queue !== undefined) queues.add(queue);
    for (const name of queues) {
      const { queue, declaredByPublishers } = this.#app.queues.find(name);
      if (declaredByPublishers && !this.#declared.has(broker, queue)) await this.#declared.declare(broker, queue);
    }
    if (!this.#answers.isReady(broker)) await this.#answers.prepare(broker);
    const publications = messages.map((message) => this.#publicationOf(message));
    try {
      await this.#publishing.publish(
        broker,
        publications,
        (publication) => this.#queueOf(messages[publications.indexOf(publication)]),
        undefined,
      );
    } catch (error) {
      this.#noteSent(messages, publications, new Set(untakenBy(error)));
      throw error;
    }
    if (this.#app.hooks.has("afterTaskPublish")) tellOfBuilt(this.#app, messages);
  }

  #publicationOf({ exchange, routingKey, body, contentType, contentEncoding, headers, properties, visibleAt }: BuiltMessage): Publication {
    const publication = { exchange, routingKey, message: { body, contentType, contentEncoding, headers, properties } };
    const made = visibleAt === undefined ? publication : { ...publication, visibleAt };
    const { extra } = properties as MessageProperties;
    return this.#publishing.isMandatory(exchange, extra) ? mandatoryOne(made) : made;
  }

  /** The queue that a message names, where publishers declare it. */
  #queueOf(message: { readonly queue?: string | undefined } | undefined): Queue | undefined {
    if (message?.queue === undefined) return undefined;
    const { queue, declaredByPublishers } = this.#app.queues.find(message.queue);
    return declaredByPublishers ? queue : undefined;
  }

  #noteSent(messages: readonly BuiltMessage[], publications: readonly Publication[], untaken: ReadonlySet<Publication>): void {
    if (untaken.size === 0) return;
    this.#alreadySent ??= new WeakSet();
    for (const [i, message] of messages.entries()) {
      const publication = publications[i];
      if (publication !== undefined && !untaken.has(publication)) this.#alreadySent.add(message);
    }
  }

  /** The message factory of the broker that is published to. */
  async factory(): Promise<MessageFactory> {
    return this.#factoryOf(this.#app.connections.writer ?? (await this.#app.connections.broker("write")));
  }

  async #publish(broker: Broker, drafts: readonly MessageDraft[], prepared: PreparedCall): Promise<void> {
    const { hooks } = this.#app;
    const factory = this.#factoryOf(broker);
    const before = hooks.has("beforeTaskPublish");
    const after = hooks.has("afterTaskPublish");
    const ready = before ? await this.#runHooks(drafts) : drafts;
    const publications: Publication[] = [];
    const now = this.#app.clock.now();
    for (const draft of ready) {
      const made = factory.publication(draft, before ? factory.envelopeAfter(draft.headers, prepared.envelope, now) : prepared.envelope);
      publications.push(this.#publishing.isMandatory(draft.exchange, prepared.envelope.extra) ? mandatoryOne(made) : made);
    }
    if (before) await this.#declareChanged(broker, ready);
    else if (prepared.declare !== undefined && !this.#declared.has(broker, prepared.declare))
      await this.#declared.declare(broker, prepared.declare);
    if (!this.#answers.isReady(broker)) await this.#answers.prepare(broker);
    const queueOf = (publication: Publication): Queue | undefined =>
      before ? this.#queueOf(ready[publications.indexOf(publication)]) : prepared.declare;
    await this.#publishing.publish(broker, publications, queueOf, prepared.publish);
    if (after) for (const draft of ready) hooks.emit("afterTaskPublish", { sender: draft.headers.task, message: draft });
  }

  /** Handlers may change anything that is about to be sent. */
  async #runHooks(drafts: readonly MessageDraft[]): Promise<readonly PublishDraft[]> {
    const messages = drafts.map(changeable);
    for (const message of messages) await this.#app.hooks.emitAsync("beforeTaskPublish", { sender: message.headers.task, message });
    return messages;
  }

  async #declareChanged(broker: Broker, drafts: readonly PublishDraft[]): Promise<void> {
    for (const name of new Set(drafts.flatMap(({ queue }) => queue ?? []))) {
      const { queue, declaredByPublishers } = this.#app.queues.find(name);
      if (declaredByPublishers) await this.#declared.declare(broker, queue);
    }
  }

  #factoryOf(broker: Broker): MessageFactory {
    if (this.#factory?.of !== broker) {
      const { serializers, oid, conf } = this.#app;
      // Whoever sends a result must know where to.
      const celeryPeers = broker.capabilities.celeryPeers || this.#answers.queue !== undefined;
      const params = {
        serializers,
        capabilities: { ...broker.capabilities, celeryPeers },
        oid,
        deliveryMode: conf.taskDefaultDeliveryMode,
      };
      this.#factory = { of: broker, factory: new MessageFactory(params) };
    }
    return this.#factory.factory;
  }
}
