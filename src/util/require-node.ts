// Refuses an unsupported Node. Imported for that alone, before everything else, by the module through which the package is entered. What is
// imported behind it must link on older versions too (no named import of what they lack), or they fail before this has spoken.
import { nodeVersionProblem } from "./node-version.ts";

const problem = nodeVersionProblem(process.versions.node);
if (problem !== undefined) throw new Error(`Celeriac cannot run here: ${problem}`);
