import type { SlsaReport } from '../../model/assess/assessment.ts'
import type { ImageSubject } from '../../rules/image/subject.ts'

/**
 * The level of SLSA's build track (slsa.dev/spec/v1.0/levels) that what is attached shows; undefined where nothing
 * can be attached. Level 3 and above take knowledge about the builder that no evidence about an image holds.
 */
export function slsaReport({ evidence }: Pick<ImageSubject, 'evidence'>): SlsaReport | undefined {
  if (evidence === undefined) return undefined
  const { provenance } = evidence
  if (provenance.length === 0) return { build: 0, why: 'there is no provenance' }
  const whole = provenance.filter(
    ({ builder, buildType }) => builder !== undefined && buildType !== undefined,
  )
  if (whole.length === 0) return { build: 0, why: 'its provenance does not say who built it and how' }
  const proved = whole.find((each) => each.evidence.verified)
  if (proved === undefined)
    return { build: 1, why: 'its provenance says who built it and how, but no trusted signer signed it' }
  return {
    build: 2,
    why: `its provenance is signed by a trusted signer (${proved.evidence.signers[0]?.slice(0, 200) ?? 'a key'}); whether its builds are isolated from each other (level 3) is for those to say who know the builder ${proved.builder?.slice(0, 200) ?? ''}`.trimEnd(),
  }
}
