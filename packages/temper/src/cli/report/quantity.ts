/** Bytes in decimal units, as registries and disks count: "9 B", "35.2 MB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** Milliseconds for people: "85 ms", "2.4 s", "3 min 5 s". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** "1 package", "29 packages". */
export function count(amount: number, noun: string): string {
  const plural = /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`
  return `${amount} ${amount === 1 ? noun : plural}`
}

const unitFactors: Readonly<Record<string, number>> = {
  B: 1,
  k: 1e3,
  kB: 1e3,
  M: 1e6,
  MB: 1e6,
  G: 1e9,
  GB: 1e9,
}

/** Reads "500MB", "2 GB", "1000"; undefined when it is not a size. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,3})?)\s*([kMG]?B?)$/.exec(text.trim())
  if (!match) return undefined
  const factor = unitFactors[match[2] || 'B']
  return factor === undefined ? undefined : Math.round(Number(match[1]) * factor)
}

const ageFactors: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800 }

/** Reads "30d", "12h", "90m", "2w" as seconds; undefined when it is not an age. */
export function parseAge(text: string): number | undefined {
  const match = /^(\d{1,6})([mhdw])$/.exec(text.trim())
  const factor = ageFactors[match?.[2] ?? '']
  return match && factor !== undefined ? Number(match[1]) * factor : undefined
}
