const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Sat, 12 Sep 2026 07:55:41 UTC`, with one or two digits for the day and the hour (RFC 5322, section 3.3). */
const pattern =
  /^(?:[A-Z][a-z]{2}, +)?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) +(\d{1,2}):(\d\d):(\d\d) (?:UTC|GMT|Z|([+-])(\d\d)(\d\d))$/

/** Reads a date of a Release file; undefined when it is not one. */
export function parseReleaseDate(text: string): Date | undefined {
  const match = pattern.exec(text)
  if (!match) return undefined
  const [, day, monthName, year, hour, minute, second, sign, offsetHours, offsetMinutes] = match
  const month = months.indexOf(monthName ?? '')
  const time = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second))
  const date = new Date(time)
  const exists = month >= 0 && date.getUTCDate() === Number(day) && Number(hour) < 24 && Number(minute) < 60
  if (!exists || Number(second) > 60) return undefined
  const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * 60_000
  return new Date(time - (sign === '-' ? -offset : offset))
}
