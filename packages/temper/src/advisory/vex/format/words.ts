import type { VexJustification, VexStatus } from '../../../model/advisory/vex.ts'

/** Statuses from the most to the least cautious; of contradicting statements the more cautious one counts. */
export const statuses = [
  'affected',
  'under_investigation',
  'fixed',
  'not_affected',
] as const satisfies readonly VexStatus[]

export const justifications = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const satisfies readonly VexJustification[]
