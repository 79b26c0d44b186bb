import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { FakeHost } from '../../../../test/support/fake-host.ts'
import type { ScanReport } from '../../../model/advisory/scan-report.ts'
import {
  cleanReport,
  hostileReport,
  sampleFinding,
  sampleReport,
  sampleResult,
} from '../../../report/fixtures/sample.ts'
import { type Style, styleFor } from '../../style.ts'
import { wrap } from '../wrap.ts'
import { scansText } from './scan.ts'

function style(color: boolean): Style {
  const host = new FakeHost({ terminal: color })
  return styleFor(host.stdout, host, { color })
}

function text(
  reports: readonly ScanReport[],
  options: { columns?: number; verbose?: boolean; color?: boolean } = {},
): string {
  const { columns = 80, verbose = false, color = false } = options
  const used = style(color)
  return used.finished(scansText(reports, { style: used, columns, verbose }))
}

describe('the report of a scan', () => {
  it('groups by what to do', () => {
    expect(text([sampleReport()])).toBe(`✗ registry.example/team/web:1: 1 private key, 4 vulnerabilities
  1 critical · 1 high · 1 medium · 1 low · 3 fixable · 1 known to be exploited ·
  1 suppressed
  Debian GNU/Linux 12 (bookworm) · linux/amd64 · 128 packages from layers ·
  advisories of 2026-11-18 · scanned 2026-11-20 10:00 UTC

Upgrade
  openssl  3.0.11-1 → 3.0.15-1  removes 2
    CVE-2021-44228 critical KEV, CVE-2024-0001 high
  lodash  4.17.20 → 4.17.21  removes 1  in app/node_modules/lodash/package.json
    GHSA-35jh-r3h4-6jhm medium

No fix yet
  zlib 1:1.2.13.dfsg-1  deferred by the distribution
    CVE-2023-9999 low

Secrets
  Private key in app/key.pem:1 (deleted by a later layer, but still in the image)
    -----BEGIN PRIVATE KEY----- ****
`)
  })

  it('says of a clean target that it is', () => {
    const lines = text([cleanReport()]).split('\n')
    expect(lines[0]).toBe('✓ registry.example/team/web:1: no known vulnerabilities in 128 packages')
    expect(lines).toHaveLength(4)
  })

  it('does not call clean what could not be compared', () => {
    const result = sampleResult({ findings: [], secrets: [], suppressed: [], upgrades: [], feeds: [] })
    const said = text([sampleReport({ result })])
    expect(said).toMatch(/^\? .*not everything could be compared/)
    expect(said).toContain('temper feeds update')
  })

  it('says for each finding which rules it breaks, and what removes it', () => {
    const finding = sampleFinding()
    const common = {
      kind: 'finding',
      id: finding.id,
      level: 'error',
      subject: 'libssl3 3.0.11-1',
      place: { kind: 'whole' },
      remedy: 'upgrade openssl',
      finding,
    } as const
    const violations = [
      { ...common, rule: 'high', found: 'severity high' },
      { ...common, rule: 'score>7', found: 'CVSS score 7.5' },
    ]
    const said = text([sampleReport({ verdict: { passed: false, rules: ['high', 'score>7'], violations } })])
    expect(said).toContain(`Gate: refused, high, score>7
  ✗ CVE-2024-0001 in libssl3 3.0.11-1
      high: severity high
      score>7: CVSS score 7.5
      → upgrade openssl
`)
    const passed = { passed: true, rules: ['eol'], violations: [] }
    expect(text([sampleReport({ verdict: passed })])).toContain('✓ nothing breaks eol')
  })

  it.each([40, 60, 80, 120])('keeps to %i columns', (columns) => {
    const findings = Array.from({ length: 30 }, (_, index) =>
      sampleFinding({ id: `CVE-2024-${1000 + index}` }),
    )
    const upgrades = [
      {
        name: 'openssl',
        type: 'deb' as const,
        from: '3.0.11-1',
        to: '3.0.15-1',
        removes: findings.map(({ id }) => id),
      },
    ]
    const target = { name: 'web:1', kind: 'image' as const, inventoryFrom: 'layers' }
    const report = sampleReport({ result: sampleResult({ target, findings, upgrades, secrets: [] }) })
    for (const color of [false, true])
      for (const line of stripVTControlCharacters(text([report], { columns, color, verbose: true })).split(
        '\n',
      ))
        expect(line.length).toBeLessThanOrEqual(columns)
  })

  it('has no colours without a terminal', () => {
    expect(text([sampleReport()])).not.toContain('\u001b')
    expect(text([sampleReport()], { color: true })).toContain('\u001b[31m')
  })

  it.each([false, true])('lets no text from outside steer the terminal (colours: %s)', (color) => {
    const said = text([hostileReport()], { color, verbose: true })
    // The text would begin with one of the report's own codes.
    expect(said).not.toContain('onerror=alert(1)>\u001b')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes
    const codes = /\u001b\[(?:1|2|22|31|32|33|39)m/g
    const own = color ? said.replaceAll(codes, '') : said
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(own).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  })

  it('sums up several targets', () => {
    expect(text([sampleReport(), cleanReport()])).toMatch(/\n2 targets, 4 vulnerabilities\n$/)
  })
})

describe('wrapping', () => {
  it('breaks between words only, and keeps what separates them at the end', () => {
    const options = { columns: 12, indent: '  ', separator: ', ' }
    expect(wrap(['aaaa', 'bbbb', 'cc'], options)).toBe('  aaaa,\n  bbbb, cc\n')
    expect(wrap(['x'.repeat(20), 'y'], options)).toBe(`  ${'x'.repeat(20)},\n  y\n`)
    expect(wrap([], options)).toBe('')
  })
})
