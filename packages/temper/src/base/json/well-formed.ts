/**
 * The same value, with U+FFFD for each half of a surrogate pair in its strings and names. JSON's grammar has room for such
 * halves, but they are no Unicode text (RFC 8259, section 8.2), and many readers refuse the whole document for one.
 */
export function wellFormed<T>(value: T): T {
  return wellFormedValue(value) as T
}

function wellFormedValue(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(wellFormedValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name.toWellFormed(), wellFormedValue(each)]),
  )
}
