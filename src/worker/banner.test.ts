import { expect, test } from "vitest";
import { renderBanner } from "./banner.ts";

const facts = {
  hostname: "celery@box",
  version: "1.2.3",
  app: "shop",
  transport: "redis://user:**@host/0",
  results: "disabled://",
  concurrency: 4,
  pool: "prefork",
  queues: [{ name: "celery", exchange: "", type: "direct", key: "celery" }],
  startedAt: new Date(2026, 10, 22, 8, 5, 9),
};

test("shows the node, where it is connected, its pool and its queues", () => {
  const banner = renderBanner(facts);
  expect(banner).toContain("celery@box v1.2.3");
  expect(banner).toContain("2026-11-22 08:05:09");
  expect(banner).toContain(".> app:         shop\n");
  expect(banner).toContain(".> transport:   redis://user:**@host/0\n");
  expect(banner).toContain(".> concurrency: 4 (prefork)\n");
  expect(banner).toContain(".> celery           exchange=(default)(direct) key=celery\n");
  expect(banner).not.toContain("[tasks]");
  expect(banner).not.toMatch(/ -[A-Z]\b/);
});

test("lists the tasks in alphabetical order where they are given", () => {
  expect(renderBanner({ ...facts, tasks: ["b", "a"] })).toContain("[tasks]\n  . a\n  . b\n");
});
