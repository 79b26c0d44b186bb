import type { Severity } from '../database/schema.ts'

/** Days from the disclosure of a problem to the day when it has to be gone, by its severity. */
export type Sla = Readonly<Record<Severity, number>>

export const usualSla: Sla = {
  critical: 7,
  high: 7,
  medium: 30,
  low: 30,
  negligible: 30,
  unknown: 30,
}

export function dueOf(sla: Sla, severity: Severity, disclosed: Date): Date {
  return new Date(disclosed.getTime() + sla[severity] * 24 * 3600 * 1000)
}
