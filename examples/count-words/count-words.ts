// Counting words as `wc -w` does: what stands between white space and has at least one character that can be shown, in the locale of the environment.

const isUtf8 = /utf-?8/i.test(process.env["LC_ALL"] || process.env["LC_CTYPE"] || process.env["LANG"] || "");

/** How many words a text has. */
export function countWords(bytes: Buffer): number {
  const [text, visible] = isUtf8 ? [bytes.toString("utf8"), /[^\p{C}\ufffd]/u] : [bytes.toString("latin1"), /[!-~]/];
  const separator = isUtf8 ? /\s+/ : /[ \t\n\v\f\r]+/;
  return text.split(separator).filter((word) => visible.test(word)).length;
}
