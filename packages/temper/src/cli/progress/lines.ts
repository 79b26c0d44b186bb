import { printableLine } from '../../base/printable.ts'
import type { Host } from '../host.ts'
import { formatDuration } from '../report/quantity.ts'
import type { Style } from '../style.ts'
import { amountText } from './bars.ts'
import type { TaskState, TaskView } from './view.ts'

/** A task that ends sooner says nothing; a longer one speaks this often. */
const quietMilliseconds = 2000
const intervalMilliseconds = 10_000

/** Plain lines for logs: only tasks that take long show up, and rarely. */
export function createProgressLines(host: Host, style: Style): TaskView {
  const spoken = new Map<TaskState, number>()
  const say = (task: TaskState, ending: string) => {
    const amount = amountText(task)
    host.stderr.write(`${printableLine(task.label)}${amount === '' ? '' : `: ${amount}`}${ending}\n`)
  }
  return {
    started: (task) => void spoken.set(task, task.started - intervalMilliseconds + quietMilliseconds),
    changed: (task) => {
      const now = host.now().getTime()
      if (now - (spoken.get(task) ?? now) < intervalMilliseconds) return
      spoken.set(task, now)
      say(task, ' …')
    },
    ended: (task) => {
      spoken.delete(task)
      const taken = host.now().getTime() - task.started
      if (taken >= quietMilliseconds) say(task, `, done in ${formatDuration(taken)}`)
    },
    line: (text) => host.stderr.write(`${style.finished(text)}\n`),
    close: () => spoken.clear(),
  }
}
