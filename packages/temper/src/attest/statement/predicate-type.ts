import { TemperError } from '../../base/error.ts'
import { predicateTypes } from '../../model/attestation.ts'

/** Further names, for what has several versions or spellings. */
const families: Readonly<Record<string, string>> = {
  provenance: 'https://slsa.dev/provenance',
  spdx: predicateTypes.spdxjson,
  'spdx-json': predicateTypes.spdxjson,
  'cyclonedx-json': predicateTypes.cyclonedx,
  vex: predicateTypes.openvex,
}

/** The predicate type that a short name or an address means, to attest with. Throws `bad-usage`. */
export function predicateType(text: string): string {
  const known: Readonly<Record<string, string>> = { ...predicateTypes, spdx: predicateTypes.spdxjson }
  return typeOf(text, known)
}

/** The same, for searching: `provenance` means any version. */
export function wantedType(text: string): string {
  return typeOf(text, { ...predicateTypes, ...families })
}

/** Whether evidence is of the wanted type, or a version of it ("…/bom" and "…/bom/v1.6"). */
export function isOfType(type: string, wanted: string): boolean {
  return type === wanted || type.startsWith(`${wanted}/`)
}

function typeOf(text: string, known: Readonly<Record<string, string>>): string {
  const type = Object.hasOwn(known, text) ? known[text] : undefined
  if (type !== undefined) return type
  if (text.length <= 1000 && /^[a-z][a-z0-9+.-]*:[^\s]+$/.test(text)) return text
  throw new TemperError('bad-usage', `"${text.slice(0, 100)}" is not a type of attestation`, {
    hint: `Use ${Object.keys(known).join(', ')}, or the address of a predicate type.`,
  })
}
