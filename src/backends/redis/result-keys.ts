// The names under which Celery keeps results in Redis. A task's key is also the channel on which its documents are told.

/** The keys of one backend. */
export interface ResultKeys {
  /** The key and the channel of a task's document. */
  task(taskId: string): string;
  /** The task of a channel; undefined where it is of nothing that we keep. */
  taskOf(channel: string): string | undefined;
  /** The key of a saved group's document. */
  group(groupId: string): string;
  /** The three keys of a chord: its parts, how many members were added to it later, how many members it has. */
  chord(groupId: string): readonly [parts: string, added: string, size: string];
}

/**
 * The keys under a prefix.
 * @param globalPrefix the option `global_keyprefix`; an underscore is put behind it unless it ends in one of `: _ - .`
 */
export function resultKeys(globalPrefix: string): ResultKeys {
  const prefix = globalPrefix === "" || /[:_.-]$/.test(globalPrefix) ? globalPrefix : `${globalPrefix}_`;
  const tasks = `${prefix}celery-task-meta-`;
  const groups = `${prefix}celery-taskset-meta-`;
  return {
    task: (taskId) => tasks + taskId,
    taskOf: (channel) => (channel.startsWith(tasks) ? channel.slice(tasks.length) : undefined),
    group: (groupId) => groups + groupId,
    chord: (groupId) => [`${groups}${groupId}.j`, `${groups}${groupId}.t`, `${groups}${groupId}.s`],
  };
}
