import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import { sampleSecret } from '../../model/fixtures/sample.ts'
import { applyIgnoreRules } from './apply.ts'
import { parseIgnoreFile } from './ignore-file.ts'

function read(text: string) {
  return parseIgnoreFile(Buffer.from(text), 'ignore.yaml')
}

function problem(text: string): string {
  try {
    read(text)
  } catch (error) {
    if (error instanceof TemperError) return `${error.code} ${error.message}`
    throw error
  }
  throw new Error('accepted')
}

const good = `# Reviewed each quarter.
ignore:
  - id: CVE-2024-0001
    reason: the parser is not used
    expires: 2026-06-30
  - package: linux-*
    purl: pkg:deb/debian/linux-libc-dev
    reason: headers only
  - path: /opt/test/**
    reason: test data
`

describe('ignore files', () => {
  it('have rules with a reason, and the line of each', () => {
    expect(read(good)).toEqual([
      {
        id: 'CVE-2024-0001',
        reason: 'the parser is not used',
        expires: '2026-06-30',
        origin: 'ignore.yaml:3',
      },
      {
        package: 'linux-*',
        purl: 'pkg:deb/debian/linux-libc-dev',
        reason: 'headers only',
        origin: 'ignore.yaml:6',
      },
      { path: 'opt/test/**', reason: 'test data', origin: 'ignore.yaml:9' },
    ])
    expect(read('ignore: []')).toEqual([])
  })

  it.each([
    ['ignore:\n  - id: CVE-1\n', 'ignore.yaml:2:5: ignore[0].reason: every rule needs a reason'],
    [
      'ignore:\n  - id: CVE-1\n    reason: " "\n',
      'ignore.yaml:3:13: ignore[0].reason: every rule needs a reason',
    ],
    [
      'ignore:\n  - reason: because\n',
      'ignore.yaml:2:5: ignore[0]: expected one of id, package, path and purl',
    ],
    ['ignore:\n  - id: CVE-1\n    resaon: x\n', 'unknown key "resaon": did you mean "reason"?'],
    [
      'ignore:\n  - {id: a, reason: b, expires: 2026-02-30}\n',
      'ignore.yaml:2:33: ignore[0].expires: expected a day as YYYY-MM-DD, found "2026-02-30"',
    ],
    ['ignore:\n  - {id: a, reason: b, expires: soon}\n', 'expected a day as YYYY-MM-DD, found "soon"'],
    ['ignore:\n  - id: [a]\n    reason: b\n', 'ignore.yaml:2:9: ignore[0].id: expected text'],
    ['ignore: yes\n', 'expected a list'],
    ['- id: a\n', 'expected a mapping'],
    ['', '"ignore" is missing'],
    ['rules: []\n', 'unknown key "rules": expected ignore'],
    ['ignore:\n  - id: a\n    id: b\n    reason: c\n', 'ignore.yaml:3:5: the key "id" is there twice'],
    ['ignore:\n  - &a {id: x, reason: y}\n  - *a\n', 'ignore.yaml:3:5: aliases are not supported'],
    ['ignore: [\n', 'not valid YAML'],
    ['ignore:\n\t- id: a\n', 'not valid YAML'],
    [`ignore: ${'['.repeat(40)}${']'.repeat(40)}`, 'nested deeper'],
  ])('%j is refused', (text, message) => {
    expect(problem(text)).toContain('bad-configuration')
    expect(problem(text)).toContain(message)
  })

  it('are bounded, and UTF-8', () => {
    expect(problem(`ignore: # ${'x'.repeat(1 << 20)}`)).toContain('limit-exceeded')
    expect(() => parseIgnoreFile(Uint8Array.of(0xff, 0xfe), 'a')).toThrow('not UTF-8')
  })

  it('never fail otherwise than with a documented error', () => {
    const piece = fc.constantFrom(
      'ignore:',
      '\n',
      '  ',
      '- ',
      'id: a',
      'reason: b',
      '&a ',
      '*a',
      '{',
      '}',
      '[',
      ']',
      '"',
      '!!x ',
      '? ',
      ': ',
      '---',
      '\t',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        try {
          read(pieces.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(TemperError)
          expect((error as TemperError).code).not.toBe('internal')
        }
      }),
      { numRuns: 300 },
    )
  })
})

const finding = {
  id: 'CVE-2024-0001',
  aliases: ['DSA-1-1', 'GHSA-xxxx'],
  component: {
    type: 'deb',
    name: 'libssl3',
    version: '3.0.11-1',
    purl: 'pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12',
    source: { name: 'openssl', version: '3.0.11-1' },
    locations: [{ path: 'var/lib/dpkg/status' }],
    foundBy: 'dpkg',
  },
  reason: 'it is below',
} as unknown as Finding

const secret = sampleSecret({ location: { path: 'opt/test/key.pem' } })

function apply(rule: string, day = '2026-01-15') {
  const rules = read(`ignore:\n  - {${rule}, reason: because}\n`)
  return applyIgnoreRules({ findings: [finding], secrets: [secret] }, rules, {
    now: new Date(`${day}T12:00:00Z`),
  })
}

describe('ignore rules', () => {
  it.each([
    ['id: CVE-2024-0001', 1],
    ['id: cve-2024-0001', 1],
    ['id: DSA-1-1', 1],
    ['id: CVE-2024-000', 0],
    ['package: libssl3', 1],
    ['package: openssl', 1],
    ['package: "lib*"', 1],
    ['package: ssl', 0],
    ['path: var/lib/dpkg/status', 1],
    ['path: "/var/**"', 1],
    ['path: "var/*"', 0],
    ['purl: pkg:deb/debian/libssl3', 1],
    ['purl: pkg:deb/debian/libssl3@3.0.11-1', 1],
    ['purl: "pkg:deb/debian/libssl3@3.0.*"', 1],
    ['purl: "pkg:deb/debian/libssl3@3.1.*"', 0],
    ['purl: "pkg:deb/**"', 1],
    ['purl: "pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12"', 1],
    ['purl: "pkg:deb/debian/libssl3@3.0.11-1?arch=arm64**"', 0],
    ['purl: "pkg:npm/**"', 0],
    ['id: CVE-2024-0001, package: zlib', 0],
    ['id: CVE-2024-0001, package: openssl, path: "var/**"', 1],
  ])('%s suppresses %i', (rule, suppressed) => {
    const sifted = apply(rule)
    expect(sifted.suppressed).toHaveLength(suppressed)
    expect(sifted.findings).toHaveLength(1 - suppressed)
  })

  it('say why and until when', () => {
    expect(apply('id: CVE-2024-0001, expires: 2026-01-15').suppressed).toMatchObject([
      {
        reason: 'because',
        suppressedBy: { kind: 'rule', source: 'ignore.yaml:2', expires: '2026-01-15T23:59:59Z' },
      },
    ])
  })

  it('no longer count when they have expired, and that is said', () => {
    const sifted = apply('id: CVE-2024-0001, expires: 2026-01-15', '2026-01-16')
    expect(sifted.findings).toEqual([finding])
    expect(sifted.notes).toEqual([
      {
        code: 'ignore-rule-expired',
        message:
          'The ignore rule for CVE-2024-0001 (ignore.yaml:2) expired on 2026-01-15 and no longer counts.',
      },
    ])
  })

  it('are about secrets when they name a rule or a path, not when they name packages', () => {
    expect(apply('path: "opt/test/**"').suppressedSecrets).toHaveLength(1)
    expect(apply('id: private-key').suppressedSecrets).toHaveLength(1)
    expect(apply('package: "*"').secrets).toEqual([secret])
  })
})
