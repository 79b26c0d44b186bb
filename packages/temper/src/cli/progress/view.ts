/** What one task has told so far. */
export interface TaskState {
  readonly label: string
  readonly total: number | undefined
  readonly unit: 'bytes' | 'items'
  /** Milliseconds of the host's clock. */
  readonly started: number
  amount: number
  detail: string
}

/** Shows tasks as they go: draws, or prints lines now and then. */
export interface TaskView {
  started(task: TaskState): void
  changed(task: TaskState): void
  ended(task: TaskState): void
  /** Prints a line that stays. */
  line(text: string): void
  close(): void
}
