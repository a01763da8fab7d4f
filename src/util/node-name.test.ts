import { expect, test } from "vitest";
import { nodeName, splitNodeName } from "./node-name.ts";

test("names a node celery@host where nothing was given", () => {
  expect(nodeName(undefined, "box.example.com")).toBe("celery@box.example.com");
  expect(nodeName("", "box")).toBe("celery@box");
});

test("expands the parts of the host and the per cent sign", () => {
  expect(nodeName("w1@%h", "box.example.com")).toBe("w1@box.example.com");
  expect(nodeName("w1@%n", "box.example.com")).toBe("w1@box");
  expect(nodeName("w1@%d", "box.example.com")).toBe("w1@example.com");
  expect(nodeName("100%%@%h", "box")).toBe("100%@box");
});

test("takes a name without an at sign as the host, and fills in the part that is missing", () => {
  expect(nodeName("images", "box")).toBe("celery@images");
  expect(nodeName("%h", "box")).toBe("celery@box");
  expect(nodeName("@box2", "box")).toBe("celery@box2");
  expect(nodeName("images@", "box")).toBe("images@box");
});

test("splits a name at its first at sign", () => {
  expect(splitNodeName("a@b@c")).toEqual({ node: "a", host: "b@c" });
  expect(splitNodeName("b")).toEqual({ node: "celery", host: "b" });
});
