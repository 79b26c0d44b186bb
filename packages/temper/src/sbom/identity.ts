import { hexOf, sha256 } from '../base/digest.ts'
import { formatPurl } from '../formats/purl/purl.ts'
import type { Sbom, SbomSubject } from '../model/sbom.ts'

/**
 * A UUID that is derived from what is described (RFC 9562, version 8), so that the same image has the same documents.
 * `kind` keeps documents of different formats apart.
 */
export function documentUuid(
  { identity, subject }: Pick<Sbom, 'identity' | 'subject'>,
  kind: string,
): string {
  const hex = hexOf(sha256(`temper ${kind} ${identity ?? subject.digest}`))
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/** The image itself as a package URL (purl-spec, type oci); undefined for anything that is not an image. */
export function imagePurl({ name, digest, architecture }: SbomSubject): string | undefined {
  if (digest === undefined) return undefined
  const last = name.slice(name.lastIndexOf('/') + 1)
  return formatPurl({
    type: 'oci',
    name: last.toLowerCase(),
    version: digest,
    qualifiers: { arch: architecture },
  })
}
