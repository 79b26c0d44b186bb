import type { Fuel } from '../../scripts/fuel.ts'
import type { SedAction, SedAddress, SedCommand } from './sed-script.ts'

export interface SedRunOptions {
  /** Only what the script prints. */
  readonly quiet: boolean
  /** The text is one line (`-z`). */
  readonly whole?: boolean
  readonly fuel: Fuel
}

/** What sed prints for a text (sed(1)); undefined when it jumps to where nothing is. */
export function runSed(
  commands: readonly SedCommand[],
  text: string,
  options: SedRunOptions,
): string | undefined {
  const program = flatten(commands)
  if (program === undefined || (options.whole && text.includes('\0'))) return undefined
  if (text === '') return ''
  const lines = options.whole ? [text] : text.split('\n')
  const unended = lines.at(-1) !== ''
  if (!unended) lines.pop()
  const run = new SedRun(program, lines, options)
  run.all()
  const printed = run.printed
  const open = unended && run.endsWithLastLine
  if (options.whole) return printed.join('\0') + (open ? '' : '\0')
  return printed.length === 0 ? '' : printed.join('\n') + (open ? '' : '\n')
}

/** A command, and where to go on when it does not apply, or jumps. */
interface Step {
  readonly command: SedCommand
  /** Of a block: the first step behind it. Of a branch: its label's. */
  target: number
}

/** Commands one after the other, blocks taken apart; undefined when a label is missing. */
function flatten(commands: readonly SedCommand[]): readonly Step[] | undefined {
  const steps: Step[] = []
  const labels = new Map<string, number>()
  const add = (list: readonly SedCommand[]) => {
    for (const command of list) {
      const step: Step = { command, target: 0 }
      steps.push(step)
      const { action } = command
      if (action.kind === 'label') labels.set(action.label, steps.length)
      if (action.kind === 'block') add(action.commands)
      step.target = steps.length
    }
  }
  add(commands)
  for (const step of steps) {
    const { action } = step.command
    if (action.kind !== 'branch') continue
    const target = action.label === '' ? steps.length : labels.get(action.label)
    if (target === undefined) return undefined
    step.target = target
  }
  return steps
}

/** How a line ends. */
type End = 'print' | 'drop' | 'again' | 'quit' | 'quit-silently'

class SedRun {
  readonly printed: string[] = []
  /** What was printed last is the last line of the text, which may lack its end. */
  endsWithLastLine = false
  readonly #program: readonly Step[]
  readonly #lines: readonly string[]
  readonly #options: SedRunOptions
  /** Ranges that have begun: the line on which each ends, if that is known. */
  readonly #open = new Map<SedCommand, number | undefined>()
  /** Ranges that began at a line, which they do once. */
  readonly #closed = new Set<SedCommand>()
  #space = ''
  #hold = ''
  /** Whether the space, and what is held, lacks its end when it is printed last. */
  #unended = { space: false, hold: false }
  /** 1-based. */
  #number = 0
  #replaced = false
  #after: string[] = []

  constructor(program: readonly Step[], lines: readonly string[], options: SedRunOptions) {
    this.#program = program
    this.#lines = lines
    this.#options = options
  }

  all(): void {
    for (let end: End = 'drop'; end !== 'quit' && end !== 'quit-silently'; ) {
      if (end !== 'again' && !this.#read()) return
      this.#replaced = false
      end = this.#line()
      if ((end === 'print' || end === 'quit') && !this.#options.quiet) this.#print()
      this.#flush()
    }
  }

  /** Takes the next line; false when there is none. */
  #read(): boolean {
    const line = this.#lines[this.#number]
    if (line === undefined) return false
    this.#options.fuel.spend(1 + this.#program.length)
    this.#number++
    this.#space = line
    this.#unended.space = this.#number === this.#lines.length
    return true
  }

  #print(text = this.#space): void {
    this.printed.push(text)
    this.endsWithLastLine = this.#unended.space
  }

