import { objectOf } from '../../../base/json/value.ts'
import { objectsIn, textOf } from '../json.ts'

/**
 * The licences of a component in one text: expressions and ids joined by AND, since a list of them means that all
 * hold (CycloneDX 1.6, licenseChoice); names that are not ids as they are.
 */
export function readLicences(licenses: unknown): string | undefined {
  const licences = objectsIn(licenses).flatMap((choice) => {
    const { id, name } = objectOf(choice['license']) ?? {}
    return textOf(choice['expression']) ?? textOf(id) ?? textOf(name) ?? []
  })
  return joinLicences([...new Set(licences)])
}

/** Joins several statements of licences, all of which hold. */
export function joinLicences(licences: readonly string[]): string | undefined {
  if (licences.length <= 1) return licences[0]
  // Only what has spaces in it can be an alternative.
  return licences
    .map((each) => (each.includes('OR') && /\sOR\s/.test(each) ? `(${each})` : each))
    .join(' AND ')
}
