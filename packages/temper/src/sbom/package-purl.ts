import { formatPurl } from '../formats/purl.ts'
import type { SbomDistribution, SbomPackage } from '../model/sbom.ts'

/**
 * The package URL of a Debian package. `arch` and `distro` are those of purl-spec; `upstream` names the source
 * package, with its version when that is another, only when it differs: as Syft writes and Grype reads it
 * (anchore/syft, syft/pkg/cataloger/debian: `upstream=NAME[@VERSION]`).
 */
export function packagePurl(
  found: Pick<SbomPackage, 'name' | 'version' | 'architecture' | 'source'>,
  distribution: Pick<SbomDistribution, 'id' | 'version'>,
): string {
  return formatPurl({
    type: 'deb',
    namespace: distribution.id,
    name: found.name,
    version: found.version,
    qualifiers: {
      arch: found.architecture,
      distro: `${distribution.id}-${distribution.version}`,
      upstream: upstreamOf(found),
    },
  })
}

/** The source package in the same notation. */
export function sourcePurl(source: SbomPackage['source'], distribution: SbomDistribution): string {
  return formatPurl({
    type: 'deb',
    namespace: distribution.id,
    ...source,
    qualifiers: { arch: 'source', distro: `${distribution.id}-${distribution.version}` },
  })
}

function upstreamOf({
  name,
  version,
  source,
}: Pick<SbomPackage, 'name' | 'version' | 'source'>): string | undefined {
  if (source.version !== version) return `${source.name}@${source.version}`
  return source.name === name ? undefined : source.name
}
