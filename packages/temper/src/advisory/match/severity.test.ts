import { describe, expect, it } from 'vitest'
import type { Finding } from '../../model/advisory/finding.ts'
import { component, findingsIn, inventory, record, sampleIndex } from './fixtures/sample.ts'
import { severityOfScore } from './severity.ts'

const high3 = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }
const critical3 = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }
const medium4 = { type: 'CVSS_V4', score: 'CVSS:4.0/AV:N/AC:H/AT:P/PR:N/UI:P/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N' }

function rated(records: readonly unknown[], more: Parameters<typeof sampleIndex>[1] = {}): Finding {
  const index = sampleIndex({ nvd: [], ghsa: records }, more)
  const [finding] = findingsIn(
    inventory([component('deb', 'a', { version: '1' }), component('npm', 'a', { version: '1.0.0' })], {
      id: 'debian',
      version: '12',
    }),
    index,
  )
  if (finding === undefined) throw new Error('nothing was found')
  return finding
}

const inDebian = { in: 'Debian:12', name: 'a' }
const names = { aliases: ['CVE-2024-0001'] }

describe('severity', () => {
  it('is that of the CVSS base score, and says whose', () => {
    expect(rated([record('GHSA-1', { in: 'npm', name: 'a' }, { severity: [high3] })])).toMatchObject({
      severity: 'high',
      score: 7.5,
      vector: high3.score,
      severitySource: 'CVSS 3.1 (ghsa)',
    })
  })

  it('comes from the newest version of CVSS, then from the highest score', () => {
    const of = (...severity: object[]) => rated([record('GHSA-1', { in: 'npm', name: 'a' }, { severity })])
    expect(of(high3, critical3).score).toBe(9.8)
    expect(of(critical3, medium4).severitySource).toBe('CVSS 4.0 (ghsa)')
    expect(of({ type: 'CVSS_V3', score: 'CVSS:3.1/nonsense' }, high3).score).toBe(7.5)
  })

  it('keeps the first of equal scores, and the newest whatever comes after it', () => {
    const same = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N' }
    const of = (...severity: object[]) => rated([record('GHSA-1', { in: 'npm', name: 'a' }, { severity })])
    expect(of(high3, same).vector).toBe(high3.score)
    expect(of(critical3, high3).score).toBe(9.8)
    expect(of(medium4, critical3).severitySource).toBe('CVSS 4.0 (ghsa)')
    expect(of({ type: 'CVSS_V2', score: 'AV:N/AC:L/Au:N/C:C/I:C/A:C' }, high3)).toMatchObject({ score: 7.5 })
  })

  it('is not a vector that stands where a word should', () => {
    const finding = rated([
      record('X-1', { in: 'npm', name: 'a' }, { severity: [{ type: 'Ubuntu', score: high3.score }] }),
    ])
    expect(finding).toMatchObject({ severity: 'unknown' })
    expect(finding).not.toHaveProperty('score')
    const vector = { type: 'CVSS_V3', score: 'low' }
    expect(rated([record('X-1', { in: 'npm', name: 'a' }, { severity: [vector] })]).severity).toBe('unknown')
  })

  it('of elsewhere is asked for only when the own records have no score', () => {
    const other = record('GHSA-9', { in: 'PyPI', name: 'b' }, { ...names, severity: [critical3] })
    const own = record('GHSA-1', { in: 'npm', name: 'a' }, { ...names, severity: [high3] })
    expect(rated([own, other])).toMatchObject({ severity: 'high', score: 7.5 })
  })

  it('stands in front of the title of advisories of distributions', () => {
    const of = (ecosystem: string, summary: string, more: object = {}) => {
      const index = sampleIndex({ osv: [record('X-1', { in: ecosystem, name: 'a' }, { summary, ...more })] })
      const type = ecosystem === 'npm' ? 'npm' : 'rpm'
      const findings = findingsIn(
        inventory([component(type, 'a', { version: type === 'npm' ? '1.0.0' : '1-1' })], {
          id: 'almalinux',
          version: '9',
        }),
        index,
      )
      return `${findings[0]?.severity}, ${findings[0]?.severitySource}`
    }
    expect(of('AlmaLinux:9', 'Important: a security update')).toBe('high, AlmaLinux: Important')
    expect(of('AlmaLinux:9', 'Low: a security update')).toBe('low, AlmaLinux: Low')
    expect(of('AlmaLinux:9', 'Not Critical: a security update')).toBe('unknown, nobody says')
    expect(of('AlmaLinux:9', 'a update')).toBe('unknown, nobody says')
    expect(of('npm', 'Important: a')).toBe('unknown, nobody says')
    const severity = [{ type: 'Ubuntu', score: 'medium' }]
    expect(of('AlmaLinux:9', 'Important: a', { severity })).toBe('medium, AlmaLinux: medium')
    expect(of('npm', 'a', { severity })).toBe('medium, osv: medium')
  })

  it.each([
    ['X-8', 'high'],
    ['X-9', 'unknown'],
  ])('is looked for elsewhere by the first eight other names: by %s it is %s', (name, severity) => {
    const aliases = Array.from({ length: 9 }, (_, index) => `X-${index + 1}`)
    const other = record(name, { in: 'npm', name: 'b' }, { severity: [high3] })
    expect(rated([record('DEBIAN-1', inDebian, { aliases }), other])).toMatchObject({ severity })
  })

  it('is what the first other name says that says anything: a word of one before a score of the next', () => {
    const named = { aliases: ['X-1', 'X-2'] }
    const of = (...severity: object[]) =>
      rated([
        record('DEBIAN-1', inDebian, named),
        record('X-1', { in: 'npm', name: 'b' }, { severity }),
        record('X-2', { in: 'npm', name: 'b' }, { severity: [high3] }),
      ])
    expect(of({ type: 'Ubuntu', score: 'low' })).toMatchObject({
      severity: 'low',
      severitySource: 'ghsa: low',
    })
    expect(of({ type: 'Ubuntu', score: 'whatever' })).toMatchObject({ severity: 'high', score: 7.5 })
    expect(of()).toMatchObject({ severity: 'high' })
  })

  it('of a malicious package is critical, and says whose word that is', () => {
    expect(rated([record('MAL-2024-1', { in: 'npm', name: 'a' })])).toMatchObject({
      severity: 'critical',
      severitySource: 'malicious package (ghsa)',
    })
  })

  it('by a vector is whose record has it, also in a list of a distribution', () => {
    expect(rated([record('DEBIAN-1', inDebian, { severity: [high3] })])).toMatchObject({
      severitySource: 'CVSS 3.1 (ghsa)',
    })
  })

  it('comes from elsewhere when the records that matched say nothing', () => {
    const other = record('GHSA-9', { in: 'PyPI', name: 'b' }, { ...names, severity: [critical3] })
    expect(rated([record('DEBIAN-CVE-2024-0001', inDebian, names), other])).toMatchObject({
      severity: 'critical',
      severitySource: 'CVSS 3.1 (ghsa)',
    })
  })

  it('is negligible when the distribution says so, whatever the score', () => {
    const affected = [
      {
        package: { ecosystem: 'Debian:12', name: 'a' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
        severity: [{ type: 'Debian', score: 'unimportant' }],
      },
    ]
    const finding = rated([{ id: 'DEBIAN-CVE-2024-0001', ...names, affected, severity: [critical3] }])
    expect(finding).toMatchObject({
      severity: 'negligible',
      severitySource: 'Debian: unimportant',
      score: 9.8,
    })
    expect(finding.priority.level).toBe('low')
  })

  it('is a word when there is no score, and unknown when nobody says', () => {
    const said = (word: string) =>
      rated([record('X-1', { in: 'npm', name: 'a' }, { severity: [{ type: 'Ubuntu', score: word }] })])
        .severity
    expect(['Important', 'moderate', 'LOW', 'whatever', 'constructor'].map(said)).toEqual([
      'high',
      'medium',
      'low',
      'unknown',
      'unknown',
    ])
    expect(rated([record('X-1', { in: 'npm', name: 'a' })]).severitySource).toBe('nobody says')
  })

  it('has the borders of the CVSS scale', () => {
    expect([10, 9, 8.9, 7, 6.9, 4, 3.9, 0.1, 0].map(severityOfScore)).toEqual([
      'critical',
      'critical',
      'high',
      'high',
      'medium',
      'medium',
      'low',
      'low',
      'negligible',
    ])
  })
})

describe('a finding', () => {
  it('tells of exploitation, prediction and dates', () => {
    const exploited = new Map([['CVE-2024-0001', { added: '2024-02-01' }]])
    const predictions = new Map([['CVE-2024-0001', { score: 0.9, percentile: 0.99 }]])
    const dated = record('GHSA-1', { in: 'npm', name: 'a' }, { ...names, published: '2024-01-15T10:00:00Z' })
    const old = record('GHSA-2', { in: 'npm', name: 'a' }, { ...names, published: '1970-01-01T00:00:00Z' })
    expect(rated([dated, old], { exploited, predictions })).toMatchObject({
      exploited: { added: '2024-02-01' },
      prediction: { score: 0.9 },
      published: '2024-01-15T10:00:00Z',
      status: 'affected',
      priority: {
        level: 'urgent',
        value: 90,
        why: 'known to be exploited since 2024-02-01, likely to be exploited (EPSS 90 %), severity unknown, no fix yet',
      },
    })
  })
})
