// Dead letters as the command line shows them.
import type { KeptLetter } from "../../app/dead-letters.ts";
import { renderTable } from "./table.ts";

/** A list of dead letters: one a line, or one JSON array. */
export function renderDeadLetters(letters: readonly KeptLetter[], asJson: boolean): string {
  if (asJson) return JSON.stringify(letters.map(summary));
  if (letters.length === 0) return "none";
  const rows = letters.map(({ id, task, reason, time, detail }) => [id, task ?? "-", reason, time, oneLine(detail)]);
  return renderTable([["ID", "TASK", "REASON", "TIME", "DETAIL"], ...rows]);
}

/** One dead letter, whole. */
export function renderDeadLetter(letter: KeptLetter, asJson: boolean): string {
  const { message } = letter;
  const whole = { ...summary(letter), history: letter.history, message: { ...message, body: bodyText(message.body) } };
  if (asJson) return JSON.stringify(whole);
  const deaths = letter.history.map((death) => `  ${death.time}  ${death.reason}  on ${death.node}: ${death.detail}`);
  const headers = Object.entries(message.headers)
    .filter(([name]) => name !== "x-celeriac-death")
    .map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`);
  return [
    `id:      ${letter.id}`,
    `task:    ${letter.task ?? "-"}`,
    `queue:   ${letter.queue}`,
    `reason:  ${letter.reason}`,
    `deaths:  ${letter.deaths.child} of children, ${letter.deaths.worker} of workers`,
    "history:",
    ...deaths,
    "headers:",
    ...headers,
    `body (${message.contentType}):`,
    `  ${bodyText(message.body)}`,
  ].join("\n");
}

function summary({ id, task, queue, reason, detail, time, deaths, node }: KeptLetter): object {
  return { id, task, queue, reason, detail, time, deaths, node };
}

function bodyText(body: string | Uint8Array): string {
  return typeof body === "string" ? body : Buffer.from(body).toString("utf8");
}

const WIDEST_DETAIL = 80;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > WIDEST_DETAIL ? `${line.slice(0, WIDEST_DETAIL - 3)}...` : line;
}
