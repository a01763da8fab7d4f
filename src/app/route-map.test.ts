import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TaskRoutes } from "../config/structures/routes.ts";
import { compileRoutes, globPattern } from "./route-map.ts";

function routeOf(routes: TaskRoutes, name: string, args: readonly unknown[] = []): unknown {
  for (const router of compileRoutes(routes).routers) {
    const route = router(name, args, {}, {});
    if (route !== null) return route;
  }
  return null;
}

describe("taskRoutes", () => {
  it("takes a map: names first, then globs in their order", () => {
    const routes = { "feeds.*": "feeds", "feeds.import": { queue: "import", priority: 3 }, "*.slow": "slow", "feeds.x.slow": "never" };
    expect(routeOf(routes, "feeds.import")).toEqual({ queue: "import", priority: 3 });
    expect(routeOf(routes, "feeds.export")).toEqual({ queue: "feeds" });
    expect(routeOf(routes, "web.slow")).toEqual({ queue: "slow" });
    expect(routeOf({ "feeds.*": "a", "*.slow": "b" }, "feeds.slow")).toEqual({ queue: "a" });
    expect(routeOf(routes, "other")).toBeNull();
  });

  it("takes regular expressions, which hold from the start of the name, whatever their flags", () => {
    const pairs: TaskRoutes = [
      [/(video|image)\./g, "media"],
      [/web$/, "never"],
      ["mail.*", { queue: "mail" }],
    ];
    for (let again = 0; again < 2; again++) expect(routeOf(pairs, "image.cut")).toEqual({ queue: "media" });
    expect(routeOf(pairs, "my.image.cut")).toBeNull();
    expect(routeOf(pairs, "my.web")).toBeNull();
    expect(routeOf(pairs, "mail.send")).toEqual({ queue: "mail" });
    expect(routeOf(new Map<string | RegExp, string>([[/a/, "a"]]), "ab")).toEqual({ queue: "a" });
  });

  it("takes functions, which see the call, and lists of which the first that answers decides", () => {
    const routes: TaskRoutes = [
      (name, args) => (args[0] === "big" ? `${name}-big` : null),
      { t: "map" },
      [
        ["t", "never"],
        ["u", "pairs"],
      ],
    ];
    expect(compileRoutes(routes).dynamic).toBe(true);
    expect(routeOf(routes, "t", ["big"])).toEqual({ queue: "t-big" });
    expect(routeOf(routes, "t", ["small"])).toEqual({ queue: "map" });
    expect(routeOf(routes, "u")).toEqual({ queue: "pairs" });
    expect(routeOf([() => ({}), { t: "never" }], "t")).toEqual({});
    expect(compileRoutes({ t: "q" }).dynamic).toBe(false);
  });

  it("takes Celery's spelling of options, and refuses what is none when it is compiled", () => {
    expect(routeOf({ t: { queue: "q", routing_key: "k", delivery_mode: 1 } }, "t")).toEqual({
      queue: "q",
      routingKey: "k",
      deliveryMode: 1,
    });
    expect(() => compileRoutes({ t: { qeue: "q" } })).toThrow(
      'the route of t in the setting taskRoutes has no option "qeue"; did you mean "queue"?',
    );
    expect(() => routeOf(() => ({ speed: 1 }), "t")).toThrow('has no option "speed"; known are ');
  });

  it("refuses the type of an exchange, which a route does not declare, and says where it belongs", () => {
    for (const name of ["exchangeType", "exchange_type"])
      expect(() => compileRoutes({ t: { exchange: "x", [name]: "topic" } })).toThrow(
        /^expected the route of t in the setting taskRoutes not to say exchangeType, got: "topic"; .* in the setting taskQueues$/,
      );
  });

  it("refuses what a router function must not give", () => {
    expect(() =>
      routeOf(function mine() {
        return 5 as never;
      }, "t"),
    ).toThrow("expected the router function mine to give the name of a queue, options or null, got: number");
  });
});

describe("a glob", () => {
  const part = fc.string({ unit: fc.constantFrom("a", "b", ".", "+", "(", "[", "\\", "$", "^", "|", "é"), maxLength: 6 });

  it("matches what its stars are filled with, and takes every other character as it is", () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.array(part, { minLength: 4, maxLength: 4 }), (literals, fillings) => {
        const filled = literals.reduce((text, literal, i) => text + (fillings[i] ?? "") + literal);
        expect(globPattern(literals.join("*")).test(filled)).toBe(true);
      }),
    );
  });

  it("matches only names that begin with what stands before its first star and end with what stands behind its last", () => {
    fc.assert(
      fc.property(part, part, part, (before, after, name) => {
        const matches = globPattern(`${before}*${after}`).test(name);
        expect(matches).toBe(name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after));
      }),
    );
  });
});
