import type { Deaths, Delivery, MessageProperties } from "../../broker/contract.ts";
import { DEATHS_HEADER } from "../../broker/death-count.ts";
import { bodyOf, type Envelope, propertiesOf } from "./envelope.ts";
import type { QueueEntry } from "./queue-entry.ts";

/** Someone whose number of held deliveries is bounded. */
export interface Holder {
  held: number;
}

/** Where a delivery comes from and who has it. */
export interface DeliveryOrigin {
  readonly source: QueueEntry;
  readonly step: number;
  readonly holder: Holder;
  readonly order: number;
}

const NO_DEATHS: Deaths = Object.freeze({ child: 0, worker: 0 });

/** A delivery whose body and properties are decoded when they are asked for. */
export class RedisDelivery implements Delivery {
  /** The field of `unacked` that keeps it; for copies of a fanout a name of that form. */
  readonly tag: string;
  readonly source: QueueEntry;
  /** The step of priority of the list that it came from. */
  readonly step: number;
  /** The envelope as it was in the list. */
  readonly text: string;
  readonly holder: Holder;
  readonly redelivered: boolean;
  readonly deaths: Deaths;
  /** Goes up from one delivery of this process to the next, in the order in which they came. */
  order: number;
  readonly #envelope: Envelope;
  #body: Uint8Array | undefined;
  #properties: MessageProperties | undefined;

  constructor(tag: string, text: string, envelope: Envelope, origin: DeliveryOrigin) {
    this.tag = tag;
    this.text = text;
    this.#envelope = envelope;
    this.source = origin.source;
    this.step = origin.step;
    this.holder = origin.holder;
    this.order = origin.order;
    this.redelivered = envelope.redelivered;
    this.deaths = deathsIn(envelope.headers);
  }

  get queue(): string {
    return this.source.name;
  }

  get exchange(): string {
    return this.#envelope.exchange;
  }

  get routingKey(): string {
    return this.#envelope.routingKey;
  }

  get headers(): Readonly<Record<string, unknown>> {
    return this.#envelope.headers;
  }

  get contentType(): string {
    return this.#envelope.contentType;
  }

  get contentEncoding(): string {
    return this.#envelope.contentEncoding;
  }

  get body(): Uint8Array {
    return (this.#body ??= bodyOf(this.#envelope));
  }

  get properties(): MessageProperties {
    return (this.#properties ??= propertiesOf(this.#envelope));
  }
}

/** The deaths that an envelope's header tells. */
export function deathsIn(headers: Readonly<Record<string, unknown>>): Deaths {
  const header = headers[DEATHS_HEADER];
  if (typeof header !== "object" || header === null) return NO_DEATHS;
  const { child, worker } = header as { readonly child?: unknown; readonly worker?: unknown };
  return { child: countOf(child), worker: countOf(worker) };
}

function countOf(value: unknown): number {
  return typeof value === "number" && value >= 0 ? value : 0;
}
