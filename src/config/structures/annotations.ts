/** Options that replace those of a task. */
export type AnnotatedOptions = Readonly<Record<string, unknown>>;

/** An object that says for each task which options to replace; undefined replaces none. */
export interface TaskAnnotator {
  /** Asked once when a task is bound to its app. */
  annotate(task: { readonly name: string }): AnnotatedOptions | null | undefined;
}

/** Options by the task's name, or under `"*"` for every task. */
export type AnnotationMap = Readonly<Record<string, AnnotatedOptions>>;

/** The setting `taskAnnotations`: one map or annotator, or a list of them. */
export type TaskAnnotations = AnnotationMap | TaskAnnotator | readonly (AnnotationMap | TaskAnnotator)[];
