/** The query of a URL as options: `?timeout=5&x=y` is `{ timeout: "5", x: "y" }`. Values stay texts: the driver knows what they are. */
export function queryOf(url: string): Readonly<Record<string, string>> {
  const at = url.indexOf("?");
  return at < 0 ? {} : Object.fromEntries(new URLSearchParams(url.slice(at + 1).split("#", 1)[0]));
}
