import { parseIsoTime } from "../util/iso-time.ts";

/**
 * When a task expires, in milliseconds since 1970.
 * @param expires the header: an ISO-8601 text, or seconds since 1970. One that cannot be read never expires
 */
export function expiresAt(expires: string | number): number {
  return typeof expires === "number" ? expires * 1000 : (parseIsoTime(expires)?.epochMs ?? Number.POSITIVE_INFINITY);
}
