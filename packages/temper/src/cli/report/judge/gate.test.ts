import { describe, expect, it } from 'vitest'
import type { GateJson, ReasonJson } from '../../../flows/assess/gate-json.ts'
import type { Style } from '../../style.ts'
import { gateText, policyText } from './gate.ts'

const same = (text: string) => text
const style: Style = { finished: same, bold: same, dim: same, good: same, warn: same, bad: same }
const digest = `sha256:${'0'.repeat(64)}`

function reason(over: Partial<ReasonJson> = {}): ReasonJson {
  return {
    rule: 'setuid',
    level: 'error',
    subject: '/a',
    found: 'setuid',
    remedy: 'mend it',
    path: '/a',
    ...over,
  }
}

function gate(over: Partial<GateJson> = {}): GateJson {
  const platforms = [{ platform: 'linux/amd64', digest, allowed: over.allowed ?? true }]
  return {
    allowed: true,
    policy: 'p',
    policyDigest: digest,
    reference: 'oci:/work/out/web',
    digest,
    platforms,
    reasons: [],
    remarks: [],
    waived: [],
    expired: [],
    unused: [],
    ...over,
  }
}

const text = (over: Partial<GateJson>, more: { dryRun?: boolean; verbose?: boolean } = {}) =>
  gateText(gate(over), { style, dryRun: false, verbose: false, workingDir: '/work', ...more })

describe('the verdict', () => {
  it('is a line where there is nothing else to say', () => {
    expect(text({})).toBe('✓ allowed by p: oci:out/web\n')
  })

  it('tells what has the same remedy together, and the rest by number', () => {
    const many = ['/a', '/b', '/c', '/d', '/e'].map((path) => reason({ path, subject: path }))
    expect(
      text({ allowed: false, reasons: [...many, reason({ rule: 'shell', subject: '/sh', path: '/sh' })] }),
    ).toBe(
      `✗ refused by p: oci:out/web, 6 reasons
  ✗ setuid
      /a: setuid
      /b: setuid
      /c: setuid
      and 2 more
      → mend it
  ✗ shell
      /sh: setuid
      → mend it
`,
    )
  })

  it('says once why several rules could not be judged, and what to do', () => {
    const unjudged = {
      found: 'not judged: there are no advisories',
      remedy: 'fetch advisories',
      judged: false,
    } as const
    const { path: _, ...whole } = reason({ ...unjudged, subject: 'the image' })
    const reasons = ['vulnerabilities', 'old-flaw'].map((rule) => ({ ...whole, rule }))
    expect(text({ allowed: false, reasons })).toContain(
      `  ✗ vulnerabilities, old-flaw
      not judged: there are no advisories
      → fetch advisories
Next: temper feeds update`,
    )
  })

  it('names platforms where not all are meant', () => {
    expect(text({ allowed: false, reasons: [reason({ platforms: ['linux/arm64'] })] })).toContain(
      '/a: setuid [linux/arm64]\n',
    )
  })

  it('tells exceptions that count, have ended, and fit nothing', () => {
    const who = { owner: 'o', reason: 'why not', until: '2026-01-01' }
    const exception = { rule: 'setuid', ...who, place: 'p.yaml:3' }
    const waived = { rule: 'setuid', ...who, subject: '/a', found: 'setuid' }
    expect(text({ waived: [waived, waived], expired: [exception], unused: [exception] })).toBe(
      `✓ allowed by p: oci:out/web
  ~ waived 2× setuid: why not (o, until 2026-01-01)
  ! the exception for setuid (p.yaml:3, o) expired on 2026-01-01 and no longer counts
  · the exception for setuid (p.yaml:3) matches nothing
`,
    )
  })

  it('counts notes, and lists them when all is asked for', () => {
    const remarks = [reason({ level: 'warning' }), reason({ level: 'note', rule: 'size', remedy: 'less' })]
    expect(text({ remarks })).toContain('  1 note: --verbose')
    expect(text({ remarks }, { verbose: true })).toContain('  · size\n')
  })

  it('of a dry run is what would be', () => {
    expect(text({ allowed: false, reasons: [reason()] }, { dryRun: true })).toMatch(
      /^✗ would be refused by p[\s\S]*This was a dry run: nothing is written, and the exit code is 0\.\n$/,
    )
  })

  it.each([
    [{}, 'allowed by p'],
    [{ remarks: [reason({ level: 'warning' }), reason({ level: 'note' })] }, 'allowed by p, 1 warning'],
  ] as const)('of what was published is short: %#', (over, expected) => {
    expect(policyText(gate(over))).toBe(expected)
  })
})
