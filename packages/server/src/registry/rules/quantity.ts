import { z } from 'zod'

const units: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  TB: 1000 ** 4,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

/** Bytes: a number, or one with a unit ("20 GB", "512MiB"). */
export const bytesSchema = z.union([z.int().nonnegative(), z.string()]).transform((value, context) => {
  if (typeof value === 'number') return value
  const [, count = '', unit = ''] = /^(\d{1,12}(?:\.\d{1,3})?) ?([A-Za-z]{1,3})$/.exec(value.trim()) ?? []
  const size = units[unit]
  if (size !== undefined) return Math.floor(Number(count) * size)
  context.addIssue({ code: 'custom', message: `expected bytes such as "20 GB" or 512MiB, found "${value}"` })
  return z.NEVER
})

const spans: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** Milliseconds: a number of seconds, or one with a unit ("30d", "12 h"). */
export const spanSchema = z.union([z.number().nonnegative(), z.string()]).transform((value, context) => {
  if (typeof value === 'number') return value * 1000
  const [, count = '', unit = ''] = /^(\d{1,9}) ?([smhdw])$/.exec(value.trim()) ?? []
  const seconds = spans[unit]
  if (seconds !== undefined) return Number(count) * seconds * 1000
  context.addIssue({ code: 'custom', message: `expected a time such as "30d" or 12h, found "${value}"` })
  return z.NEVER
})

/** 1.5 GB, as people read it. */
export function bytesText(bytes: number): string {
  const largest = (['TB', 'GB', 'MB', 'kB'] as const).find((unit) => bytes >= (units[unit] ?? 0))
  if (largest === undefined) return `${bytes} bytes`
  return `${Number((bytes / (units[largest] ?? 1)).toFixed(1))} ${largest}`
}
