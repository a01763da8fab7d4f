// Which services a test file needs: it says so by what it imports, itself or through other files under test/. So nothing is started for a
// run that needs nothing, and the embedded run leaves out exactly the files that cannot work without a service.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { ServiceKey } from "./service-context.ts";

const HERE = import.meta.dirname;
const TESTS = path.resolve(HERE, "../..");

/** The modules that tests import, and what each needs. */
const NEEDED_BY_MODULE: Readonly<Record<string, ServiceKey>> = {
  "redis.ts": "celeriacRedisUrl",
  "private-redis.ts": "celeriacRedisServer",
  "rabbit.ts": "celeriacAmqpUrl",
  "private-rabbit.ts": "celeriacRabbitServer",
  "python-celery.ts": "celeriacPython",
};

const cache = new Map<string, ReadonlySet<ServiceKey>>();

/** The services that a file needs. */
export function servicesNeededBy(file: string): ReadonlySet<ServiceKey> {
  const known = cache.get(file);
  if (known) return known;
  const needed = new Set<ServiceKey>();
  cache.set(file, needed); // Before its imports are followed, so that a cycle ends.
  const own = path.dirname(file) === HERE ? NEEDED_BY_MODULE[path.basename(file)] : undefined;
  if (own !== undefined) needed.add(own);
  else if (existsSync(file)) {
    for (const imported of importsOf(file)) for (const key of servicesNeededBy(imported)) needed.add(key);
  }
  return needed;
}

/** Files under test/ that a file imports by a relative path. */
function importsOf(file: string): readonly string[] {
  const source = readFileSync(file, "utf8");
  return Array.from(source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+\.ts)"/g), ([, relative = ""]) =>
    path.resolve(path.dirname(file), relative),
  ).filter((imported) => imported.startsWith(TESTS));
}
