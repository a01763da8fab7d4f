// The app of these tests: for `-A`, for the children of a worker, and for the tests themselves, which call it as any program would.
import { setImmediate as nextTurn } from "node:timers/promises";
import { Celeriac } from "../../../src/celeriac.ts";

/** An app with the tasks of these tests. Its broker comes from whoever runs it: `-b`, or a test. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the types of its tasks are what is wanted
export function makeApp(broker: string) {
  const app = new Celeriac("bad-input", { broker }, { env: {} });
  return {
    app,
    add: app.task("bad.add", { params: ["x", "y"] }, (x: number, y: number) => x + y),
    echo: app.task("bad.echo", (value: unknown) => value),
    repeat: app.task("bad.repeat", (text: string, times: number) => text.repeat(times)),
    length: app.task("bad.length", (text: string) => text.length),
    circle: app.task("bad.circle", (): unknown => {
      const circle: Record<string, unknown> = { name: "circle" };
      circle["self"] = circle;
      return circle;
    }),
    closure: app.task("bad.closure", (): unknown => ({ rows: [1, () => 2] })),
    cyclicCause: app.task("bad.cyclicCause", () => {
      const first = new RangeError("the first");
      first.cause = new TypeError("the second", { cause: first });
      throw first;
    }),
    cyclicFields: app.task("bad.cyclicFields", () => {
      const error: Error & { request?: unknown } = new Error("socket hang up");
      error.request = { error };
      throw error;
    }),
    exitOnce: app.task("bad.exitOnce", { rejectOnWorkerLost: false }, (code: number) => process.exit(code)),
    exitAlways: app.task("bad.exitAlways", (code: number) => process.exit(code)),
    hang: app.task("bad.hang", () => new Promise<never>(() => {})),
    leaveRejection: app.task("bad.leaveRejection", async () => {
      void Promise.reject(new Error("nobody awaits this"));
      await nextTurn();
      return "went on";
    }),
    leaveLateRejection: app.task("bad.leaveLateRejection", () => {
      setTimeout(() => void Promise.reject(new Error("rejected after its task had ended")), 1);
      return "ended";
    }),
    leaveException: app.task("bad.leaveException", () => {
      setTimeout(() => {
        throw new Error("thrown after its task had ended");
      }, 1);
      return "ended";
    }),
  };
}

/** The app and its tasks. */
export type BadInputTasks = ReturnType<typeof makeApp>;

/** Found by `-A`. */
export const app: Celeriac = makeApp("memory://bad-input").app;
