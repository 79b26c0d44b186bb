/** How lengthy work reports its progress. The CLI draws it; users of the library may pass their own. */
export interface Progress {
  /** Starts a task. `total` is in `unit`s; without it the task shows activity only. */
  start(label: string, options?: { readonly total?: number; readonly unit?: 'bytes' | 'items' }): ProgressTask
  /** One line that stays: a fact for those who ask for more detail. */
  note(text: string): void
  /** One line that stays and that everyone should see. */
  warn(text: string): void
}

export interface ProgressTask {
  advance(amount: number, detail?: string): void
  /** Ends the task. Safe to call twice. */
  done(): void
}

/** The same progress, except that warnings go to `warn`. */
export function withWarnings(progress: Progress, warn: Progress['warn']): Progress {
  return {
    start: (label, options) => progress.start(label, options),
    note: (text) => progress.note(text),
    warn,
  }
}

export const silentProgress: Progress = {
  start: () => ({ advance: () => {}, done: () => {} }),
  note: () => {},
  warn: () => {},
}
