import type { SbomDistribution, SbomPackage } from '../model/sbom.ts'
import { trivyFamily } from './trivy-family.ts'

export interface Property {
  readonly name: string
  readonly value: string
}

/** Types of packages that distributions have. */
const systemTypes = new Set(['deb', 'apk', 'rpm'])

/** Whether a package is one of the distribution itself. */
export function isSystemPackage({ type }: Pick<SbomPackage, 'type'>): boolean {
  return systemTypes.has(type)
}

/**
 * The properties from which Trivy takes the source package, by which it looks up advisories; without them it takes
 * the binary package for its own source (aquasecurity/trivy 0.72, pkg/sbom/io/decode.go). Language packages have the
 * file that declares them.
 */
export function trivyProperties(
  described: Pick<SbomPackage, 'type' | 'name' | 'version' | 'source' | 'places'>,
  distribution: Pick<SbomDistribution, 'id'> | undefined,
): Property[] {
  const { name, version, source } = described
  if (!isSystemPackage(described)) return properties({ FilePath: described.places?.[0] })
  const parts = source === undefined ? undefined : splitVersion(source.version)
  return properties({
    PkgID: `${name}@${version}`,
    PkgType: distribution === undefined ? undefined : trivyFamily(distribution.id),
    SrcName: source?.name,
    SrcVersion: parts?.upstream,
    SrcRelease: parts?.revision,
    SrcEpoch: parts?.epoch,
  })
}

function properties(values: Readonly<Record<string, string | undefined>>): Property[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ name: `aquasecurity:trivy:${key}`, value }],
  )
}

/** `[epoch:]upstream[-revision]` (Debian Policy 5.6.12). */
function splitVersion(version: string): { epoch?: string; upstream: string; revision?: string } {
  const colon = version.indexOf(':')
  const rest = version.slice(colon + 1)
  const hyphen = rest.lastIndexOf('-')
  return {
    ...(colon < 0 ? {} : { epoch: version.slice(0, colon) }),
    upstream: hyphen < 0 ? rest : rest.slice(0, hyphen),
    ...(hyphen < 0 ? {} : { revision: rest.slice(hyphen + 1) }),
  }
}
