import type { RefusedEvidence } from '../../../flows/image/publish.ts'
import { count } from '../quantity.ts'

/** The end of a first line, which says that a registry did not take everything; empty when it did. */
export function refusedText(refused: readonly RefusedEvidence[]): string {
  if (refused.length === 0) return ''
  return `, without ${count(refused.length, 'attached document')}, which the registry refused`
}