  #say(text: string): void {
    this.printed.push(text)
    this.endsWithLastLine = false
  }

  #flush(): void {
    for (const added of this.#after) this.#say(added)
    this.#after = []
  }

  #line(): End {
    for (let at = 0; at < this.#program.length; ) {
      const step = this.#program[at] as Step
      this.#options.fuel.spend(1)
      const applies = this.#applies(step.command) !== step.command.negated
      const { action } = step.command
      if (action.kind === 'block' || (action.kind === 'branch' && applies && this.#jumps(action))) {
        at = action.kind === 'block' && applies ? at + 1 : step.target
        continue
      }
      const end = applies ? this.#act(step.command) : undefined
      if (end !== undefined) return end
      at++
    }
    return 'print'
  }

  #jumps({ when }: SedAction & { kind: 'branch' }): boolean {
    const replaced = this.#replaced
    if (when !== 'always') this.#replaced = false
    return when === 'always' || replaced === (when === 'replaced')
  }

  #applies(command: SedCommand): boolean {
    const { from, to } = command
    if (from === undefined) return true
    if (to === undefined) return this.#at(from)
    if (this.#open.has(command)) {
      const end = this.#open.get(command)
      if (end === undefined ? this.#at(to) : this.#number >= end) {
        this.#open.delete(command)
        this.#closed.add(command)
      }
      return end === undefined || this.#number <= end
    }
    if (from.kind === 'line' && from.number === 0 && this.#number === 1) {
      if (!this.#at(to)) this.#open.set(command, undefined)
      return true
    }
    // A line that was passed inside another command opens its range as well, once.
    const passed =
      from.kind === 'line' && from.number > 0 && this.#number > from.number && !this.#closed.has(command)
    if (!passed && !this.#at(from)) return false
    if (from.kind === 'line') this.#closed.add(command)
    // A line or a count says where the range ends; what has no further line is this one alone.
    const end = to.kind === 'line' ? to.number : to.kind === 'more' ? this.#number + to.count : undefined
    if (end === undefined || end > this.#number) this.#open.set(command, end)
    return true
  }

  #at(address: SedAddress): boolean {
    if (address.kind === 'line') return this.#number === address.number
    if (address.kind === 'regexp') return address.regexp.find(this.#space) !== undefined
    return address.kind === 'last' && this.#number === this.#lines.length
  }

  #act(command: SedCommand): End | undefined {
    const { action } = command
    switch (action.kind) {
      case 'substitute':
        this.#substitute(action)
        return undefined
      case 'translate':
        this.#space = [...this.#space].map((char) => action.map.get(char) ?? char).join('')
        return undefined
      case 'delete':
        return 'drop'
      case 'delete-first': {
        const end = this.#space.indexOf('\n')
        if (end < 0) return 'drop'
        this.#space = this.#space.slice(end + 1)
        return 'again'
      }
      case 'print':
        this.#print()
        return undefined
      case 'print-first':
        this.#print(this.#space.split('\n')[0])
        return undefined
      case 'number':
        this.#say(String(this.#number))
        return undefined
      case 'quit':
        return 'quit'
      case 'insert':
        this.#say(action.text)
        return undefined
      case 'append':
        this.#after.push(action.text)
        return undefined
      case 'change':
        // Of a range only the last line is replaced.
        if (!this.#open.has(command)) this.#say(action.text)
        return 'drop'
      case 'next':
      case 'append-next':
        return this.#next(action.kind === 'append-next')
      default:
        this.#store(action.kind)
        return undefined
    }
  }

  /** Where there is no next line the script ends. */
  #next(append: boolean): End | undefined {
    const before = this.#space
    if (this.#number === this.#lines.length) return 'quit'
    if (!append && !this.#options.quiet) this.#print()
    this.#flush()
    this.#read()
    if (append) this.#keep(`${before}\n${this.#space}`)
    return undefined
  }

  #store(kind: SedAction['kind']): void {
    const { [kind]: change } = {
      hold: [this.#space, this.#space],
      'append-hold': [this.#space, `${this.#hold}\n${this.#space}`],
      get: [this.#hold, this.#hold],
      'append-get': [`${this.#space}\n${this.#hold}`, this.#hold],
      exchange: [this.#hold, this.#space],
    } as Partial<Record<SedAction['kind'], readonly [space: string, hold: string]>>
    if (change === undefined) return
    const { space, hold } = this.#unended
    if (kind === 'hold') this.#unended.hold = space
    else if (kind === 'exchange') this.#unended = { space: hold, hold: space }
    else if (kind !== 'append-hold') this.#unended.space = hold
    this.#keep(change[0])
    this.#hold = change[1]
    this.#options.fuel.spend(this.#hold.length)
  }

  #keep(space: string): void {
    this.#options.fuel.spend(space.length)
    this.#space = space
  }

  #substitute(action: SedAction & { kind: 'substitute' }): void {
    let result = ''
    let copied = 0
    let from = 0
    let made = false
    for (let count = 1; from <= this.#space.length; count++) {
      const match = action.regexp.find(this.#space, from)
      if (match === undefined) break
      // An empty match right behind another is none.
      const empty = match.end === match.start
      if (!(empty && match.start === copied && count > 1) && count >= action.first) {
        const groups = match.groups
        made = true
        result += this.#space.slice(copied, match.start)
        result += action.replacement
          .map((part) => (typeof part === 'string' ? part : (groups[part] ?? '')))
          .join('')
        copied = match.end
        if (!action.all) break
      }
      from = empty ? match.end + 1 : match.end
    }
    if (!made) return
    this.#replaced = true
    this.#keep(result + this.#space.slice(copied))
    if (action.print) this.#print()
  }
}
