/** Who sends, as in the header `origin`: `gen<pid>@<host>`, which is also how Celery names an anonymous node. */
export function originOf(pid: number, hostname: string): string {
  return `gen${pid}@${hostname}`;
}
