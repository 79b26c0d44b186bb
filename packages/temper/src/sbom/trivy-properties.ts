import type { SbomDistribution, SbomPackage } from '../model/sbom.ts'

interface Property {
  readonly name: string
  readonly value: string
}

/**
 * The properties from which Trivy takes the source package, by which it looks up advisories; without them it takes
 * the binary package for its own source (aquasecurity/trivy 0.72, pkg/sbom/io/decode.go).
 */
export function trivyProperties(
  { name, version, source }: Pick<SbomPackage, 'name' | 'version' | 'source'>,
  { id }: SbomDistribution,
): Property[] {
  const parts = splitVersion(source.version)
  const values = {
    PkgID: `${name}@${version}`,
    PkgType: id,
    SrcName: source.name,
    SrcVersion: parts.upstream,
    SrcRelease: parts.revision,
    SrcEpoch: parts.epoch,
  }
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
