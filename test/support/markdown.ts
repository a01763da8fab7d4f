// Reading the project's markdown: its files, their fenced blocks, and their links.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The root of the repository. */
export const repository: string = path.resolve(import.meta.dirname, "../..");

/** A markdown file of the project. */
export interface MarkdownFile {
  /** Path from the root of the repository. */
  readonly name: string;
  readonly text: string;
}

/** A fenced block. */
export interface Block {
  /** The first word behind the fence, such as `ts`. */
  readonly language: string;
  /** Its file's name: what `file=` behind the language says, or its first line where that is a comment such as `// tasks.ts`. */
  readonly file: string | undefined;
  /** Line of the fence in its file, from 1. */
  readonly line: number;
  readonly text: string;
}

/** README.md and all of docs/. */
export function markdownFiles(): readonly MarkdownFile[] {
  const docs = readdirSync(path.join(repository, "docs")).filter((name) => name.endsWith(".md"));
  const names = [...(existsSync(path.join(repository, "README.md")) ? ["README.md"] : []), ...docs.map((name) => `docs/${name}`)];
  return names.map((name) => ({ name, text: readFileSync(path.join(repository, name), "utf8") }));
}

/** The fenced blocks of a text, in order. */
export function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { language: string; file: string | undefined; line: number; lines: string[] } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (!fence) open?.lines.push(line);
    else if (open) {
      const file = open.file ?? /^\/\/ (\S+\.ts)$/.exec(open.lines[0] ?? "")?.[1];
      blocks.push({ language: open.language, file, line: open.line, text: `${open.lines.join("\n")}\n` });
      open = undefined;
    } else {
      const info = fence[1] ?? "";
      open = { language: info.split(" ")[0] ?? "", file: /\bfile=(\S+)/.exec(info)?.[1], line: index + 1, lines: [] };
    }
  }
  return blocks;
}

/** A text without its fenced blocks. */
export function proseOf(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}
