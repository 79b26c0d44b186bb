import type { Signal } from './shell.ts'

/** How certain it is that the present command runs. */
export class Certainty {
  #branches = 0
  /** Kinds of signals that may have ended something, so that the following commands run only perhaps. */
  #doubts = new Set<Signal['kind']>()

  get sure(): boolean {
    return this.#branches === 0 && this.#doubts.size === 0
  }

  /** Notes that something of this kind may have ended. */
  doubts(kind: Signal['kind']): boolean {
    return this.#doubts.has(kind)
  }

  doubt(kinds: readonly Signal['kind'][]): void {
    for (const kind of kinds) this.#doubts.add(kind)
  }

  /** Runs something that may not run at all. */
  perhaps<T>(body: () => T): T {
    this.#branches++
    const result = body()
    this.#branches--
    return result
  }

  /** Runs something that a signal of this kind ends; doubts about it from outside apply throughout. */
  bounded<T>(kind: Signal['kind'], body: () => T): T {
    const doubted = this.#doubts.delete(kind)
    const result = doubted ? this.perhaps(body) : body()
    if (doubted) this.#doubts.add(kind)
    else this.#doubts.delete(kind)
    return result
  }

  /** Runs something that does not depend on whether everything before it completed. */
  regardless<T>(body: () => T): T {
    const before = this.#doubts
    this.#doubts = new Set()
    const result = body()
    this.#doubts = before
    return result
  }

  /** Runs something whose doubts stay inside: a subshell. */
  enclosed<T>(body: () => T): T {
    const before = new Set(this.#doubts)
    const result = body()
    this.#doubts = before
    return result
  }
}
