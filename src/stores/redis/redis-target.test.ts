import { deepEqual, equal, match } from "node:assert/strict";
import { describe, it } from "vitest";
import { OptionReader } from "./option-reader.ts";
import { parseRedisUrl, type RedisTarget } from "./redis-target.ts";

function parse(
  url: string,
  options: Readonly<Record<string, unknown>> = {},
): { readonly target: RedisTarget | undefined; readonly problems: readonly string[] } {
  const reader = new OptionReader(options);
  return { target: parseRedisUrl(url, reader), problems: reader.problems };
}

describe("parseRedisUrl", () => {
  it("reads host, port, database and credentials, and fills in what is left out", () => {
    deepEqual(parse("redis://").target, {
      nodes: [{ host: "localhost", port: 6379 }],
      database: 0,
      connectTimeoutMs: 5000,
      healthCheckMs: 25_000,
    });
    const { target } = parse("redis://me:p%40ss@[::1]:7000/12");
    deepEqual([target?.nodes, target?.username, target?.password, target?.database], [[{ host: "::1", port: 7000 }], "me", "p@ss", 12]);
    equal(parse("redis://:secret@h").target?.username, undefined);
  });

  it("reads TLS with redis-py's options", () => {
    equal(parse("rediss://h", { ssl_cert_reqs: "none" }).target?.tls?.rejectUnauthorized, false);
    equal(parse("rediss://h", { ssl_cert_reqs: "required" }).target?.tls?.rejectUnauthorized, true);
    equal(parse("redis://h").target?.tls, undefined);
    match(parse("rediss://h", { ssl_ca_certs: "/nowhere.pem" }).problems.join(), /nowhere\.pem/);
  });

  it("reads socket files", () => {
    const { target } = parse("redis+socket://:pw@/run/redis.sock", { virtual_host: "3" });
    deepEqual([target?.socketPath, target?.password, target?.database], ["/run/redis.sock", "pw", 3]);
  });

  it("reads several sentinels in Celery's way", () => {
    const { target } = parse("sentinel://:pw@a:26380;sentinel://b;c:1/2", { masterName: "mymaster", sentinel_kwargs: { password: "s" } });
    deepEqual(target?.nodes, [
      { host: "a", port: 26380 },
      { host: "b", port: 26379 },
      { host: "c", port: 1 },
    ]);
    deepEqual([target?.database, target?.password, target?.sentinel], [2, "pw", { master: "mymaster", password: "s", tls: false }]);
  });

  for (const [url, pattern] of [
    ["nothing", /look like redis:\/\//],
    ["redis://h:99999", /port from 1 to 65535/],
    ["redis://h/db", /number of a database/],
    ["redis://a:%zz@h", /% that is not followed/],
    ["redis://a;b", /several servers/],
    ["redis+cluster://h", /cluster/],
    ["sentinel://h", /master_name/],
    ["redis+socket://relative", /absolute path/],
  ] as const) {
    it(`refuses ${url} with a sentence`, () => match(parse(url).problems.join("; "), pattern));
  }
});

describe("OptionReader", () => {
  it("knows both spellings, reads texts as what is wanted, and reports all that is wrong", () => {
    const reader = new OptionReader({
      visibilityTimeout: "1h",
      fanout_patterns: "false",
      prioritySteps: "0,5",
      lease: 2.5,
      wrong: 1,
      db: "x",
    });
    deepEqual(
      [
        reader.milliseconds("visibility_timeout"),
        reader.flag("fanout_patterns"),
        reader.wholes("priority_steps"),
        reader.milliseconds("lease"),
      ],
      [3_600_000, false, [0, 5], 2500],
    );
    equal(reader.whole("db", 0), undefined);
    reader.refuseUnknown();
    equal(reader.problems.length, 2);
    match(reader.problems[0] ?? "", /option db to be a whole number/);
    match(reader.problems[1] ?? "", /"wrong" is no option/);
  });
});
