import { formatPurl } from '../../formats/purl/purl.ts'
import type { ComponentType } from '../../model/inventory.ts'
import type { Package } from '../../model/package/package.ts'
import type { SbomDistribution, SbomPackage } from '../../model/sbom.ts'

/**
 * The package URL of a distribution's package. `arch` and `distro` are those of purl-spec; `upstream` names the source
 * package, with its version when that is another, only when it differs: as Syft writes and Grype reads it
 * (anchore/syft, syft/pkg/cataloger/debian: `upstream=NAME[@VERSION]`).
 */
export function packagePurl(
  binary: Pick<Package, 'name' | 'version' | 'architecture' | 'source'>,
  distribution: Pick<SbomDistribution, 'id' | 'version'>,
  type: ComponentType,
): string {
  return formatPurl({
    type,
    namespace: distribution.id,
    name: binary.name,
    version: binary.version,
    qualifiers: {
      arch: binary.architecture,
      distro: `${distribution.id}-${distribution.version}`,
      upstream: upstreamOf(binary),
    },
  })
}

/** The package URL of a source package, in the same notation. */
export function sourcePurl(
  source: NonNullable<SbomPackage['source']>,
  distribution: SbomDistribution,
  options: { readonly type?: string } = {},
): string {
  return formatPurl({
    type: options.type ?? 'deb',
    namespace: distribution.id,
    ...source,
    qualifiers: { arch: 'source', distro: `${distribution.id}-${distribution.version}` },
  })
}

function upstreamOf({
  name,
  version,
  source,
}: Pick<Package, 'name' | 'version' | 'source'>): string | undefined {
  if (source.version !== version) return `${source.name}@${source.version}`
  return source.name === name ? undefined : source.name
}
