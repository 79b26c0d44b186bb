import type { CelInput } from '@bufbuild/cel'

/** Members that are numbers with a fraction, also where they have none. */
const doubles: ReadonlySet<string> = new Set(['score', 'epss'])

/** A JSON value as CEL represents it: objects as maps, whole numbers as int. */
export function celValue(value: unknown, key = ''): CelInput {
  if (Array.isArray(value)) return value.map((item) => celValue(item))
  if (typeof value === 'number') return Number.isInteger(value) && !doubles.has(key) ? BigInt(value) : value
  if (typeof value === 'object' && value !== null)
    return new Map(Object.entries(value).map(([name, member]) => [name, celValue(member, name)]))
  return typeof value === 'string' || typeof value === 'boolean' ? value : null
}
