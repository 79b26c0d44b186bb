import { TemperError } from '../../../base/error.ts'
import { printableLine } from '../../../base/printable.ts'
import type { VexStatement } from '../../../model/advisory/vex.ts'
import type { InventoryNote } from '../../../model/inventory.ts'
import { Unusable } from '../format/fields.ts'
import { vexLimits } from '../format/limits.ts'

/** Gathers the statements of one document; what cannot be used becomes a note. */
export class StatementCollector {
  readonly statements: VexStatement[] = []
  readonly #notes: InventoryNote[] = []
  readonly #origin: string
  #noted = 0
  #identifiers = 0

  constructor(origin: string) {
    this.#origin = origin
  }

  /** Runs what reads one part; a part that cannot be used is noted and skipped. */
  attempt(what: string, read: () => void): void {
    try {
      read()
    } catch (error) {
      if (!(error instanceof Unusable)) throw error
      this.note('vex-statement-unusable', `${what}: ${error.message}`)
    }
  }

  /** Throws `limit-exceeded` when a document says too much. */
  add(statement: VexStatement): void {
    this.#identifiers += statement.aliases.length
    for (const { subcomponents, digests = [] } of statement.products)
      this.#identifiers += 1 + subcomponents.length + digests.length
    if (this.statements.length >= vexLimits.statements || this.#identifiers > vexLimits.identifiers) {
      throw new TemperError(
        'limit-exceeded',
        `${this.#origin}: more than ${vexLimits.statements} statements or ${vexLimits.identifiers} products`,
      )
    }
    this.statements.push(statement)
  }

  note(code: string, message: string): void {
    this.#noted++
    if (this.#noted <= vexLimits.notes)
      this.#notes.push({ code, message: `${this.#origin}: ${printableLine(message, { most: 400 })}` })
  }

  notes(): readonly InventoryNote[] {
    const more = this.#noted - this.#notes.length
    if (more === 0) return this.#notes
    return [...this.#notes, { code: 'vex-more-notes', message: `${this.#origin}: ${more} more like these` }]
  }
}
