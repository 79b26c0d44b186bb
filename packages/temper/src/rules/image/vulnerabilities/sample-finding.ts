import type { Finding } from '../../../model/advisory/finding.ts'
import type { Component } from '../../../model/inventory.ts'
import type { Example } from '../example.ts'

export const sampleLibrary: Component = {
  type: 'npm',
  name: 'left-pad',
  version: '1.0.0',
  purl: 'pkg:npm/left-pad@1.0.0',
  locations: [{ path: 'srv/app/node_modules/left-pad/package.json', layer: 0 }],
  foundBy: 'npm',
}

/** A flaw of a library, repaired a day before examples are looked at. */
export function sampleFlaw(more: Partial<Finding> = {}): Finding {
  return {
    id: 'CVE-2026-0001',
    aliases: [],
    component: sampleLibrary,
    fixedVersions: ['1.0.1'],
    severity: 'high',
    severitySource: 'CVSS 3.1 (osv)',
    priority: { level: 'high', value: 50, why: 'fix available' },
    status: 'affected',
    reason: '1.0.0 is below 1.0.1',
    feeds: ['osv'],
    published: '2026-05-31T00:00:00Z',
    references: [],
    ...more,
  }
}

/** The plain image, in which these flaws were found. */
export function withFlaws(title: string, ...findings: readonly Finding[]): Example {
  return { title, known: ({ scan }) => ({ scan: { ...scan, findings } }) }
}
