// What RabbitMQ and amqplib say when something fails, read.

/** Reply codes that a caller can do something about. */
export const REPLY = {
  accessRefused: 403,
  notFound: 404,
  resourceLocked: 405,
  preconditionFailed: 406,
  notAllowed: 530,
  notImplemented: 540,
} as const;

/** The reply code that an error carries, in its `code` or its text; undefined where it is not the server's. */
export function replyCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { readonly code?: unknown };
  if (typeof code === "number") return code;
  const match = /\b([2-5]\d\d) \([A-Z_-]+\)/.exec(error.message) ?? /replyCode:? (\d{3})/.exec(error.message);
  return match === null ? undefined : Number(match[1]);
}

/** What the server said, without amqplib's words around it. */
export function serverText(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  const match = /with message "([\s\S]*)"$/.exec(text) ?? /replyText:? '([^']*)'/.exec(text);
  return match?.[1] ?? text;
}
