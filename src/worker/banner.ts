// What a worker says of itself when it starts, laid out as Celery's.
import { arch, platform, release } from "node:os";

/** What the banner shows. */
export interface BannerFacts {
  readonly hostname: string;
  readonly version: string;
  /** Name of the app. */
  readonly app: string;
  /** The broker's URL, masked. */
  readonly transport: string;
  /** The result backend's URL, masked. */
  readonly results: string;
  readonly concurrency: number;
  readonly pool: string;
  readonly queues: readonly { readonly name: string; readonly exchange: string; readonly type: string; readonly key: string }[];
  /** Names of the tasks, where they are to be shown. */
  readonly tasks?: readonly string[] | undefined;
  /** Local time of the start. */
  readonly startedAt: Date;
}

/** The banner, as lines. */
export function renderBanner(facts: BannerFacts): string {
  const { tasks } = facts;
  const lines = [
    ` -------------- ${facts.hostname} v${facts.version}`,
    "--- ***** ----- ",
    `-- ******* ---- ${platform()}-${release()}-${arch()} node-${process.version} ${timeText(facts.startedAt)}`,
    "- *** --- * --- ",
    "- ** ---------- [config]",
    `- ** ---------- .> app:         ${facts.app}`,
    `- ** ---------- .> transport:   ${facts.transport}`,
    `- ** ---------- .> results:     ${facts.results}`,
    `- *** --- * --- .> concurrency: ${facts.concurrency} (${facts.pool})`,
    "-- ******* ----",
    "--- ***** ----- ",
    " -------------- [queues]",
    ...facts.queues.map(
      (queue) => `                .> ${queue.name.padEnd(16)} exchange=${queue.exchange || "(default)"}(${queue.type}) key=${queue.key}`,
    ),
    "",
  ];
  if (tasks) lines.push("[tasks]", ...[...tasks].sort().map((name) => `  . ${name}`), "");
  return lines.join("\n");
}

function timeText(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}
