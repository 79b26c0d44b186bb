/** Bills of materials: written, converted, merged, compared, and held against lists of licences. */

export { type SbomFormat, sbomFormatNames } from '../flows/evidence/evidence-type.ts'
export { type ComparedTarget, diffSboms, type SbomDiff, type SbomDiffRequest } from '../flows/sbom/diff.ts'
export type { DocumentText } from '../flows/sbom/document.ts'
export { checkLicences, type LicenceOutcome, type LicenceRequest } from '../flows/sbom/licences.ts'
export { type MergeRequest, mergeSboms } from '../flows/sbom/merge.ts'
export { type SbomOutcome, type SbomRequest, sbom } from '../flows/sbom/sbom.ts'
