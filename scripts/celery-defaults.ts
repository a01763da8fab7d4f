// The defaults that differ from Celery's, as the table in docs/coming-from-celery.md. A test holds the document to it.
import { rowOf, settingKeys } from "../src/config/settings-table.ts";
import { showValue } from "../src/config/show-value.ts";

/** What stands around the table in the document. */
export const TABLE_MARKS: readonly [begin: string, end: string] = [
  "<!-- defaults: written by scripts/write-celery-defaults.ts -->\n",
  "<!-- end of defaults -->\n",
];

/** The table, as markdown, laid out as the formatter does it. */
export function celeryDefaultsTable(): string {
  const rows = settingKeys.flatMap((key) => {
    const row = rowOf(key);
    if (!("celeryDefault" in row)) return [];
    const note = row.effect === "yes" ? "" : ` No effect yet: it waits for ${row.effect.slice("none yet: ".length)}.`;
    return [[`\`${key}\``, `\`${showValue(row.default)}\``, `\`${showValue(row.celeryDefault)}\``, `${row.doc}${note}`]];
  });
  return markdownTable(["Setting", "Here", "Celery", "What it does"], rows);
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("");
}

/** The document with the table as it is now. @throws Error where the marks are not in it */
export function withDefaultsTable(document: string): string {
  const [begin, end] = TABLE_MARKS;
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`expected the document to have the lines ${JSON.stringify(begin.trim())} and ${JSON.stringify(end.trim())}`);
  return `${document.slice(0, from + begin.length)}\n${celeryDefaultsTable()}\n${document.slice(to)}`;
}
