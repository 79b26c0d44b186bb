import type { LicenceStatement } from '../../model/package/licence.ts'

/**
 * The members of a component that state its licences. CycloneDX 1.6 does not allow texts beside an expression, so
 * those of `LicenseRef-…` become the evidence for it.
 */
export function licenceChoice(licence: LicenceStatement | undefined): Readonly<Record<string, unknown>> {
  if (licence === undefined) return {}
  if (licence.words !== undefined) return { licenses: [{ license: { name: licence.words } }] }
  const texts = Object.entries(licence.texts).map(([name, content]) => ({
    license: { name, text: { contentType: 'text/plain', content } },
  }))
  if (licence.texts[licence.expression] !== undefined) return { licenses: texts }
  return {
    licenses: [{ expression: licence.expression, acknowledgement: 'declared' }],
    ...(texts.length === 0 ? {} : { evidence: { licenses: texts } }),
  }
}
