import { formatPurl, type PackageUrl } from '../../../formats/purl/purl.ts'
import { VersionRangeSpecifier } from '../../../formats/version/vers.ts'

/**
 * A package in a range of its versions: the qualifier "vers" in place of a version (purl specification, known qualifiers).
 * Undefined when the range cannot be read.
 */
export function purlInRange(purl: PackageUrl, range: string): string | undefined {
  if (VersionRangeSpecifier.parse(range) === undefined) return undefined
  const { version: _, qualifiers, ...rest } = purl
  return formatPurl({ ...rest, qualifiers: { ...qualifiers, vers: range } })
}
