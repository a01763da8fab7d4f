// Writes docs/errors.md from the error table: node scripts/write-error-docs.ts
import { writeFileSync } from "node:fs";
import { renderErrorDocs } from "./error-docs.ts";

writeFileSync(new URL("../docs/errors.md", import.meta.url), renderErrorDocs());
