import type { Fuel } from '../../scripts/fuel.ts'
import type { SedAction, SedAddress, SedCommand } from './sed-script.ts'

/** What sed prints for a text (sed(1)). `quiet`: only what the script prints. */
export function runSed(
  commands: readonly SedCommand[],
  text: string,
  options: { readonly quiet: boolean; readonly fuel: Fuel },
): string {
  if (text === '') return ''
  const lines = text.split('\n')
  const unended = lines.at(-1) !== ''
  if (!unended) lines.pop()
  const run = new SedRun(lines.length, options)
  for (const [index, line] of lines.entries()) {
    options.fuel.spend(1 + commands.length)
    if (run.line(commands, line, index + 1) === 'quit') break
  }
  const printed = run.printed
  const open = unended && run.endsWithLastLine
  return printed.length === 0 ? '' : printed.join('\n') + (open ? '' : '\n')
}

/** One line while commands are done with it. */
interface Cycle {
  space: string
  readonly number: number
  deleted: boolean
  quits: boolean
  readonly after: string[]
}

class SedRun {
  readonly printed: string[] = []
  /** What was printed last is the last line of the text, which may lack its end. */
  endsWithLastLine = false
  readonly #last: number
  readonly #options: { readonly quiet: boolean; readonly fuel: Fuel }
  /** Ranges that have begun: the line on which each ends, if that is known. */
  readonly #open = new Map<SedCommand, number | undefined>()

  constructor(last: number, options: { readonly quiet: boolean; readonly fuel: Fuel }) {
    this.#last = last
    this.#options = options
  }

  line(commands: readonly SedCommand[], text: string, number: number): 'quit' | undefined {
    const cycle: Cycle = { space: text, number, deleted: false, quits: false, after: [] }
    this.#all(commands, cycle)
    if (!cycle.deleted && !this.#options.quiet) this.#print(cycle)
    for (const added of cycle.after) this.#say(added)
    return cycle.quits ? 'quit' : undefined
  }

  #print({ space, number }: Cycle): void {
    this.printed.push(space)
    this.endsWithLastLine = number === this.#last
  }

  #say(text: string): void {
    this.printed.push(text)
    this.endsWithLastLine = false
  }

  #all(commands: readonly SedCommand[], cycle: Cycle): void {
    for (const command of commands) {
      this.#options.fuel.spend(1)
      if (this.#applies(command, cycle) !== command.negated) this.#act(command, cycle)
      if (cycle.deleted || cycle.quits) return
    }
  }

  #applies(command: SedCommand, cycle: Cycle): boolean {
    const { from, to } = command
    if (from === undefined) return true
    if (to === undefined) return this.#at(from, cycle)
    if (this.#open.has(command)) {
      const end = this.#open.get(command)
      if (end === undefined ? this.#at(to, cycle) : cycle.number >= end) this.#open.delete(command)
      return end === undefined || cycle.number <= end
    }
    if (!this.#at(from, cycle)) return false
    // A line or a count says where the range ends; what has no further line is this one alone.
    const end = to.kind === 'line' ? to.number : to.kind === 'more' ? cycle.number + to.count : undefined
    if (end === undefined || end > cycle.number) this.#open.set(command, end)
    return true
  }

  #at(address: SedAddress, { space, number }: Cycle): boolean {
    if (address.kind === 'line') return number === address.number
    if (address.kind === 'regexp') return address.regexp.find(space) !== undefined
    return address.kind === 'last' && number === this.#last
  }

  #act(command: SedCommand, cycle: Cycle): void {
    const { action } = command
    switch (action.kind) {
      case 'block':
        this.#all(action.commands, cycle)
        return
      case 'substitute':
        this.#substitute(action, cycle)
        return
      case 'translate':
        cycle.space = [...cycle.space].map((char) => action.map.get(char) ?? char).join('')
        return
      case 'delete':
        cycle.deleted = true
        return
      case 'print':
        this.#print(cycle)
        return
      case 'quit':
        cycle.quits = true
        return
      case 'insert':
        this.#say(action.text)
        return
      case 'append':
        cycle.after.push(action.text)
        return
      case 'change':
        cycle.deleted = true
        // Of a range only the last line is replaced.
        if (!this.#open.has(command)) this.#say(action.text)
    }
  }

  #substitute(action: SedAction & { kind: 'substitute' }, cycle: Cycle): void {
    let result = ''
    let copied = 0
    let from = 0
    for (let count = 1; from <= cycle.space.length; count++) {
      const match = action.regexp.find(cycle.space, from)
      if (match === undefined) break
      // An empty match right behind another is none.
      const empty = match.end === match.start
      if (!(empty && match.start === copied && count > 1) && count >= action.first) {
        const groups = match.groups
        result += cycle.space.slice(copied, match.start)
        result += action.replacement
          .map((part) => (typeof part === 'string' ? part : (groups[part] ?? '')))
          .join('')
        copied = match.end
        if (!action.all) break
      }
      from = empty ? match.end + 1 : match.end
    }
    if (result === '' && copied === 0) return
    this.#options.fuel.spend(result.length)
    cycle.space = result + cycle.space.slice(copied)
    if (action.print) this.#print(cycle)
  }
}
