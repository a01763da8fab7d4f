// Calls and their values between Python and TypeScript: every kind of JSON value, text of all alphabets, positional and keyword arguments.
import { expect, it } from "vitest";
import { WAIT, withPeers } from "./peers.ts";

const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  -2.5e-7,
  1e21,
  Number.MAX_SAFE_INTEGER,
  "",
  "text",
  'quotes " and \\ and \n\t\r\u0000\u001f',
  "Zürich Ελλάδα Москва 東京 עברית हिन्दी",
  "👩‍👩‍👧 \u{1F600} \u2028 \u2029",
  [],
  {},
  [1, [2, [3, [null]]]],
  { a: { b: { c: [{ d: "ö" }] } } },
  { "schlüssel mit ü": 1, "": 2, "with.dot": 3, "🔑": 4 },
  ["x".repeat(200_000)],
];

withPeers((peers) => {
  it("TypeScript gets back from Python every JSON value that it sent", async () => {
    const { app } = peers;
    const results = await Promise.all(VALUES.map((value) => app.sendTask("py.echo", [value])));
    expect(await Promise.all(results.map((result) => result.get(WAIT)))).toEqual(VALUES);
  });

  it("Python gets back from TypeScript every JSON value that it sent", async () => {
    const program = "out = [get(r) for r in [send('ts.echo', value) for value in arg]]";
    expect(await peers.python.run(program, VALUES)).toEqual(VALUES);
  });

  it("dates, decimals, UUIDs and large whole numbers of Python's arrive in TypeScript and go back unchanged", async () => {
    const program =
      "import datetime, decimal, uuid\n" +
      "utc = datetime.timezone.utc\n" +
      "values = [datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=utc), decimal.Decimal('1.10'), uuid.UUID(int=7), 2**53 - 1, 2**64 + 1]\n" +
      "echoed = [get(send('ts.echo', value)) for value in values]\n" +
      "out = echoed + [echoed[-1] == values[-1]]";
    // Celery 5.2 writes the rich ones as text, later versions with their type, which 5.2 gives as it came.
    const [date, decimal, uuid, ...whole] = (await peers.python.run(program)) as readonly unknown[];
    expect([JSON.stringify(date), JSON.stringify(decimal), JSON.stringify(uuid), whole]).toEqual([
      expect.stringContaining("2026-01-02T03:04:05.678"),
      expect.stringContaining("1.10"),
      expect.stringContaining("00000000-0000-0000-0000-000000000007"),
      [Number.MAX_SAFE_INTEGER, expect.anything(), true],
    ]);
  });

  it("keyword arguments of TypeScript bind to Python's parameters, keyword-only ones included", async () => {
    const call = async (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): Promise<unknown> =>
      (await peers.app.sendTask("py.divide", args, { kwargs })).get(WAIT);
    expect(await call([], { dividend: 7, divisor: 2 })).toBe(3.5);
    expect(await call([7], { divisor: 2, floor: true })).toBe(3);
    expect(await call([7, 2], {})).toBe(3.5);
    expect(await (await peers.app.sendTask("py.echo", [1], { kwargs: { ключ: "значение" } })).get(WAIT)).toEqual({
      args: [1],
      kwargs: { ключ: "значение" },
    });
    await expect(call([7], { divider: 2 })).rejects.toThrow("divide() got an unexpected keyword argument 'divider'");
  });

  it("keyword arguments of Python bind to the declared parameters of TypeScript", async () => {
    const program =
      "call = lambda args, kwargs: get(app.send_task('ts.divide', args, kwargs))\n" +
      "out = [call([], {'divisor': 2, 'dividend': 7}), call([7], {'floor': True, 'divisor': 2}), call([7, 2], {}), call([7], {})]";
    expect(await peers.python.run(program)).toEqual([3.5, 3, 3.5, 7]);
    const wrong = await peers.python.run("out = error_of(app.send_task('ts.divide', [7], {'divider': 2}))");
    expect(wrong).toMatchObject({ args: [expect.stringContaining("divider")], state: "FAILURE" });
  });

  it("a task without declared parameters finds Python's keyword arguments in its request", async () => {
    const out = await peers.python.run("out = get(app.send_task('ts.arguments', [1, 'ä'], {'b': [2], 'ü': None}))");
    expect(out).toEqual({ args: [1, "ä"], kwargs: { b: [2], ü: null } });
  });

  it("hundreds of calls at once in both directions all come back", async () => {
    const numbers = Array.from({ length: 300 }, (_, i) => i);
    const fromPython = peers.python.run("out = [get(r) for r in [send('ts.add', n, 1) for n in arg]]", numbers);
    const sent = await peers.app.remote<(x: number, y: number) => number>("py.add").sendMany(numbers.map((n) => [n, 1]));
    const expected = numbers.map((n) => n + 1);
    expect(await Promise.all(sent.map((result) => result.get(WAIT)))).toEqual(expected);
    expect(await fromPython).toEqual(expected);
  });
});
