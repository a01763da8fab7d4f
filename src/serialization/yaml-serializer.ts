import { bodyText } from "./body-text.ts";
import { decodeFailed, encodeFailed } from "./json-serializer.ts";
import { requireOptional } from "../util/optional-package.ts";
import { type LeafRules, settleParsed, toPlainData } from "./plain-data.ts";
import type { Serializer } from "./serializer.ts";

const CONTENT_TYPE = "application/x-yaml";

/** What we use of the package `yaml`. */
interface YamlPackage {
  parse(text: string, options: object): unknown;
  stringify(value: unknown, options: object): string;
}

const OPTIONS = { version: "1.1", schema: "yaml-1.1", logLevel: "error" } as const;
/** Numbers that would be read otherwise: PyYAML takes `1e+21` for a text, and a long number without a fraction is an integer, here a bigint. */
const LONG_FLOAT = {
  identify: (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && pythonFloat(value) !== String(value),
  default: true,
  tag: "tag:yaml.org,2002:float",
  // Only for writing: nothing matches it.
  test: /(?!)/,
  resolve: Number,
  stringify: ({ value }: { readonly value: unknown }): string => pythonFloat(Number(value)),
} as const;

function pythonFloat(value: number): string {
  const text = String(value);
  if (text.includes(".")) return text;
  if (text.includes("e")) return text.replace("e", ".0e");
  return Number.isSafeInteger(value) ? text : `${text}.0`;
}

const rules: LeafRules = { number: (value) => value, bigint: (value) => value };

/** YAML 1.1 as PyYAML's safe loader reads it. Needs the optional package `yaml`. */
export const yamlSerializer: Serializer = {
  name: "yaml",
  contentType: CONTENT_TYPE,
  contentEncoding: "utf-8",
  encode(value, names): string {
    const yaml = requireOptional<YamlPackage>("yaml", "the yaml serializer");
    try {
      return yaml.stringify(toPlainData(value, rules), {
        ...OPTIONS,
        aliasDuplicateObjects: false,
        customTags: (tags: unknown[]) => [LONG_FLOAT, ...tags],
      });
    } catch (error) {
      throw encodeFailed("yaml", error, names);
    }
  },
  decode(body): unknown {
    const yaml = requireOptional<YamlPackage>("yaml", "the yaml serializer");
    const text = bodyText(body, CONTENT_TYPE);
    try {
      return settleParsed(yaml.parse(text, { ...OPTIONS, intAsBigInt: true, maxAliasCount: 100 }));
    } catch (error) {
      throw decodeFailed(CONTENT_TYPE, error);
    }
  },
};
