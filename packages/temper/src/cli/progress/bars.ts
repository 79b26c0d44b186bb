import { printableLine } from '../../base/printable.ts'
import type { Host } from '../host.ts'
import { fold, visible } from '../report/fold.ts'
import { formatBytes } from '../report/quantity.ts'
import type { Style } from '../style.ts'
import type { TaskState, TaskView } from './view.ts'

const frameMilliseconds = 80
/** More running tasks than this are counted, not drawn. */
const mostBars = 6
const barWidth = 20

/** Bars that are redrawn in place and leave nothing behind (ECMA-48: cursor up, erase line). */
export function createBars(host: Host, style: Style): TaskView {
  const tasks = new Set<TaskState>()
  /** Columns of each line that is drawn: a terminal that became narrower shows it as several. */
  let drawn: readonly number[] = []
  let lastFrame = 0
  let timer: NodeJS.Timeout | undefined

  const erase = () => {
    const columns = Math.max(1, host.stderr.columns())
    const rows = drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0)
    if (rows > 0) host.stderr.write(`\r\x1b[${rows}A\x1b[0J`)
    drawn = []
  }
  const draw = () => {
    lastFrame = host.now().getTime()
    erase()
    const shown = [...tasks].slice(0, mostBars)
    const lines = shown.map((task) => barLine(task, lastFrame, host.stderr.columns()))
    if (tasks.size > mostBars) lines.push(cut(`  … and ${tasks.size - mostBars} more`, host.stderr.columns()))
    if (lines.length > 0) host.stderr.write(`${lines.map(style.dim).join('\n')}\n`)
    drawn = lines.map(visible)
  }
  const stop = () => {
    clearInterval(timer)
    timer = undefined
    erase()
  }
  return {
    started: (task) => {
      tasks.add(task)
      timer ??= setInterval(draw, frameMilliseconds).unref()
    },
    changed: () => {
      // Work that never yields to the timer still shows that it moves.
      if (host.now().getTime() - lastFrame >= 2 * frameMilliseconds) draw()
    },
    ended: (task) => {
      tasks.delete(task)
      if (tasks.size === 0) stop()
    },
    line: (text) => {
      erase()
      host.stderr.write(`${fold(style.finished(text), host.stderr.columns())}\n`)
    },
    close: () => {
      tasks.clear()
      stop()
    },
  }
}

/** One line that fits into `columns`: label, bar, percent, amount, rate, detail. */
export function barLine(task: TaskState, now: number, columns: number): string {
  const parts = [`  ${task.label}`]
  if (task.total !== undefined && task.total > 0) {
    const share = Math.min(1, task.amount / task.total)
    const filled = Math.floor(share * barWidth)
    parts.push(
      `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`,
      `${Math.floor(share * 100)}%`.padStart(4),
    )
  }
  parts.push(amountText(task), ...rateText(task, now))
  if (task.detail !== '') parts.push(task.detail)
  const line = printableLine(parts.filter((part) => part !== '').join('  '), { most: 1000 })
  return cut(line, columns)
}

/** The line, or as much of it as leaves the last column free: some terminals go on below after it. */
function cut(line: string, columns: number): string {
  if (visible(line) < columns) return line
  let kept = ''
  let width = 0
  for (const char of line) {
    width += visible(char)
    if (width > columns - 2) break
    kept += char
  }
  return `${kept}…`
}

/** "3.1 MB of 36 MB", "4 of 29", or "" when nothing is counted yet. */
export function amountText(task: TaskState): string {
  const show = task.unit === 'bytes' ? formatBytes : String
  if (task.total !== undefined) return `${show(task.amount)} of ${show(task.total)}`
  return task.amount > 0 ? show(task.amount) : ''
}

function rateText(task: TaskState, now: number): readonly string[] {
  const seconds = (now - task.started) / 1000
  if (task.unit !== 'bytes' || seconds < 0.5 || task.amount === 0) return []
  return [`${formatBytes(task.amount / seconds)}/s`]
}
