// What signatures and chains accept and refuse. Checked by tsc; never run.
import { chain } from "../../src/canvas/chain.ts";
import type { ResultOf, TakesOf } from "../../src/canvas/joins.ts";
import type { CeleriacApp } from "../../src/app/celeriac.ts";
import type { AsyncResult } from "../../src/canvas/async-result.ts";
import { type Eq, is } from "./type-equality.ts";

declare const app: CeleriacApp;

const add = app.task("add", (x: number, y: number) => x + y);
const str = app.task("str", (x: number) => String(x));
const len = app.task("len", async (s: string) => s.length);
const opt = app.task("opt", (x: number, y: number, z?: string) => z !== undefined && x > y);
const opt2 = app.task("opt2", (x: number, y?: number) => x + (y ?? 0));
const sum = app.task("sum", (...xs: number[]) => xs.length);
const fmt = app.task("fmt", (p: string, ...xs: number[]) => p + String(xs));
const uni = app.task("uni", (x: number): string | number => x);
const both = app.task("both", (x: string | number) => Number(x));
const ctx = app.task("ctx", function (x: number) {
  return this.request.retries + x;
});
const ping = app.task("ping", () => "pong");
const nul = app.task("nul", (): void => {});
const mode = app.task("mode", (m: "a" | "b", o: { on: boolean }) => `${m}${o.on}`);
const rem = app.remote<(x: number) => string>("mail.send");
const remA = app.remote<(x: number, o?: { a: 1 }) => Promise<{ id: string }>>("mail.send2");

// Partial calls take what is missing in front.
is<Eq<TakesOf<ReturnType<typeof add.s<[4]>>>, [x: number]>>();
const s4 = add.s(4);
const s0 = add.s();
const s2 = add.s(1, 2);
is<Eq<TakesOf<typeof s4>, [x: number]>>();
is<Eq<TakesOf<typeof s0>, [x: number, y: number]>>();
is<Eq<TakesOf<typeof s2>, []>>();
const o1 = opt.s(4);
is<Eq<TakesOf<typeof o1>, [x: number]>>();
const o2 = opt.s("a");
is<Eq<TakesOf<typeof o2>, [x: number, y: number]>>();
const o4 = opt2.s(4);
is<Eq<TakesOf<typeof o4>, [] | [x: number]>>();
const r1 = sum.s(1, 2);
is<Eq<TakesOf<typeof r1>, number[]>>();
const r2 = fmt.s(1, 2);
is<Eq<TakesOf<typeof r2>, [p: string, ...xs: number[]]>>();
const literal = mode.s("b", { on: true });
is<Eq<TakesOf<typeof literal>, []>>();
s4.delay(3);
s0.delay(1, 2);
s2.delay();
add.delay(1, 2);
r2.delay("p", 1, 2, 3);
o4.delay();
o4.delay(1);
opt2.delay(1);
mode.delay("a", { on: true });

const withOptions = add.signature([4], { countdown: "1s", kwargs: {} });
is<Eq<TakesOf<typeof withOptions>, [x: number]>>();

// A task is still its function, and its handle gives what that returns, awaited.
is<Eq<ReturnType<typeof add>, number>>();
is<Eq<ReturnType<typeof len>, Promise<number>>>();
is<Eq<Awaited<ReturnType<typeof len.delay>>, AsyncResult<number>>>();
is<Eq<Awaited<ReturnType<typeof remA.delay>>, AsyncResult<{ id: string }>>>();
is<Eq<Parameters<typeof add.delay>, [x: number, y: number]>>();

// Chains.
const c1 = chain(add.s(1, 2), add.s(4), str.s(), len.s(), add.s(1));
is<Eq<ResultOf<typeof c1>, number>>();
is<Eq<TakesOf<typeof c1>, []>>();
const c2 = chain(add.s(4), str.s());
is<Eq<TakesOf<typeof c2>, [x: number]>>();
c2.delay(3);
chain(str.s(1), add.si(1, 2), ping.si(), nul.si(), add.si(1, 1), str.s());
chain(uni.s(1), both.s(), opt.s(1, "z"));
const c5 = chain(add.s(1, 1), sum.s(1, 2), opt2.s(), opt2.s(4), ctx.s(), rem.s(), len.s(), remA.s());
is<Eq<ResultOf<typeof c5>, { id: string }>>();
const c6 = chain(chain(add.s(1), str.s()), len.s());
c6.delay(1);
chain(str.s(1), fmt.s(1, 2));
const piped = add.s(1, 2).pipe(add.s(4)).pipe(str.s());
is<Eq<ResultOf<typeof piped>, string>>();
const linked = add.s(1, 2).link(str.s()).onError(nul.si()).set({ queue: "slow", countdown: "10s", immutable: true });
is<Eq<ResultOf<typeof linked>, number>>();

// prettier-ignore
const fifty = chain(
  add.s(1, 2), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1),
  add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1),
  add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1),
  add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1),
  add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), add.s(1), str.s(),
);
is<Eq<ResultOf<typeof fifty>, string>>();

// What cannot work does not compile; each error stands on the step at fault.
chain(
  str.s(1),
  // @ts-expect-error StepCannotTake<string, "expected", [x: number]>
  add.s(4),
);
chain(
  add.s(1, 2),
  // @ts-expect-error StepIsFull<number, "needs .si()">
  add.s(1, 2),
);
chain(
  add.s(1, 2),
  // @ts-expect-error two are missing
  add.s(),
);
chain(
  add.s(1, 2),
  // @ts-expect-error it has no parameters
  ping.s(),
);
chain(
  uni.s(1),
  // @ts-expect-error string | number into string
  len.s(),
);
chain(
  nul.s(),
  // @ts-expect-error void into number
  str.s(),
);
chain(
  rem.s(1),
  // @ts-expect-error string into number
  rem.s(),
);
// @ts-expect-error a wrong partial
add.s("a");
// @ts-expect-error too many
add.s(1, 2, 3);
// @ts-expect-error immutable and too few
add.si(1);
// @ts-expect-error the missing argument is a number
add.s(4).delay("x");
// @ts-expect-error one argument is missing
add.s(4).delay();
// @ts-expect-error a chain needs a step
chain();
// @ts-expect-error the callback takes a string
add.s(1, 2).link(len.s());
// @ts-expect-error the next cannot take a number
add.s(1, 2).pipe(len.s());
// @ts-expect-error "c" is no mode
mode.delay("c", { on: true });
// @ts-expect-error a string is no duration
add.applyAsync([1, 2], { countdown: "soon" });
// @ts-expect-error there is no such option
add.applyAsync([1, 2], { contdown: 1 });
// @ts-expect-error a result is not thenable: its value is get()
const _notAValue: number = await add.delay(1, 2);
// @ts-expect-error a remote task cannot be called
rem(1);
