import type { Finding } from '../../model/advisory/finding.ts'
import type { VexDocument, VexStatement } from '../../model/advisory/vex.ts'
import type { Component } from '../../model/inventory.ts'
import type { EvidencePackage, ImageEvidence } from './author/evidence.ts'

/* Values that tests share. */

export const digestA = `sha256:${'a'.repeat(64)}`
export const digestB = `sha256:${'b'.repeat(64)}`

export function sampleComponent(over: Partial<Component> = {}): Component {
  return {
    type: 'deb',
    name: 'libssl3t64',
    version: '3.5.1-1',
    purl: 'pkg:deb/debian/libssl3t64@3.5.1-1?arch=amd64&distro=debian-13&upstream=openssl',
    architecture: 'amd64',
    source: { name: 'openssl', version: '3.5.1-1' },
    distribution: { id: 'debian', version: '13', codename: 'trixie' },
    locations: [],
    foundBy: 'dpkg',
    ...over,
  }
}

export function sampleFinding(over: Partial<Finding> = {}): Finding {
  return {
    id: 'CVE-2025-1',
    aliases: [],
    component: sampleComponent(),
    fixedVersions: [],
    severity: 'high',
    severitySource: 'sample',
    priority: { level: 'high', value: 60, why: 'sample' },
    status: 'affected',
    reason: 'below 3.5.2-1',
    feeds: ['osv'],
    references: [],
    ...over,
  }
}

export function sampleStatement(over: Partial<VexStatement> = {}): VexStatement {
  return { vulnerability: 'CVE-2025-1', aliases: [], products: [], status: 'not_affected', ...over }
}

export function sampleDocument(
  statements: readonly VexStatement[],
  over: Partial<VexDocument> = {},
): VexDocument {
  return { id: 'urn:sample', format: 'openvex', origin: 'sample.json', statements, ...over }
}

export function samplePackage(over: Partial<EvidencePackage> = {}): EvidencePackage {
  const name = over.name ?? 'libssl3t64'
  const version = over.version ?? '3.5.1-1'
  return {
    name,
    version,
    architecture: 'amd64',
    source: { name: 'openssl', version: '3.5.1-1' },
    repository: 'debian',
    purl: `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=amd64&distro=debian-13`,
    files: [{ path: 'usr/lib/x86_64-linux-gnu/libssl.so.3', kind: 'library' }],
    ...over,
  }
}

export function sampleEvidence(over: Partial<ImageEvidence> = {}): ImageEvidence {
  return {
    image: { name: 'web', digest: digestA, created: '2025-06-01T00:00:00Z' },
    distribution: { id: 'debian', version: '13' },
    packageType: 'deb',
    packages: [samplePackage()],
    others: [],
    pruned: [],
    unloaded: new Set(),
    ...over,
  }
}
