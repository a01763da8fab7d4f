/** A URL as it may be shown: its password is `**`, and so is any query value whose name says that it is a secret. */
export function maskUrl(url: string): string {
  return url
    .replace(/(\/\/[^:/?#@]*:)[^@/?#]*(@)/g, "$1**$2")
    .replace(/([?&][^=&#]*(?:password|secret|token|key)[^=&#]*=)[^&#]*/gi, "$1**");
}
