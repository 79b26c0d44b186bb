import type { Evidence } from '../../../model/attestation.ts'
import { predicateTypes } from '../../../model/attestation.ts'

const kinds = {
  signature: [predicateTypes.signature],
  sbom: [predicateTypes.spdxjson, predicateTypes.cyclonedx],
  provenance: [predicateTypes.slsaprovenance1, predicateTypes.slsaprovenance],
  vex: [predicateTypes.openvex],
} as const
export type EvidenceKind = keyof typeof kinds

/** Whether a piece of evidence is of a kind, in whatever version of its predicate. */
export function isKind({ type }: Pick<Evidence, 'type'>, kind: EvidenceKind): boolean {
  return kinds[kind].some((known) => type === known || type.startsWith(`${known}/`))
}
