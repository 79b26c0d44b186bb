import type { Finding, ScanResult, SuppressedFinding } from '../model/advisory/finding.ts'
import type { LedgerOutcome } from '../model/advisory/ledger.ts'
import type { ScanReport } from '../model/advisory/scan-report.ts'
import type { Component } from '../model/inventory.ts'
import { sampleSecret } from '../model/sample.ts'

/* Results for tests of what reads or writes them. */

export function sampleComponent(over: Partial<Component> = {}): Component {
  return {
    type: 'deb',
    name: 'libssl3',
    version: '3.0.11-1',
    purl: 'pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12&upstream=openssl',
    architecture: 'amd64',
    source: { name: 'openssl', version: '3.0.11-1' },
    locations: [{ path: 'var/lib/dpkg/status', layer: 0 }],
    foundBy: 'dpkg',
    ...over,
  }
}

export function sampleFinding(over: Partial<Finding> = {}): Finding {
  return {
    id: 'CVE-2024-0001',
    aliases: ['DSA-5000-1'],
    title: 'A buffer is read past its end',
    component: sampleComponent(),
    fixedVersions: ['3.0.15-1'],
    severity: 'high',
    severitySource: 'CVSS 3.1 (osv)',
    score: 7.5,
    vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
    priority: { level: 'high', value: 70, why: 'high severity, fix available' },
    status: 'affected',
    reason: '3.0.11-1 is below 3.0.15-1, fixed in Debian:12',
    feeds: ['debian-12', 'osv'],
    published: '2024-01-10T00:00:00Z',
    fixPublished: '2024-02-01T00:00:00Z',
    references: ['https://security.example/CVE-2024-0001'],
    ...over,
  }
}

const lodash = sampleComponent({
  type: 'npm',
  name: 'lodash',
  version: '4.17.20',
  purl: 'pkg:npm/lodash@4.17.20',
  locations: [{ path: 'app/node_modules/lodash/package.json', layer: 1 }],
  foundBy: 'npm',
})
const { source: _source, architecture: _architecture, ...lodashComponent } = lodash

/** Findings of all kinds: exploited, fixable, without a fix, without a severity, in a language's package. */
export const sampleFindings: readonly Finding[] = [
  sampleFinding({
    id: 'CVE-2021-44228',
    aliases: [],
    severity: 'critical',
    score: 10,
    exploited: { added: '2021-12-10', due: '2021-12-24', ransomware: true },
    prediction: { score: 0.97565, percentile: 0.99996 },
    priority: { level: 'urgent', value: 100, why: 'known to be exploited, fix available' },
  }),
  sampleFinding(),
  sampleFinding({
    id: 'GHSA-35jh-r3h4-6jhm',
    aliases: ['CVE-2021-23337'],
    title: 'Command injection in lodash',
    component: lodashComponent,
    fixedVersions: ['4.17.21'],
    severity: 'medium',
    score: 5.5,
    prediction: { score: 0.0051, percentile: 0.7612 },
    priority: { level: 'medium', value: 40, why: 'medium severity, fix available' },
    feeds: ['npm'],
  }),
  sampleFinding({
    id: 'CVE-2023-9999',
    aliases: [],
    component: sampleComponent({
      name: 'zlib1g',
      version: '1:1.2.13.dfsg-1',
      purl: 'pkg:deb/debian/zlib1g@1%3A1.2.13.dfsg-1?arch=amd64&distro=debian-12',
      source: { name: 'zlib', version: '1:1.2.13.dfsg-1' },
    }),
    fixedVersions: [],
    unfixed: 'deferred',
    severity: 'low',
    priority: { level: 'low', value: 10, why: 'low severity, no fix' },
  }),
]

export const sampleSuppressed: SuppressedFinding = {
  ...sampleFinding({ id: 'CVE-2022-0002', aliases: [], status: 'not_affected' }),
  justification: 'vulnerable_code_not_in_execute_path',
  reason: 'the server never parses such certificates',
  suppressedBy: { kind: 'vex', source: 'vex.json', expires: '2027-01-01T00:00:00Z' },
}

/** Compared with a list that is whole. */
export const sampleOutcome: LedgerOutcome = {
  compared: true,
  feeds: [{ id: 'osv', knows: 'all', date: '2026-11-18T00:00:00Z' }],
}

