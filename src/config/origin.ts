/** Where settings come from, the weakest first: defaults that a library adds, a configuration file, the app, the environment, the command line, a change at run time. */
export type SourceKind = "defaults" | "file" | "given" | "env" | "cli" | "runtime";

/** Where the value of a setting comes from. */
export interface Origin {
  /** The kind of its source; `"default"` where nobody gave it. */
  readonly kind: SourceKind | "default";
  /** The name of the file or environment variable, where there is one. */
  readonly name: string | null;
  /** The name under which it was given. */
  readonly spelling: string;
}

/** The value of a setting as one source gives it, in its final form. */
export interface GivenValue {
  /** The value. */
  readonly value: unknown;
  /** Where it comes from. */
  readonly origin: Origin;
}
