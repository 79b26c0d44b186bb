import { hexOf, sha256 } from '../../base/digest.ts'
import type { Sbom } from '../../model/sbom.ts'
import type { Spdx3Element, Spdx3Ids } from './ids.ts'

/** Everybody who made or distributes a package, each once. */
export function agentsOf(
  { packages }: Sbom,
  ids: Spdx3Ids,
): { readonly elements: readonly Spdx3Element[]; readonly idOf: (name: string) => string } {
  const idOf = (name: string) => ids.of('organization', hexOf(sha256(name)).slice(0, 16))
  const names = new Set(
    packages.flatMap(({ supplier, maintainer }) => [supplier ?? [], maintainer ?? []].flat()),
  )
  return {
    idOf,
    elements: [...names].sort().map((name) => ids.element('Organization', idOf(name), { name })),
  }
}

/** Each licence expression that a package states, once, with the texts of licences that SPDX does not list. */
export function* licenceElements({ packages }: Sbom, ids: Spdx3Ids): Generator<Spdx3Element> {
  const expressions = new Map<string, Readonly<Record<string, string>>>()
  for (const { licence } of packages)
    if (licence !== undefined) expressions.set(licence.expression, licence.texts)
  const texts = new Map([...expressions.values()].flatMap((each) => Object.entries(each)))
  for (const [name, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1)))
    yield ids.element('simplelicensing_SimpleLicensingText', ids.of('licence-text', name), {
      name,
      simplelicensing_licenseText: text,
    })
  for (const [expression, own] of [...expressions].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const custom = Object.keys(own).map((key) => ({
      type: 'DictionaryEntry',
      key,
      value: ids.of('licence-text', key),
    }))
    yield ids.element('simplelicensing_LicenseExpression', licenceId(expression, ids), {
      simplelicensing_licenseExpression: expression,
      ...(custom.length === 0 ? {} : { simplelicensing_customIdToUri: custom }),
    })
  }
}

export function licenceId(expression: string, ids: Spdx3Ids): string {
  return ids.of('licence', hexOf(sha256(expression)).slice(0, 16))
}
