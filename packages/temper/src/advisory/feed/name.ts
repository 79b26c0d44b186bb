// Control characters: they separate parts of keys in the index, and steer terminals.
const control = /\p{Cc}/u

/** Most characters of a package name, an id or a version. */
const longest = 500

/** Whether a text can be a name, id or version: not empty, of bounded length, and without control characters. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longest && !control.test(value)
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

/**
 * A moment as RFC 3339 in UTC with whole seconds, so that moments are ordered as texts are. Undefined for anything
 * else, and for the first second of Unix time and years before 1970, which feeds write when they do not know the
 * time.
 */
export function moment(value: unknown): string | undefined {
  if (typeof value !== 'string' || !rfc3339.test(value)) return undefined
  if (value.length === 20) return value > '1970-01-01T00:00:00Z' ? value : undefined
  const time = Date.parse(value)
  return time > 0 ? `${new Date(time).toISOString().slice(0, 19)}Z` : undefined
}

/** A day, YYYY-MM-DD. */
export function day(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && value > '1970-01-01'
    ? value
    : undefined
}
