// The mechanical change between Celery's names and ours.

/** `task_acks_late` as `taskAcksLate`. */
export function camelCase(snake: string): string {
  return snake.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `taskAcksLate` as `task_acks_late`. */
export function snakeCase(camel: string): string {
  return camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
