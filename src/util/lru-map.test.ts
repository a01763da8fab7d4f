import { describe, expect, it } from "vitest";
import { LruMap } from "./lru-map.ts";

describe("a map of limited size", () => {
  it("drops what was not used for longest", () => {
    const map = new LruMap<string, number>(2);
    map.set("a", 1);
    map.set("b", 2);
    expect(map.get("a")).toBe(1);
    map.set("c", 3);
    expect([map.get("a"), map.get("b"), map.get("c"), map.size]).toEqual([1, undefined, 3, 2]);
    map.set("a", 4);
    map.set("d", 5);
    expect([map.get("a"), map.get("c")]).toEqual([4, undefined]);
  });
  it("keeps everything without a limit, and forgets what it is told to", () => {
    const map = new LruMap<number, number>(Number.POSITIVE_INFINITY);
    for (let i = 0; i < 1000; i++) map.set(i, i);
    expect(map.size).toBe(1000);
    expect([map.delete(5), map.delete(5), map.get(5)]).toEqual([true, false, undefined]);
    map.clear();
    expect(map.size).toBe(0);
  });
});
