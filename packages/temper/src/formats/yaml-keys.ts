import { type Document, isMap, isScalar, visit } from 'yaml'

/** A key of a map that has it already, of which readers take one or the other value. */
export interface RepeatedKey {
  readonly name: string
  /** In characters from the start of the text. */
  readonly offset: number
}

/** The first key that a map of the document has twice. One pass: that of the library takes quadratic time. */
export function repeatedKey(document: Document): RepeatedKey | undefined {
  let first: RepeatedKey | undefined
  visit(document, {
    Node: (_key, node) => {
      if (!isMap(node)) return undefined
      const names = new Set<string>()
      for (const { key } of node.items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        if (names.has(name)) {
          first = { name, offset: key.range?.[0] ?? node.range?.[0] ?? 0 }
          return visit.BREAK
        }
        names.add(name)
      }
      return undefined
    },
  })
  return first
}
