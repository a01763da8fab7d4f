// What the server says, as errors of ours.
import { BrokerError, CeleriacError } from "../../errors/celeriac-error.ts";
import { REPLY, replyCodeOf, serverText } from "../../stores/amqp/amqp-failure.ts";

/** A refusal by the server. */
export function refusedByServer(operation: string, error: unknown): CeleriacError {
  if (error instanceof CeleriacError) return error;
  return new BrokerError("CELERIAC_BROKER_REFUSED", { operation, reason: `${serverText(error)}${adviceFor(error)}` }, { cause: error });
}

/** A request about a queue that failed: of a queue that is not there, or refused. Other errors stay as they are. */
export function failedOnQueue(operation: string, queue: string, error: unknown): unknown {
  const code = replyCodeOf(error);
  if (code === undefined || error instanceof CeleriacError) return error;
  if (code === REPLY.notFound && /no queue/i.test(serverText(error)))
    return new BrokerError("CELERIAC_QUEUE_NOT_FOUND", { queue, hint: `${operation} needs it; declare it first` }, { cause: error });
  return refusedByServer(operation, error);
}

/** A failed try to connect. */
export function failedToConnect(shownUrl: string, vhost: string, error: unknown): unknown {
  const code = replyCodeOf(error);
  const text = serverText(error);
  const refused = (reason: string): BrokerError =>
    new BrokerError("CELERIAC_BROKER_REFUSED", { operation: `connecting to ${shownUrl}`, reason }, { cause: error });
  if (code === REPLY.accessRefused) return refused(`${text}; check the user and the password in the URL`);
  // amqplib keeps to itself what the server says when it closes the connection in place of opening the virtual host.
  if (text.startsWith("Expected ConnectionOpenOk; got <ConnectionClose")) {
    const advice = "create it, give the user permissions for it, or correct the path of the URL";
    return refused(`it did not open the virtual host ${JSON.stringify(vhost)}, which does not exist or is closed to this user; ${advice}`);
  }
  if (text.startsWith("SASL mechanism")) return refused(`${text}; correct the option loginMethod`);
  return code === undefined ? error : refused(text);
}

function adviceFor(error: unknown): string {
  const text = serverText(error);
  if (/inequivalent arg/.test(text)) return "; it exists with other arguments: declare it with the same, or delete it first";
  if (replyCodeOf(error) === REPLY.resourceLocked) return "; use a queue of your own";
  return /no exchange/.test(text) ? "; declare the exchange first" : "";
}
