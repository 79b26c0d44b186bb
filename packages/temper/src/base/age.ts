import { TemperError } from './error.ts'

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Milliseconds of an age such as "90m", "12h", "30d" or "4w". Throws `bad-usage`. */
export function parseAge(text: string): number {
  const match = /^([1-9][0-9]{0,5})([mhdw])$/.exec(text)
  const unit = units[match?.[2] ?? '']
  if (unit !== undefined) return Number(match?.[1]) * unit
  throw new TemperError('bad-usage', `"${text.slice(0, 40)}" is not an age`, {
    hint: 'Write a number with m (minutes), h (hours), d (days) or w (weeks), such as 30d.',
  })
}

/** An age in the largest unit that fits. */
export function formatAge(milliseconds: number): string {
  const largest = Object.entries(units)
    .reverse()
    .find(([, unit]) => milliseconds % unit === 0)
  return largest === undefined ? `${milliseconds} ms` : `${milliseconds / largest[1]}${largest[0]}`
}
