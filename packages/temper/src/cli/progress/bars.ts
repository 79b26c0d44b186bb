import { printableLine } from '../../base/printable.ts'
import type { Host } from '../host.ts'
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
  let drawnLines = 0
  let lastFrame = 0
  let timer: NodeJS.Timeout | undefined

  const erase = () => {
    if (drawnLines > 0) host.stderr.write(`\r\x1b[${drawnLines}A\x1b[0J`)
    drawnLines = 0
  }
  const draw = () => {
    lastFrame = host.now().getTime()
    erase()
    const shown = [...tasks].slice(0, mostBars)
    const lines = shown.map((task) => barLine(task, lastFrame, host.stderr.columns()))
    if (tasks.size > mostBars) lines.push(`  … and ${tasks.size - mostBars} more`)
    if (lines.length > 0) host.stderr.write(`${lines.map(style.dim).join('\n')}\n`)
    drawnLines = lines.length
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
      host.stderr.write(`${style.finished(text)}\n`)
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
  return line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`
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
