/** A date or time from outside as an RFC 3339 time with seconds; undefined when it is neither. */
export function strictTime(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** The day of a date or time; the text itself when it is neither. */
export function dayOf(text: string): string {
  return strictTime(text)?.slice(0, 10) ?? text
}
