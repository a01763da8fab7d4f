/** Errors of settings, URLs and the project's own set-up. */
export const configCodes = {
  CELERIAC_CONFIG_INVALID: {
    family: "config",
    retryable: false,
    message: (d: { readonly problems: readonly string[] }): string =>
      d.problems.length === 1 ? `${d.problems[0]}` : `${d.problems.length} settings are wrong:\n  - ${d.problems.join("\n  - ")}`,
  },
  CELERIAC_CONFIG_IMPROPER: {
    family: "config",
    retryable: false,
    message: (d: { readonly message: string }): string => d.message,
  },
} as const;
