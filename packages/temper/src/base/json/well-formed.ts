import { MadeList } from './made-list.ts'

/**
 * The same value, with U+FFFD for each half of a surrogate pair in its strings and names. JSON's grammar has room for such
 * halves, but they are no Unicode text (RFC 8259, section 8.2), and many readers refuse the whole document for one.
 */
export function wellFormed<T>(value: T): T {
  return wellFormedValue(value) as T
}

function wellFormedValue(value: unknown): unknown {
  if (isWellFormed(value)) return value
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(wellFormedValue)
  if (value instanceof MadeList) return value.each(wellFormedValue)
  return Object.fromEntries(
    Object.entries(value as object).map(([name, each]) => [name.toWellFormed(), wellFormedValue(each)]),
  )
}

/** Most are, and looking takes a tenth of the time of making another one. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isWellFormed)
  if (value instanceof MadeList) return false
  for (const name in value)
    if (!name.isWellFormed() || !isWellFormed((value as Record<string, unknown>)[name])) return false
  return true
}
