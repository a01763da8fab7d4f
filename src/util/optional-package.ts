import { createRequire } from "node:module";
import { ConfigError } from "../errors/celeriac-error.ts";

const require = createRequire(import.meta.url);

/**
 * Loads an optional peer dependency on first use.
 * @param name the package, or a path into it
 * @param use what it is needed for, as the subject of the error's sentence
 * @throws ConfigError with the install command where it is not installed
 */
export function requireOptional<Module>(name: string, use: string): Module {
  try {
    // The caller names the module's type: it is loaded by name, so that it need not be installed.
    return require(name) as Module;
  } catch (error) {
    const install = name
      .split("/")
      .slice(0, name.startsWith("@") ? 2 : 1)
      .join("/");
    throw new ConfigError(
      "CELERIAC_CONFIG_IMPROPER",
      { message: `${use} needs the package ${install}, which cannot be loaded; install it with: npm install ${install}` },
      { cause: error },
    );
  }
}
