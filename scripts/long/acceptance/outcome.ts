import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { UnmodelledEffect } from '../../../packages/temper/src/model/package/unmodelled-effect.ts'

/** What came of a recipe of one package alone. */
export interface PackageOutcome {
  readonly package: string
  readonly result: 'built' | 'refused'
  /** The error's code; null when it was built. */
  readonly code: string | null
  /** How many commands of maintainer scripts are not modelled. */
  readonly unmodelled: number
  /** Whether its main program starts; null when it has none, or none was started. */
  readonly starts: boolean | null
  /** Why it was refused or does not start, and what was started; null when there is nothing to say. */
  readonly reason: string | null
  /** The command that was run in a container. */
  readonly command?: readonly string[]
  readonly unmodelledEffects?: readonly UnmodelledEffect[]
}

/** The outcomes so far, written after each, so that a run that was stopped can go on. */
export class ResultFile {
  readonly #path: string | undefined
  readonly #order: readonly string[]
  readonly #outcomes = new Map<string, PackageOutcome>()

  constructor(
    path: string | undefined,
    options: { readonly resume: boolean; readonly order: readonly string[] },
  ) {
    this.#path = path
    this.#order = options.order
    if (path === undefined || !options.resume || !existsSync(path)) return
    const before = JSON.parse(readFileSync(path, 'utf8')) as readonly PackageOutcome[]
    for (const outcome of before) this.#outcomes.set(outcome.package, outcome)
  }

  has(name: string): boolean {
    return this.#outcomes.has(name)
  }

  get count(): number {
    return this.inOrder().length
  }

  add(outcome: PackageOutcome): void {
    this.#outcomes.set(outcome.package, outcome)
    if (this.#path === undefined) return
    writeFileSync(`${this.#path}.new`, `${JSON.stringify(this.inOrder(), undefined, 2)}\n`)
    renameSync(`${this.#path}.new`, this.#path)
  }

  /** In the order of the list. */
  inOrder(): readonly PackageOutcome[] {
    return this.#order.flatMap((name) => this.#outcomes.get(name) ?? [])
  }
}
