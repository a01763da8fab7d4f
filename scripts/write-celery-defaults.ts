// Writes the table of defaults in docs/coming-from-celery.md: node scripts/write-celery-defaults.ts
import { readFileSync, writeFileSync } from "node:fs";
import { withDefaultsTable } from "./celery-defaults.ts";

const file = new URL("../docs/coming-from-celery.md", import.meta.url);
writeFileSync(file, withDefaultsTable(readFileSync(file, "utf8")));
