import type { Finding } from '../../src/model/advisory/finding.ts'
import type { Component, Inventory } from '../../src/model/inventory.ts'

/** One problem of one package, as any scanner names it. */
export interface PeerFinding {
  /** CVE, or the id of a record. */
  readonly id: string
  readonly name: string
  readonly version: string
}

/** A CycloneDX document from which Grype and Trivy read distribution, source packages and versions alike. */
export function peerDocument({ distribution, components }: Inventory): string {
  const system =
    distribution === undefined
      ? []
      : [
          {
            'bom-ref': 'os',
            type: 'operating-system',
            name: distribution.id,
            version: distribution.version,
            properties: [
              { name: 'aquasecurity:trivy:Class', value: 'os-pkgs' },
              { name: 'aquasecurity:trivy:Type', value: distribution.id },
              { name: 'syft:distro:id', value: distribution.id },
              { name: 'syft:distro:versionID', value: distribution.version },
            ],
          },
        ]
  const libraries = components.map((component, position) => ({
    'bom-ref': `package-${position}`,
    type: 'library',
    ...splitName(component),
    version: component.version,
    purl: withUpstream(component),
    properties: sourceProperties(component, distribution?.id),
  }))
  return JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { 'bom-ref': 'image', type: 'container', name: 'image' } },
    components: [...system, ...libraries],
    dependencies: [
      { ref: 'image', dependsOn: system.length > 0 ? ['os'] : libraries.map((each) => each['bom-ref']) },
      ...(system.length > 0
        ? [
            {
              ref: 'os',
              dependsOn: libraries.filter((_, i) => isSystem(components[i])).map((each) => each['bom-ref']),
            },
          ]
        : []),
    ],
  })
}

function isSystem(component: Component | undefined): boolean {
  return component !== undefined && ['deb', 'apk', 'rpm'].includes(component.type)
}

function splitName({ type, name }: Component): { readonly group?: string; readonly name: string } {
  const [group, rest] = name.split(type === 'maven' ? ':' : '\0')
  return rest === undefined || group === undefined ? { name } : { group, name: rest }
}

/** Grype takes the source package from the qualifier "upstream". */
function withUpstream(component: Component): string {
  const { purl, source } = component
  if (!isSystem(component) || source === undefined) return purl
  const upstream = source.version === '' ? source.name : `${source.name}@${source.version}`
  return `${purl}${purl.includes('?') ? '&' : '?'}upstream=${encodeURIComponent(upstream)}`
}

/** Trivy takes it from properties (aquasecurity/trivy, pkg/sbom/io/decode.go), taken apart. */
function sourceProperties(component: Component, family: string | undefined) {
  const { name, version, source } = component
  if (!isSystem(component) || family === undefined) return []
  const whole = source?.version || version.replace(/\+b\d+$/, '')
  const [, epoch, upstream, release] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(whole) ?? []
  const values = {
    PkgID: `${name}@${version}`,
    PkgType: family,
    SrcName: source?.name ?? name,
    SrcVersion: component.type === 'deb' ? upstream : whole,
    ...(component.type === 'deb' ? { SrcRelease: release, SrcEpoch: epoch } : {}),
  }
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ name: `aquasecurity:trivy:${key}`, value }],
  )
}

/** From `grype sbom:FILE -o json`. */
export function grypeFindings(json: string): readonly PeerFinding[] {
  const { matches } = JSON.parse(json) as {
    readonly matches: readonly {
      readonly vulnerability: { readonly id: string }
      readonly artifact: { readonly name: string; readonly version: string }
    }[]
  }
  return matches.map(({ vulnerability: { id }, artifact: { name, version } }) => ({ id, name, version }))
}

/** From `trivy sbom FILE --format json`. */
export function trivyFindings(json: string): readonly PeerFinding[] {
  const { Results = [] } = JSON.parse(json) as {
    readonly Results?: readonly {
      readonly Vulnerabilities?: readonly {
        readonly VulnerabilityID: string
        readonly PkgName: string
        readonly InstalledVersion: string
      }[]
    }[]
  }
  return Results.flatMap(({ Vulnerabilities = [] }) =>
    Vulnerabilities.map((each) => ({
      id: each.VulnerabilityID,
      name: each.PkgName,
      version: each.InstalledVersion,
    })),
  )
}

export interface Comparison {
  readonly agreed: number
  /** Ours that the peer does not have. */
  readonly onlyOurs: readonly Finding[]
  readonly onlyPeer: readonly PeerFinding[]
}

/** Compares by package, and by any of the names of a problem; versions may be written in other ways. */
export function compareFindings(ours: readonly Finding[], peers: readonly PeerFinding[]): Comparison {
  const key = (name: string, id: string) => `${shortName(name)}\n${id}`
  const known = new Map<string, Finding[]>()
  for (const finding of ours)
    for (const id of [finding.id, ...finding.aliases]) {
      const place = key(finding.component.name, id)
      known.set(place, [...(known.get(place) ?? []), finding])
    }
  const met = new Set<Finding>()
  const onlyPeer = peers.filter(({ name, id }) => {
    const findings = known.get(key(name, id)) ?? []
    for (const finding of findings) met.add(finding)
    return findings.length === 0
  })
  return { agreed: met.size, onlyOurs: ours.filter((finding) => !met.has(finding)), onlyPeer }
}

/** Grype names a Maven package without its group; PyPI's names have no case. */
function shortName(name: string): string {
  return (name.split(':').at(-1) ?? name).toLowerCase()
}
