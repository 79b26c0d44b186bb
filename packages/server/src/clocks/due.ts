import type { Severity } from '../database/schema.ts'

/** Days from when a problem is told to when it has to be gone. */
const days: Readonly<Record<Severity, number>> = {
  critical: 7,
  high: 7,
  medium: 30,
  low: 30,
  negligible: 30,
  unknown: 30,
}

export function dueOf(severity: Severity, disclosed: Date): Date {
  return new Date(disclosed.getTime() + days[severity] * 24 * 3600 * 1000)
}
