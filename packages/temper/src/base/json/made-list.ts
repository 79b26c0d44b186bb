/**
 * A list whose items are made when they are written, one after the other, and not kept: of a million, each as an object
 * of its own would fill the memory. It may be read several times, and is an ordinary list for `JSON.stringify`.
 */
export class MadeList<Item = unknown> implements Iterable<unknown> {
  readonly #items: Iterable<Item>
  readonly #make: (item: Item) => unknown

  constructor(items: Iterable<Item>, make: (item: Item) => unknown) {
    this.#items = items
    this.#make = make
  }

  *[Symbol.iterator](): Generator<unknown, void, void> {
    for (const item of this.#items) yield this.#make(item)
  }

  toJSON(): readonly unknown[] {
    return [...this]
  }

  /** The list of what becomes of its items. */
  each<Next>(change: (made: unknown) => Next): MadeList<Item> {
    return new MadeList(this.#items, (item) => change(this.#make(item)))
  }
}

/** The items of all lists, one list after the other. */
export function madeInTurn(lists: readonly Iterable<unknown>[]): MadeList {
  const items = {
    *[Symbol.iterator]() {
      for (const list of lists) yield* list
    },
  }
  return new MadeList(items, (item) => item)
}

/** The same value with ordinary lists, for whoever wants to look into it. */
export function withListsMade(value: unknown): unknown {
  if (value instanceof MadeList) return [...value]
  if (Array.isArray(value)) return value.map(withListsMade)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withListsMade(each)]))
}
