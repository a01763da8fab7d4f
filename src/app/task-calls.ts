// What calls, signatures and bound tasks ask of an app: to send, or to execute here where the settings say so.
import { hostname as osHostname } from "node:os";
import type { AsyncResult } from "../canvas/async-result.ts";
import { isChain } from "../canvas/chain-record.ts";
import type { SignatureSender } from "../canvas/signature-sender.ts";
import { createExecutor } from "../execution/executor.ts";
import type { Executor } from "../execution/executor-contract.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { AppContext } from "./app-context.ts";
import { AppExecutionHost } from "./app-execution-host.ts";
import type { BulkCall, Sender } from "./sender.ts";
import { EagerRunner } from "./eager.ts";
import { MessageFactory } from "./message-factory.ts";
import type { TaskCall } from "./prepare-call.ts";
import type { ResultSource } from "./results/result-source.ts";
import { callOf, chainResults, prepareChain } from "./run-canvas.ts";

/** Sends or executes the calls of one app. */
export class TaskCalls implements SignatureSender {
  readonly #app: AppContext;
  readonly #sender: Sender;
  readonly #results: ResultSource;
  readonly #eager: EagerRunner;
  #executor: Executor | undefined;

  constructor(app: AppContext, sender: Sender, results: ResultSource) {
    this.#app = app;
    this.#sender = sender;
    this.#results = results;
    this.#eager = new EagerRunner({ app, executor: () => this.#executorHere(), hostname: osHostname() });
  }

  /** Sends a call; executes it here where the setting `taskAlwaysEager` is on and the app has the task. */
  call(call: TaskCall): Promise<AsyncResult<unknown>> {
    return this.#app.conf.taskAlwaysEager && call.task !== undefined ? this.#eager.run(call, { roundTrip: true }) : this.#sender.send(call);
  }

  /** Sends many calls, which differ in their positional arguments alone. */
  async callMany(call: BulkCall, argsList: Iterable<readonly unknown[]>): Promise<AsyncResult<unknown>[]> {
    if (!this.#app.conf.taskAlwaysEager || call.task === undefined) return this.#sender.sendMany(call, argsList);
    const results: AsyncResult<unknown>[] = [];
    for (const args of argsList) results.push(await this.#eager.run({ ...call, args }, { roundTrip: true }));
    return results;
  }

  /** Executes a call here. */
  apply(call: TaskCall): Promise<AsyncResult<unknown>> {
    return this.#eager.run(call);
  }

  async sendSignature(signature: SignatureRecord): Promise<AsyncResult<unknown>> {
    if (this.#app.conf.taskAlwaysEager && (isChain(signature) || this.#app.tasks.has(signature.task))) {
      return this.#eager.runSignature(signature, { roundTrip: true });
    }
    if (!isChain(signature)) return this.call(callOf(this.#app, signature));
    const { first, ids } = prepareChain(signature, { replyTo: (await this.#sender.factory()).replyTo });
    await this.#sender.send(callOf(this.#app, first));
    return chainResults(ids, this.#results);
  }

  applySignature(signature: SignatureRecord): Promise<AsyncResult<unknown>> {
    return this.#eager.runSignature(signature);
  }

  /** Eager execution sends nothing, so that no broker is asked what it can do. */
  #executorHere(): Executor {
    if (this.#executor === undefined) {
      const { serializers, oid, conf } = this.#app;
      const factory = new MessageFactory({
        serializers,
        oid,
        deliveryMode: conf.taskDefaultDeliveryMode,
        capabilities: { celeryPeers: true, delay: false, expiry: false },
      });
      this.#executor = createExecutor(new AppExecutionHost(this.#app, factory, this.#app, { hostname: osHostname() }));
    }
    return this.#executor;
  }
}
