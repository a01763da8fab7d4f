// Callbacks and errbacks in a signature's options. A list never holds the same signature twice.
import type { SignatureRecord } from "../protocol/signature-record.ts";

/** The options that hold what follows a task. */
export type LinkOption = "link" | "link_error";

/** What follows a signature after success or failure. */
export function linksOf(record: SignatureRecord, option: LinkOption): readonly SignatureRecord[] {
  const links: unknown = record.options[option];
  if (links === undefined || links === null) return [];
  return (Array.isArray(links) ? links : [links]) as readonly SignatureRecord[];
}

/** The signature with more of them; those that it has already are passed over. */
export function withLinks(record: SignatureRecord, option: LinkOption, added: readonly SignatureRecord[]): SignatureRecord {
  const links = [...linksOf(record, option)];
  const texts = new Set(links.map((link) => JSON.stringify(link)));
  for (const link of added) {
    const text = JSON.stringify(link);
    if (texts.has(text)) continue;
    texts.add(text);
    links.push(link);
  }
  return links.length === 0 ? record : { ...record, options: { ...record.options, [option]: links } };
}
