// What execution needs of an app, for one node. Builds messages and sends none.
import { randomUUID } from "node:crypto";
import type { Document } from "../backend/contract.ts";
import { isChain } from "../canvas/chain-record.ts";
import { mergeCall } from "../canvas/merge.ts";
import type { BuiltFollowUp, BuiltMessage, ExecutionHost, ExecutionSettings, FollowUp, MessageDraft } from "../execution/execution-host.ts";
import type { Hooks } from "../hooks/hooks.ts";
import { encodeResultMeta } from "../protocol/result-meta-codec.ts";
import type { ResultMeta, ResultTuple } from "../protocol/result-meta.ts";
import { taskTuple } from "../protocol/result-tuple.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { AcceptList } from "../serialization/serializer.ts";
import type { SerializerRegistry } from "../serialization/serializer-registry.ts";
import type { TaskLookup } from "../task/task-definition.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";
import type { AppContext } from "./app-context.ts";
import { draftOf } from "./draft-of.ts";
import type { MessageFactory } from "./message-factory.ts";
import { draftAfterHooks } from "./publish-hooks.ts";
import { prepareCall } from "./prepare-call.ts";
import { callOf, prepareChain } from "./run-canvas.ts";

/** Which node executes, and where it logs. */
export interface ExecutionHostOptions {
  /** Name of the node, such as `celery@host`. */
  readonly hostname: string;
  /** @default the app's */
  readonly logger?: Logger;
}

/** An app as execution sees it. */
export class AppExecutionHost implements ExecutionHost {
  readonly tasks: TaskLookup;
  readonly hooks: Hooks;
  readonly serializers: SerializerRegistry;
  readonly accept: AcceptList;
  readonly settings: ExecutionSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly hostname: string;
  readonly app: unknown;
  readonly #context: AppContext;
  readonly #factory: MessageFactory;

  /** @param factory makes the messages of the broker that is published to */
  constructor(context: AppContext, factory: MessageFactory, app: unknown, options: ExecutionHostOptions) {
    this.#context = context;
    this.#factory = factory;
    this.app = app;
    this.tasks = context.tasks;
    this.hooks = context.hooks;
    this.serializers = context.serializers;
    this.accept = context.serializers.acceptList(context.conf.acceptContent);
    this.settings = context.conf;
    this.clock = context.clock;
    this.logger = options.logger ?? context.logger;
    this.hostname = options.hostname;
  }

  buildMessage(draft: MessageDraft): BuiltMessage {
    return this.#factory.build(draftAfterHooks(this.#context, draft), undefined, this.clock.now());
  }

  buildFollowUp(followUp: FollowUp): BuiltFollowUp {
    const { signature, args, chain, parentId, rootId, priority, group, groupIndex } = followUp;
    const called = mergeCall(signature, {
      args,
      options: {
        parent_id: parentId,
        root_id: rootId,
        ...(priority === null || signature.options["priority"] !== undefined ? {} : { priority }),
        ...(group === undefined ? {} : { group_id: group }),
        ...(groupIndex === undefined ? {} : { group_index: groupIndex }),
      },
    });
    if (!isChain(called)) return this.#buildOne(chain === null ? called : { ...called, options: { ...called.options, chain } });
    const { first, ids } = prepareChain(called, { rest: chain, replyTo: this.#factory.replyTo });
    const { messages } = this.#buildOne(first);
    return { messages, child: chainTuple(ids) };
  }

  encodeMeta(meta: ResultMeta): Document {
    return encodeResultMeta(meta, this.serializers, this.#context.conf.resultSerializer);
  }

  #buildOne(signature: SignatureRecord): BuiltFollowUp {
    const call = callOf(this.#context, signature);
    const prepared = prepareCall(this.#context, call, undefined);
    const id = call.options.taskId ?? randomUUID();
    const draft = draftOf(prepared, id, call.args, call.kwargs);
    const ready = draftAfterHooks(this.#context, draft);
    const envelope = ready === draft ? prepared.envelope : this.#factory.envelopeAfter(ready.headers, prepared.envelope, this.clock.now());
    return { messages: [this.#factory.build(ready, envelope)], child: taskTuple(id) };
  }
}

/** A chain is recorded by its last step, whose parents are the others. */
function chainTuple(ids: readonly string[]): ResultTuple {
  let tuple: ResultTuple | null = null;
  for (const id of ids) tuple = taskTuple(id, tuple);
  return tuple ?? taskTuple("");
}
