import type { CommandResult, ScriptCommand, Value } from '../scripts/world.ts'
import { isRandom, randomFilters, randomMark } from './random.ts'
import type { Stage } from './stage.ts'

const done: CommandResult = { status: 0, output: '' }

/**
 * Files that are left out because they would contain something random, with their content in which marks stand for
 * it: scripts read these files, and what they make from them is left out, too.
 */
export class Secrets {
  readonly #stage: Stage
  readonly #note: (path: string) => void
  readonly #texts = new Map<string, Value>()

  /** `note` is told of each path whose content is left out. */
  constructor(stage: Stage, note: (path: string) => void) {
    this.#stage = stage
    this.#note = note
  }

  has(path: string): boolean {
    return this.#texts.has(this.#stage.canonical(path))
  }

  text(path: string): Value {
    return this.#texts.get(this.#stage.canonical(path))
  }

  leaveOut(path: string, text: Value): void {
    const at = this.#stage.canonical(path)
    this.#texts.set(at, text)
    if (this.#stage.get(at)?.origin.kind === 'effect') this.#stage.remove(path)
    this.#note(path)
  }

  /** Something else stands there now. */
  replaced(path: string): void {
    this.#texts.delete(this.#stage.canonical(path))
  }

  /**
   * What a command does with secrets: copies of what is left out are left out, what filters make of it is random, and so
   * are changes that would put something random into a file. Undefined when it does none of these.
   */
  result({ words }: ScriptCommand, copies: ReadonlySet<string>): CommandResult | undefined {
    const [name = '', ...rest] = words
    const paths = rest.filter((word) => word?.startsWith('/')) as string[]
    const target = paths.at(-1)
    if (target === undefined) return undefined
    const inPlace = /^(?:sed|perl)$/.test(name) && rest.some((word) => /^-\w*i/.test(word ?? ''))
    if (inPlace) {
      if (!rest.some(isRandom) && !this.has(target)) return undefined
      if (!this.has(target)) this.#note(target)
      return done
    }
    if (randomFilters.has(name) && name !== 'grep' && paths.some((path) => this.has(path)))
      return { status: 0, output: `${randomMark}\n` }
    const source = paths.slice(0, -1).find((path) => this.has(path))
    if (!copies.has(name) || source === undefined) return undefined
    this.leaveOut(target, this.text(source))
    return done
  }
}
