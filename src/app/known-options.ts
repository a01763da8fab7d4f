import { ConfigError } from "../errors/celeriac-error.ts";
import { didYouMean } from "../util/did-you-mean.ts";

/**
 * Options of a setting under our names: Celery's spelling (`routing_key`) is taken too, what is undefined is left out.
 * @param place what the options belong to, for the error
 * @throws ConfigError where there is no such option
 */
export function knownOptions(
  options: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
  place: string,
): Readonly<Record<string, unknown>> {
  const named: Record<string, unknown> = {};
  for (const [spelling, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const name = known.has(spelling) ? spelling : spelling.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (!known.has(name)) {
      const near = didYouMean(spelling, known);
      const hint = near === undefined ? `known are ${[...known].join(", ")}` : `did you mean ${JSON.stringify(near)}?`;
      throw new ConfigError("CELERIAC_CONFIG_IMPROPER", { message: `${place} has no option ${JSON.stringify(spelling)}; ${hint}` });
    }
    named[name] = value;
  }
  return named;
}
