/** Errors of content: what cannot be written, read or accepted. */
export const serializationCodes = {
  CELERIAC_CONTENT_DISALLOWED: {
    family: "serialization",
    retryable: false,
    message: (d: { readonly contentType: string; readonly accepted: readonly string[] }): string =>
      `expected content of a type in the setting acceptContent (${d.accepted.join(", ") || "none"}), got: ${d.contentType}`,
  },
  CELERIAC_ENCODE_FAILED: {
    family: "serialization",
    retryable: false,
    message: (d: { readonly serializer: string; readonly reason: string }): string =>
      `the ${d.serializer} serializer cannot write this value: ${d.reason}`,
  },
  CELERIAC_DECODE_FAILED: {
    family: "serialization",
    retryable: false,
    message: (d: { readonly contentType: string; readonly reason: string }): string =>
      `a body of content type ${d.contentType} cannot be read: ${d.reason}`,
  },
  CELERIAC_SERIALIZER_UNKNOWN: {
    family: "serialization",
    retryable: false,
    message: (d: { readonly name: string; readonly known: readonly string[]; readonly hint?: string }): string =>
      `no serializer or compression is called ${JSON.stringify(d.name)}; known are ${d.known.join(", ")}${d.hint ? `. ${d.hint}` : ""}`,
  },
  CELERIAC_MESSAGE_INVALID: {
    family: "serialization",
    retryable: false,
    message: (d: { readonly problem: string; readonly task?: string | undefined; readonly id?: string | undefined }): string =>
      `not a task message${d.task ? ` (task ${d.task}${d.id ? `, id ${d.id}` : ""})` : ""}: ${d.problem}`,
  },
} as const;
