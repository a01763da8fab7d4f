// Writes docs/configuration.md from the settings table: node scripts/write-configuration-docs.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { configurationReference } from "../src/config/reference.ts";

const file = new URL("../docs/configuration.md", import.meta.url);
mkdirSync(new URL("./", file), { recursive: true });
writeFileSync(file, configurationReference());
