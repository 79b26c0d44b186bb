import type { Finding, ScanResult } from '../../model/advisory/finding.ts'

/** The moment of the samples. */
export const now = new Date('2026-03-01T00:00:00Z')

/** High, fixable, published four days before `now`, fixed a day before. */
export function sampleFinding(over: Partial<Finding> = {}): Finding {
  return {
    id: 'CVE-2026-1',
    aliases: [],
    component: {
      type: 'deb',
      name: 'libfoo1',
      version: '1.0-1',
      purl: 'pkg:deb/debian/libfoo1@1.0-1',
      source: { name: 'foo', version: '1.0-1' },
      locations: [],
      foundBy: 'dpkg',
    },
    fixedVersions: ['1.0-2'],
    severity: 'high',
    severitySource: 'CVSS',
    score: 8.1,
    priority: { level: 'high', value: 70, why: 'high severity' },
    status: 'affected',
    reason: '1.0-1 is below 1.0-2',
    feeds: ['osv'],
    published: '2026-02-25T00:00:00Z',
    fixPublished: '2026-02-28T00:00:00Z',
    references: [],
    ...over,
  }
}

/** A complete scan with one finding and the upgrade that removes it. */
export function sampleResult(over: Partial<ScanResult> = {}): ScanResult {
  return {
    target: { name: 'a', kind: 'image', inventoryFrom: 'layers' },
    layers: [],
    packages: 1,
    ledger: [{ component: sampleFinding().component, compared: true, feeds: [{ id: 'osv', knows: 'all' }] }],
    findings: [sampleFinding()],
    suppressed: [],
    secrets: [],
    suppressedSecrets: [],
    upgrades: [{ name: 'foo', type: 'deb', from: '1.0-1', to: '1.0-2', removes: ['CVE-2026-1'] }],
    notes: [],
    feeds: [{ id: 'osv', kind: 'osv', count: 1, digest: `sha256:${'0'.repeat(64)}` }],
    asOf: '2026-03-01',
    generator: { name: 'temper', version: '0' },
    ...over,
  }
}
