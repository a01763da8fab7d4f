// Between publications and rows of the table `messages`. Headers and properties are one JSON text that is read only when somebody asks:
// most deliveries are settled by code that needs the body, the tag and a header or two.
import type { Deaths, Delivery, MessageProperties, Publication } from "../../broker/contract.ts";
import { SerializationError } from "../../errors/celeriac-error.ts";
import { headersText } from "./headers-text.ts";
import type { QueueEntry } from "./topology-table.ts";

const DEFAULT_TYPE = "application/json";
const DEFAULT_ENCODING = "utf-8";
const NOTHING: Readonly<Record<string, never>> = Object.freeze({});
const NO_DEATHS: Deaths = Object.freeze({ child: 0, worker: 0 });

/** A publication as it will be written, made before the transaction. */
export interface PreparedMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly visibleAt: number | undefined;
  readonly priority: number;
  readonly expirationMs: number | undefined;
  /** `[headers, properties, contentType, contentEncoding]` as JSON, cut after the last that is not the default. */
  readonly meta: string | null;
  readonly body: string | Uint8Array;
  /** What was to be published, where a queue must take it. */
  readonly mandatory: Publication | undefined;
}

/** Prepares a publication. @throws SerializationError where its headers or properties are no JSON */
export function prepareMessage(publication: Publication): PreparedMessage {
  const { exchange, routingKey, visibleAt, message } = publication;
  const { body, properties } = message;
  return {
    exchange,
    routingKey,
    visibleAt,
    priority: properties.priority ?? 0,
    expirationMs: properties.expirationMs,
    meta: metaOf(message),
    // Bytes belong to the caller, who may use the buffer again before the transaction.
    body: typeof body === "string" ? body : body.slice(),
    mandatory: publication.mandatory === true ? publication : undefined,
  };
}

function metaOf(message: Publication["message"]): string | null {
  try {
    return encodeMeta(message);
  } catch (error) {
    const reason = `the headers or properties of the message are no JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new SerializationError("CELERIAC_ENCODE_FAILED", { serializer: "json", reason }, { cause: error });
  }
}

function encodeMeta({ headers, properties, contentType, contentEncoding }: Publication["message"]): string | null {
  if (contentEncoding !== DEFAULT_ENCODING) return JSON.stringify([headers, properties, contentType, contentEncoding]);
  if (contentType !== DEFAULT_TYPE) return JSON.stringify([headers, properties, contentType]);
  for (const _ in properties) return JSON.stringify([headers, properties]);
  for (const _ in headers) return headersText(headers);
  return null;
}

/** The columns of a claimed row, in this order. */
export const CLAIMED_COLUMNS: string = "id, priority, expires, redelivered, child_deaths, worker_deaths, exchange, routing_key, meta, body";

/** A row as the statements give it: an array of {@link CLAIMED_COLUMNS}. */
export type ClaimedRow = readonly [
  id: number,
  priority: number,
  expires: number | null,
  redelivered: number,
  childDeaths: number,
  workerDeaths: number,
  exchange: string | null,
  routingKey: string | null,
  meta: string | null,
  body: string | Uint8Array,
];

type Meta = readonly [headers?: Record<string, unknown>, properties?: MessageProperties, contentType?: string, contentEncoding?: string];

/** Someone whose number of held deliveries is bounded. */
export interface Holder {
  held: number;
}

let lastTag = 0;

/** A delivery whose headers and properties are decoded when they are asked for. */
export class SqliteDelivery implements Delivery {
  readonly tag: number;
  readonly queue: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly redelivered: boolean;
  readonly deaths: Deaths;
  readonly body: string | Uint8Array;
  /** The row. */
  readonly id: number;
  /** The claim that it is held by. */
  readonly lease: number;
  /** Place among the rows of this lease, which are in the order of their ids. */
  readonly index: number;
  readonly source: QueueEntry;
  /** The connection and the consumer that it was delivered to; a consumer's is counted against its prefetch. */
  readonly holder: Holder;
  readonly #meta: string | null;
  #decoded: Meta | undefined;

  constructor(row: ClaimedRow, source: QueueEntry, lease: number, index: number, holder: Holder) {
    this.tag = ++lastTag;
    this.id = row[0];
    this.queue = source.name;
    this.redelivered = row[3] !== 0;
    this.deaths = row[4] === 0 && row[5] === 0 ? NO_DEATHS : { child: row[4], worker: row[5] };
    this.exchange = row[6] ?? "";
    this.routingKey = row[7] ?? source.name;
    this.#meta = row[8];
    this.body = row[9];
    this.lease = lease;
    this.index = index;
    this.source = source;
    this.holder = holder;
  }

  get headers(): Readonly<Record<string, unknown>> {
    return this.#decode()[0] ?? NOTHING;
  }

  get properties(): MessageProperties {
    return this.#decode()[1] ?? NOTHING;
  }

  get contentType(): string {
    return this.#decode()[2] ?? DEFAULT_TYPE;
  }

  get contentEncoding(): string {
    return this.#decode()[3] ?? DEFAULT_ENCODING;
  }

  #decode(): Meta {
    return (this.#decoded ??= this.#meta === null ? [] : (JSON.parse(this.#meta) as Meta)); // written by encodeMeta
  }
}
