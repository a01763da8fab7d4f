import { encodeException, exceptionRepr } from "../protocol/exception-record.ts";

/** Python-like text of a thrown value, such as `TypeError('x is not a function')`: what logs and monitors show. */
export function errorRepr(error: unknown): string {
  return exceptionRepr(encodeException(error));
}
