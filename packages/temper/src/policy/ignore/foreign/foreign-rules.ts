import type { IgnoreRule } from '../rule.ts'
import { isDay } from '../schema.ts'

/** The reason given for a rule that has none, since other programs do not ask for one. */
export function reasonOf(stated: string | undefined, file: string): string {
  const reason = stated?.trim().replace(/\s+/g, ' ').slice(0, 2000)
  return reason === undefined || reason === '' ? `listed in ${file} without a reason` : reason
}

/** A rule of another program that means nothing here, or less than it says. It ignores nothing, and is reported. */
export function untaken(origin: string, why: string): IgnoreRule {
  return { reason: why, origin, untaken: why }
}

/**
 * The day before a given one, since other programs name the first moment at which a rule no longer counts. A date
 * with a time also gives the day before, since no rule may count for longer than its author said. Undefined when the
 * text is not a date.
 */
export function dayBefore(text: string): string | undefined {
  const day = /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(text)?.[0]
  if (day === undefined || !isDay(day)) return undefined
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
}

/**
 * A pattern for paths, provided that it means the same here: alternatives and character sets are not supported, and
 * "**" crosses folders only where it stands for whole ones.
 */
export function pathPattern(text: string): string | undefined {
  if (/[{}[\]!\\]/.test(text) || text === '') return undefined
  const parts = text.replace(/^\/+/, '').split('/')
  return parts.some((part) => part !== '**' && part.includes('**')) ? undefined : parts.join('/')
}
