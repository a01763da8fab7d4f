// Writes src/config/settings.ts from the settings table: node scripts/write-settings-interface.ts
import { writeFileSync } from "node:fs";
import { renderSettingsInterface } from "./settings-interface.ts";

writeFileSync(new URL("../src/config/settings.ts", import.meta.url), renderSettingsInterface());
