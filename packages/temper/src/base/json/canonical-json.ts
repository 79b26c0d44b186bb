/**
 * JSON without white space and with object keys in one order: equal values give equal bytes. The order is by
 * code unit, except that JavaScript puts keys that are array indices ("0", "17") first, by number.
 * `undefined` members are left out, as JSON.stringify does.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, sortKeys)
}

/** The same order of keys, indented for people: what Temper writes to files that are read and diffed. */
export function readableJson(value: unknown): string {
  return `${JSON.stringify(value, sortKeys, 2)}\n`
}

/** Without a prototype, so that the key `__proto__`, which names from outside may be, is a member like any other. */
function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const sorted: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(value).sort()) sorted[key] = (value as Record<string, unknown>)[key]
  return sorted
}
