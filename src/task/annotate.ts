import { checkTaskOptions } from "./check-task-options.ts";
import type { TaskOptions } from "./task-options.ts";
import type { AnnotationSource, TaskSettings } from "./task-settings.ts";

/**
 * The options of a task with those that the setting `taskAnnotations` puts over them; the later of a list wins.
 * @throws UsageError where an annotation is no option
 */
export function annotate(task: string, options: TaskOptions, annotations: TaskSettings["taskAnnotations"]): TaskOptions {
  if (annotations === null) return options;
  let merged: TaskOptions = options;
  for (const source of isList(annotations) ? annotations : [annotations]) merged = { ...merged, ...layer(source, task) };
  checkTaskOptions(task, merged);
  return merged;
}

function layer(source: AnnotationSource, task: string): Readonly<Record<string, unknown>> {
  if (typeof source === "function") return source({ name: task }) ?? {};
  if (isAnnotator(source)) return source.annotate({ name: task }) ?? {};
  return { ...source["*"], ...source[task] };
}

function isAnnotator(source: AnnotationSource): source is Extract<AnnotationSource, { annotate: unknown }> {
  return typeof source["annotate" as keyof AnnotationSource] === "function";
}

function isList(value: NonNullable<TaskSettings["taskAnnotations"]>): value is readonly AnnotationSource[] {
  return Array.isArray(value);
}
