// What the guides say exists, exists; and what exists and belongs into a guide is in it.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { withDefaultsTable } from "../../scripts/celery-defaults.ts";
import { createProgram } from "../../src/cli/program.ts";
import { rowOf, settingKeys } from "../../src/config/settings-table.ts";
import { celeryNamesOfHooks } from "../../src/hooks/hook-map.ts";
import { TASK_OPTION_NAMES } from "../../src/task/task-options.ts";
import { blocksOf, markdownFiles, repository } from "../support/markdown.ts";
import { productSource } from "../support/product-source.ts";

const guide = (name: string): string => readFileSync(path.join(repository, "docs", name), "utf8");
const program = createProgram(process, () => {});

/** The names of an interface's members, read from its source: interfaces are gone when the program runs. */
function membersOf(file: string, name: string): readonly string[] {
  const source = readFileSync(path.join(repository, file), "utf8");
  const body = new RegExp(`^export interface ${name}\\b[^{]*\\{([\\s\\S]*?)^\\}`, "m").exec(source)?.[1] ?? "";
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map((match) => match[1] ?? "");
}

function named(text: string, names: Iterable<string>): readonly string[] {
  return [...names].filter((name) => !text.includes(`\`${name}\``));
}

describe("the guides", () => {
  it("name every option of a task", () => {
    expect(named(guide("tasks.md"), TASK_OPTION_NAMES)).toEqual([]);
  });

  it("name every option of a call", () => {
    const options = membersOf("src/canvas/call-options.ts", "CallOptions");
    expect(options.length).toBeGreaterThan(30);
    expect(named(guide("calling.md"), [...options, "kwargs"])).toEqual([]);
  });

  it("name every hook", () => {
    expect(named(guide("hooks.md"), Object.keys(celeryNamesOfHooks))).toEqual([]);
  });

  it("say of each hook whether anything calls it", () => {
    const waiting = guide("hooks.md").split("## Known, and not called yet")[1] ?? "";
    const source = productSource();
    const silent = Object.keys(celeryNamesOfHooks).filter((name) => !new RegExp(`\\.emit(?:Async)?\\(\\s*"${name}"`).test(source));
    expect([...waiting.matchAll(/`(\w+)`/g)].map((match) => match[1]).toSorted()).toEqual(silent.toSorted());
  });

  it("show the defaults that differ from Celery's; otherwise run: node scripts/write-celery-defaults.ts", () => {
    const text = guide("coming-from-celery.md");
    expect(text).toBe(withDefaultsTable(text));
  });

  it("name no setting that does not exist", () => {
    const known = new Set<string>([...settingKeys, ...Object.keys(celeryNamesOfHooks), "taskId", "taskName", "eventMonitor"]);
    for (const { name, text } of markdownFiles()) {
      if (name === "docs/configuration.md") continue;
      const spoken = [...text.matchAll(/`((?:task|worker|broker|result|event|beat|control)[A-Z]\w*)`/g)].map((match) => match[1] ?? "");
      expect(
        spoken.filter((one) => !known.has(one)),
        name,
      ).toEqual([]);
    }
  });
});

describe("the settings table", () => {
  /** Where a setting that is said to work would be used: everywhere but in what describes settings. Comments and types use nothing. */
  const code = productSource({ without: ["config/options", "config/settings.ts", "config/relations.ts", "config/setting-words.ts"] })
    .split("\n")
    .filter((line) => !/^\s*(?:\/\/|\/?\*|readonly \w+\??:)/.test(line))
    .join("\n");
  const used = new Set(code.match(/\b[a-z]\w*/g));

  it("says of no setting that it has an effect where nothing reads it", () => {
    expect(settingKeys.filter((key) => rowOf(key).effect === "yes" && !used.has(key))).toEqual([]);
  });

  it("says of the limits and of the retries of results that they have an effect", () => {
    const working = ["taskTimeLimit", "taskSoftTimeLimit", "resultBackendAlwaysRetry", "resultBackendMaxRetries"] as const;
    expect(working.map((key) => rowOf(key).effect)).toEqual(working.map(() => "yes"));
  });
});

/** The subcommand that words name, as deep as they go. */
function commandOf(words: readonly string[]): readonly [command: Command, rest: readonly string[]] {
  let command: Command = program;
  const rest = [...words];
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? "";
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) continue;
    command = next;
    rest.splice(i, 1);
    i--;
  }
  return [command, rest];
}

describe("the command lines in the documents", () => {
  const lines = markdownFiles().flatMap(({ name, text }) =>
    blocksOf(text)
      .filter((block) => block.language === "sh")
      .flatMap((block) => block.text.split("\n"))
      .filter((line) => /^(?:npx )?celeriac /.test(line))
      .map((line) => [name, line.replace(/^npx /, "").replace(/ [|>].*$/, "")] as const),
  );

  it("are there", () => {
    expect(lines.length).toBeGreaterThan(5);
  });

  it("use commands and options that exist", () => {
    for (const [name, line] of lines) {
      const [command, rest] = commandOf(line.split(/\s+/).slice(1));
      expect(command, `${name}: ${line} names no command`).not.toBe(program);
      const known = new Set([...program.options, ...command.options].flatMap((option) => [option.short, option.long]));
      const flags = rest.filter((word) => /^--?[a-zA-Z]/.test(word)).map((word) => word.split("=")[0]);
      expect(
        flags.filter((flag) => !known.has(flag)),
        `${name}: ${line}`,
      ).toEqual([]);
    }
  });

  it("name every option of the worker in docs/workers.md", () => {
    const [worker] = commandOf(["worker"]);
    const text = guide("workers.md");
    expect(worker.options.map((option) => option.long ?? "").filter((flag) => !text.includes(flag))).toEqual([]);
    expect(program.options.map((option) => option.long ?? "").filter((flag) => !text.includes(flag))).toEqual([]);
    expect(program.commands.map((command) => command.name()).filter((name) => !text.includes(`\`${name}`))).toEqual([]);
  });
});
