/** Options put over those of tasks: by name or under `"*"`, or what says so for each task. */
export type AnnotationSource =
  | Readonly<Record<string, Readonly<Record<string, unknown>>>>
  | { annotate(task: { readonly name: string }): Readonly<Record<string, unknown>> | null | undefined }
  | ((task: { readonly name: string }) => Readonly<Record<string, unknown>> | null | undefined);

/** The settings that fill in what a task leaves open. Times in seconds. */
export interface TaskSettings {
  readonly taskAnnotations: AnnotationSource | readonly AnnotationSource[] | null;
  readonly taskIgnoreResult: boolean;
  readonly taskStoreErrorsEvenIfIgnored: boolean;
  readonly taskStoreEagerResult: boolean;
  readonly taskTrackStarted: boolean;
  readonly taskAcksLate: boolean;
  readonly taskAcksOnFailureOrTimeout: boolean;
  readonly taskAcksOnFailure: boolean | null;
  readonly taskAcksOnTimeout: boolean | null;
  readonly taskRejectOnWorkerLost: boolean | null;
  readonly taskDefaultRateLimit: string | number | null;
  readonly taskDefaultPriority: number | null;
  readonly taskTimeLimit: number | null;
  readonly taskSoftTimeLimit: number | null;
}
