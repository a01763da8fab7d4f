/// <reference lib="esnext.disposable" preserve="true" />
// `celeriac/protocol`: messages, states and result documents as they are on Celery's wire.
export { decodeTaskMessage, type RawTaskMessage, TaskMessage } from "../protocol/decode-task-message.ts";
export { decodeException, encodeException, exceptionRepr } from "../protocol/exception-record.ts";
export type { ExceptionRecord, ResultMeta, ResultTuple } from "../protocol/result-meta.ts";
export { decodeResultMeta, encodeResultMeta } from "../protocol/result-meta-codec.ts";
export { parseSignature } from "../protocol/signature-codec.ts";
export type { SignatureRecord } from "../protocol/signature-record.ts";
export { EXCEPTION_STATES, isReady, PROPAGATE_STATES, READY_STATES, statePrecedence, states, type TaskState } from "../protocol/states.ts";
export { decodeTaskBody, encodeTaskBody } from "../protocol/task-body.ts";
export { decodeTaskHeaders, encodeTaskHeaders } from "../protocol/task-headers.ts";
export { emptyEmbed, type TaskEmbed, type TaskHeaders, type TaskPayload } from "../protocol/task-message.ts";
