import { formatPurl } from '../../../formats/purl/purl.ts'
import type { VexProduct } from '../../../model/advisory/vex.ts'
import type { EvidencePackage, ImageEvidence } from '../author/evidence.ts'

/*
 * Scanners compare package URLs as text, part by part: every qualifier that a statement gives has to be in theirs.
 * Trivy writes `distro=debian-13.1` where Syft writes `distro=debian-13`, Grype's image has no `arch`, and only what
 * was pulled from a registry has a `repository_url`. So statements give no more than what all of them have.
 */

/** The image by its digest: as a package URL, and as a bare digest, by which Grype knows it whatever its name. */
export function imageProduct(
  { image }: Pick<ImageEvidence, 'image'>,
  subcomponents: readonly string[],
): VexProduct {
  const last = image.name.slice(image.name.lastIndexOf('/') + 1).toLowerCase()
  return {
    id: formatPurl({ type: 'oci', name: last, version: image.digest }),
    digests: [image.digest],
    subcomponents,
  }
}

/**
 * A package in its version. With an epoch there are two spellings: Trivy writes it as a qualifier, Syft and Debian
 * as part of the version.
 */
export function packageIdentifiers(
  binary: Pick<EvidencePackage, 'name' | 'version'> & { readonly architecture?: string },
  { distribution, packageType }: Pick<ImageEvidence, 'distribution' | 'packageType'>,
): readonly string[] {
  const { name, version, architecture } = binary
  const common = { type: packageType, namespace: distribution.id, name }
  const [, epoch, rest] = /^(\d+):(.+)$/.exec(version) ?? []
  const whole = formatPurl({ ...common, version, qualifiers: { arch: architecture } })
  if (epoch === undefined) return [whole]
  return [whole, formatPurl({ ...common, version: rest ?? '', qualifiers: { arch: architecture, epoch } })]
}

/**
 * Packages as parts of the image, and by themselves, since scanners that are given a bill of materials instead of the
 * image know only its packages. A document is meant for the image that it is attached to.
 */
export function packageProducts(
  evidence: Pick<ImageEvidence, 'image'>,
  identifiers: readonly string[],
): readonly VexProduct[] {
  return [imageProduct(evidence, identifiers), ...identifiers.map((id) => ({ id, subcomponents: [] }))]
}