export function sampleResult(over: Partial<ScanResult> = {}): ScanResult {
  return {
    target: {
      name: 'registry.example/team/web:1',
      kind: 'image',
      digest: `sha256:${'ab'.repeat(32)}`,
      platform: 'linux/amd64',
      distribution: {
        id: 'debian',
        version: '12',
        codename: 'bookworm',
        title: 'Debian GNU/Linux 12 (bookworm)',
      },
      inventoryFrom: 'layers',
    },
    layers: [
      {
        digest: `sha256:${'01'.repeat(32)}`,
        diffId: `sha256:${'02'.repeat(32)}`,
        size: 1000,
        origin: 'base',
      },
      {
        digest: `sha256:${'03'.repeat(32)}`,
        diffId: `sha256:${'04'.repeat(32)}`,
        size: 500,
        origin: 'application',
      },
    ],
    packages: 128,
    ledger: sampleFindings.map(({ component }) => ({ component, ...sampleOutcome })),
    findings: sampleFindings,
    suppressed: [sampleSuppressed],
    secrets: [sampleSecret({ location: { path: 'app/key.pem', layer: 1 }, deleted: true })],
    suppressedSecrets: [],
    upgrades: [
      {
        name: 'openssl',
        type: 'deb',
        from: '3.0.11-1',
        to: '3.0.15-1',
        removes: ['CVE-2021-44228', 'CVE-2024-0001'],
      },
      { name: 'lodash', type: 'npm', from: '4.17.20', to: '4.17.21', removes: ['GHSA-35jh-r3h4-6jhm'] },
      { name: 'zlib', type: 'deb', from: '1:1.2.13.dfsg-1', removes: ['CVE-2023-9999'] },
    ],
    support: { distribution: { id: 'debian', version: '12' }, endOfLife: '2028-06-30', ended: false },
    notes: [],
    feeds: [
      {
        id: 'osv',
        kind: 'osv',
        url: 'https://advisories.example/all.zip',
        date: '2026-11-18T00:00:00Z',
        count: 90_000,
        digest: `sha256:${'05'.repeat(32)}`,
      },
    ],
    asOf: '2026-11-18T00:00:00Z',
    generator: { name: 'temper', version: '0.1.0' },
    ...over,
  }
}

export function sampleReport(over: Partial<ScanReport> = {}): ScanReport {
  return {
    result: sampleResult(),
    hidden: 0,
    showSuppressed: false,
    showComponents: false,
    times: { started: '2026-11-20T10:00:00Z', finished: '2026-11-20T10:00:01Z' },
    ...over,
  }
}

/** A scan that found nothing. */
export function cleanReport(): ScanReport {
  const nothing = { findings: [], suppressed: [], secrets: [], upgrades: [] }
  return sampleReport({ result: sampleResult(nothing) })
}

/** A scan that found nothing, where nothing was there to compare with. */
export function doubtfulReport(): ScanReport {
  const ledger = sampleFindings.slice(0, 2).map(({ component }) => ({
    component,
    compared: false,
    feeds: [],
    reason: 'no feed is a list of Debian 12',
  }))
  const notes = [
    {
      code: 'no-advisories',
      message: '2 packages were not compared (libssl3 3.0.11-1): no feed is a list of Debian 12.',
    },
  ]
  const nothing = { findings: [], suppressed: [], secrets: [], upgrades: [] }
  return sampleReport({ result: sampleResult({ ...nothing, ledger, notes }) })
}

/** What a hostile package, advisory or file name may hold: markup, formulas, terminal codes, what XML cannot. */
export const hostileText =
  "\"><script>alert(1)</script><img src=x onerror=alert(1)>\u001b[31m\u001b]8;;https://evil.example\u0007=cmd|'/c calc'!A1 `x` | [a](javascript:alert(1)) ]]> @team #1 \u202e\ud800\u0000"

/** A scan where every text from outside is hostile. */
export function hostileReport(): ScanReport {
  const bad = hostileText
  const component = sampleComponent({
    name: bad,
    version: bad,
    purl: bad,
    architecture: bad,
    source: { name: bad, version: bad },
    locations: [{ path: bad, layer: 0 }],
  })
  const finding = sampleFinding({
    id: bad,
    aliases: [bad],
    title: bad,
    component,
    fixedVersions: [bad],
    severitySource: bad,
    vector: bad,
    priority: { level: 'urgent', value: 100, why: bad },
    reason: bad,
    feeds: [bad],
    published: bad,
    fixPublished: bad,
    references: [bad, 'javascript:alert(1)'],
    exploited: { added: bad },
  })
  const upgrade = { name: bad, type: 'deb' as const, from: bad, to: bad, removes: [bad] }
  const suppressed = { ...finding, suppressedBy: { kind: 'vex' as const, source: bad, expires: bad } }
  const secret = sampleSecret({
    ...{ rule: bad, title: bad, subject: bad, found: bad, remedy: bad, excerpt: bad },
    place: { kind: 'span', file: bad, line: 1, column: 1 },
    location: { path: bad, layer: 0 },
  })
  return sampleReport({
    showSuppressed: true,
    result: sampleResult({
      target: {
        name: bad,
        kind: 'image',
        digest: `sha256:${'ab'.repeat(32)}`,
        platform: bad,
        distribution: { id: bad, version: bad, title: bad },
        inventoryFrom: bad,
      },
      findings: [finding],
      suppressed: [suppressed],
      secrets: [secret],
      upgrades: [upgrade],
      support: { distribution: { id: bad, version: bad }, endOfLife: bad, ended: true },
      notes: [{ code: bad, message: bad }],
      feeds: [
        {
          id: bad,
          kind: 'osv',
          url: bad,
          date: bad,
          count: 1,
          digest: `sha256:${'05'.repeat(32)}`,
          stale: true,
        },
      ],
      asOf: bad,
    }),
    verdict: {
      passed: false,
      rules: [bad],
      violations: [
        {
          rule: bad,
          level: 'error',
          subject: bad,
          place: { kind: 'path', path: bad },
          found: bad,
          remedy: bad,
          kind: 'finding',
          id: bad,
          finding,
          upgrade,
        },
      ],
    },
    comparison: {
      with: bad,
      appeared: [
        {
          id: bad,
          severity: 'high',
          package: { type: 'deb', name: bad, version: bad },
          fixedVersions: [bad],
        },
      ],
      disappeared: [],
      stayed: [],
    },
  })
}
