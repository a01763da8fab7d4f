// Builds the library into dist/.
import { chmodSync, existsSync, rmSync } from "node:fs";
import path from "node:path";
import { requireSupportedNode, root, run } from "./commands.ts";

requireSupportedNode();
rmSync(path.join(root, "dist"), { recursive: true, force: true });
const code = run("tsc", ["-p", "tsconfig.build.json"]);
const bin = path.join(root, "dist/cli/celeriac.js");
if (code === 0 && existsSync(bin)) chmodSync(bin, 0o755);
process.exitCode = code;
