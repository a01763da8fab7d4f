// Reads the options of a Redis URL and of `brokerTransportOptions` or `resultBackendTransportOptions`: each has Celery's name, and the same in camelCase. Values that come from a URL are
// texts. All that is wrong is collected, so that it is reported together.
import { didYouMean } from "../../util/did-you-mean.ts";
import { type Duration, durationMs, isDuration } from "../../util/duration.ts";

/** Options by name, read one by one. */
export class OptionReader {
  /** Sentences on what cannot be used, so far. */
  readonly problems: string[] = [];
  readonly #given: ReadonlyMap<string, unknown>;
  readonly #read = new Set<string>();

  constructor(given: Readonly<Record<string, unknown>>) {
    this.#given = new Map(Object.entries(given).map(([name, value]) => [snakeCase(name), value]));
  }

  /** The value as it was given; undefined, too, where it was given as null. */
  raw(name: string): unknown {
    this.#read.add(name);
    return this.#given.get(name) ?? undefined;
  }

  /** A text. */
  text(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === "string") return value;
    return this.#refuse(name, "a text", value);
  }

  /** Yes or no. */
  flag(name: string): boolean | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === "boolean") return value;
    if (typeof value === "string" && /^(?:true|1|yes|on)$/i.test(value)) return true;
    if (typeof value === "string" && /^(?:false|0|no|off)$/i.test(value)) return false;
    return this.#refuse(name, "true or false", value);
  }

  /** A whole number from `least` up. */
  whole(name: string, least: number): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number) && number >= least) return number;
    return this.#refuse(name, `a whole number from ${least} up`, value);
  }

  /** A length of time, in milliseconds; bare numbers are seconds. */
  milliseconds(name: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const duration = typeof value === "string" && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
    if (isDuration(duration) && durationMs(duration as Duration, name) >= 0) return durationMs(duration, name);
    return this.#refuse(name, 'a number of seconds or a text such as "500ms" or "1h"', value);
  }

  /** Whole numbers: a list, or a text with commas. */
  wholes(name: string): readonly number[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const list: readonly unknown[] | undefined =
      typeof value === "string" ? value.split(",").map(Number) : Array.isArray(value) ? value : undefined;
    if (list !== undefined && list.length > 0 && list.every((item): item is number => Number.isInteger(item))) return list;
    return this.#refuse(name, "a list of whole numbers", value);
  }

  /** A record of options of its own. */
  record(name: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
    return this.#refuse(name, "an object", value);
  }

  /**
   * Finds fault with each option that was given and that nobody has read.
   * @param more names that are known beside those that were read, in Celery's spelling
   */
  refuseUnknown(more: Iterable<string> = []): void {
    const known = new Set([...this.#read, ...more]);
    for (const name of this.#given.keys()) {
      if (known.has(name)) continue;
      const near = didYouMean(name, known);
      const hint = near === undefined ? `known are ${[...known].toSorted().join(", ")}` : `did you mean ${near}?`;
      this.problems.push(`${JSON.stringify(name)} is no option of Redis; ${hint}`);
    }
  }

  #refuse(name: string, wanted: string, got: unknown): undefined {
    this.problems.push(`expected the option ${name} to be ${wanted}, got: ${JSON.stringify(got) ?? typeof got}`);
    return undefined;
  }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
