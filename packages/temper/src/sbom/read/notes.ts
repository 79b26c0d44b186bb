import type { InventoryNote } from '../../model/inventory.ts'

/** Of one kind, so many are told one by one; of more only the number. */
const told = 20

/** Notes about one document. Their number is bounded, however often the document causes one. */
export class Notes {
  readonly #found = new Map<string, InventoryNote[]>()
  readonly #count = new Map<string, number>()

  add(note: InventoryNote): void {
    const count = (this.#count.get(note.code) ?? 0) + 1
    this.#count.set(note.code, count)
    if (count > told) return
    const list = this.#found.get(note.code)
    if (list === undefined) this.#found.set(note.code, [note])
    else list.push(note)
  }

  /** In the order in which each kind first occurred. */
  list(): readonly InventoryNote[] {
    return [...this.#found].flatMap(([code, notes]) => {
      const more = (this.#count.get(code) ?? 0) - notes.length
      return more === 0 ? notes : [...notes, { code, message: `The same is true of ${more} more.` }]
    })
  }
}
