/** How long work tells how far it is. The CLI draws it; libraries may pass their own. */
export interface Progress {
  /** Starts a task. `total` is in `unit`s; without it the task shows activity only. */
  start(label: string, options?: { readonly total?: number; readonly unit?: 'bytes' | 'items' }): ProgressTask
  /** One line that stays: a fact worth knowing while it runs for who asks for more. */
  note(text: string): void
  /** One line that stays and that everyone should see. */
  warn(text: string): void
}

export interface ProgressTask {
  advance(amount: number, detail?: string): void
  /** Ends the task. Safe to call twice. */
  done(): void
}

/** The same, but for what everyone should see, which goes to `warn`. */
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
