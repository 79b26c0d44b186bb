import { formatPurl } from '../formats/purl/purl.ts'
import type { Component, Distribution } from '../model/inventory.ts'
import { vendorNamespace } from '../model/vendor.ts'

/** What the package URL of a distribution's package is made from. */
export interface DistributionPackage {
  readonly type: 'deb' | 'apk' | 'rpm'
  readonly name: string
  /** Version, without epoch where the type has the epoch separately (rpm). */
  readonly version: string
  readonly architecture?: string
  readonly epoch?: number
  /** As the type notates it: a name, "name@version", or the file name of a source package. */
  readonly upstream?: string
  /** rpm: the module that it is of. */
  readonly module?: string
  /** Who made it, if not the distribution. */
  readonly vendor?: string
  /** Id of the repository that it came from. */
  readonly repository?: string
  /** Kind of extended stream ("eus"), if only the kind of its repository is known. */
  readonly stream?: string
}

/**
 * The package URL of a distribution's package, with the qualifiers by which Syft, Trivy and Grype know its
 * distribution and source (purl-spec, types deb, apk and rpm).
 */
export function distributionPurl(
  binary: DistributionPackage,
  distribution: Distribution | undefined,
): string {
  const { type, name, version, architecture, epoch, upstream, module, vendor, repository, stream } = binary
  return formatPurl({
    type,
    ...(vendor === undefined ? namespaceOf(distribution) : { namespace: vendorNamespace(vendor) }),
    name,
    version,
    qualifiers: {
      arch: architecture,
      distro:
        distribution === undefined
          ? undefined
          : [distribution.id, distribution.version || distribution.codename].filter(Boolean).join('-'),
      epoch: epoch === undefined || epoch === 0 ? undefined : String(epoch),
      repository_id: repository,
      rpmmod: module,
      stream,
      upstream,
    },
  })
}

/** Where the namespace that tools write is not the ID of os-release. */
function namespaceOf(distribution: Distribution | undefined): { readonly namespace?: string } {
  if (distribution === undefined) return {}
  return { namespace: distribution.id === 'rhel' ? 'redhat' : distribution.id }
}

/** The source package, only when its name or version differs from the binary one. */
export function upstreamOf(
  binary: Pick<Component, 'name' | 'version'>,
  source: { readonly name: string; readonly version: string },
): string | undefined {
  if (source.version !== binary.version) return `${source.name}@${source.version}`
  return source.name === binary.name ? undefined : source.name
}
