import type { Context } from './context.ts'

/** The creation time of an image in RFC 3339 without fractions; SOURCE_DATE_EPOCH takes precedence if it is set. */
export function creationTime({ now, sourceDateEpoch }: Pick<Context, 'now' | 'sourceDateEpoch'>): string {
  const time = sourceDateEpoch === undefined ? now() : new Date(sourceDateEpoch * 1000)
  return time.toISOString().replace(/\.\d+Z$/, 'Z')
}
