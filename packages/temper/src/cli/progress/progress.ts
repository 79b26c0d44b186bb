import { redactText } from '../../base/http/redact.ts'
import type { Progress, ProgressTask } from '../../base/progress.ts'
import type { Host } from '../host.ts'
import { styleFor } from '../style.ts'
import { createBars } from './bars.ts'
import { createProgressLines } from './lines.ts'
import type { TaskState, TaskView } from './view.ts'

export interface ProgressDisplay {
  readonly progress: Progress
  /** One line that stays and is no warning. */
  say(text: string): void
  /** Ends drawing and erases what must not stay. Safe to call twice. */
  close(): void
}

/**
 * Progress on standard error: bars on a terminal, an occasional plain line elsewhere (and in CI), nothing
 * with `quiet`.
 */
export function createProgressDisplay(
  host: Host,
  options: { readonly quiet: boolean; readonly verbose: boolean; readonly color: boolean },
): ProgressDisplay {
  const style = styleFor(host.stderr, host, options)
  const drawn = host.stderr.isTerminal && host.env['TERM'] !== 'dumb' && !host.env['CI']
  const view = options.quiet ? undefined : drawn ? createBars(host, style) : createProgressLines(host, style)
  if (!view)
    return {
      progress: { start: () => silentTask, note: () => {}, warn: () => {} },
      say: () => {},
      close: () => {},
    }
  return {
    progress: {
      start: (label, task = {}) => {
        const state: TaskState = {
          label: redactText(label),
          total: task.total,
          unit: task.unit ?? 'items',
          started: host.now().getTime(),
          amount: 0,
          detail: '',
        }
        view.started(state)
        return trackedTask(state, view)
      },
      note: (text) => {
        if (options.verbose) view.line(style.dim(redactText(text)))
      },
      warn: (text) => view.line(`${style.warn('warning:')} ${redactText(text)}`),
    },
    say: (text) => view.line(style.dim(redactText(text))),
    close: () => view.close(),
  }
}

const silentTask: ProgressTask = { advance: () => {}, done: () => {} }

function trackedTask(state: TaskState, view: TaskView): ProgressTask {
  let open = true
  return {
    advance: (amount, detail) => {
      if (!open) return
      state.amount += amount
      if (detail !== undefined) state.detail = redactText(detail)
      view.changed(state)
    },
    done: () => {
      if (!open) return
      open = false
      view.ended(state)
    },
  }
}
