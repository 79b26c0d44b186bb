import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../model/advisory/finding.ts'
import { sampleSecret } from '../../model/fixtures/sample.ts'
import { sampleFinding } from '../gate/fixtures/sample.ts'
import { applyIgnoreRules } from './apply.ts'
import type { IgnoreRule } from './rule.ts'

const now = new Date('2026-01-15T12:00:00Z')
const why = { reason: 'not used', origin: 'ignore.yaml:3' }

function finding(id: string, name: string, path: string): Finding {
  const sample = sampleFinding({ id })
  const purl = `pkg:deb/debian/${name}@1.0-1?arch=amd64`
  return { ...sample, component: { ...sample.component, name, purl, locations: [{ path }] } }
}

const findings = [
  finding('CVE-2026-1', 'liba', 'usr/lib/a'),
  finding('CVE-2026-2', 'libb', 'opt/b'),
  finding('CVE-2026-3', 'liba', 'opt/a'),
]
const secrets = [sampleSecret(), sampleSecret({ rule: 'npm-token', location: { path: 'root/.npmrc' } })]

const apply = (...rules: IgnoreRule[]) => applyIgnoreRules({ findings, secrets }, rules, { now })
const ids = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id)

describe('ignore rules', () => {
  it('that are none leave everything', () => {
    const nothing = { suppressed: [], suppressedSecrets: [], unused: [], notes: [] }
    expect(apply()).toEqual({ findings, secrets, ...nothing })
  })

  it.each<[string, Partial<IgnoreRule>, string[], string[]]>([
    ['an id', { id: 'cve-2026-1' }, ['CVE-2026-1'], []],
    ['a package', { package: 'liba' }, ['CVE-2026-1', 'CVE-2026-3'], []],
    ['a source package', { package: 'foo' }, ['CVE-2026-1', 'CVE-2026-2', 'CVE-2026-3'], []],
    ['a path', { path: 'opt/*' }, ['CVE-2026-2', 'CVE-2026-3'], []],
    ['a path of secrets', { path: 'root/**' }, [], ['npm-token']],
    ['the rule of a secret', { id: 'NPM-TOKEN' }, [], ['npm-token']],
    ['a purl', { purl: 'pkg:deb/debian/libb' }, ['CVE-2026-2'], []],
    ['a purl of another version', { purl: 'pkg:deb/debian/libb@2' }, [], []],
    ['a purl with qualifiers', { purl: 'pkg:deb/debian/libb@1.0-1?arch=amd64' }, ['CVE-2026-2'], []],
    ['a purl with others', { purl: 'pkg:deb/debian/libb@1.0-1?arch=arm64' }, [], []],
    ['all of its patterns', { package: 'liba', path: 'opt/**' }, ['CVE-2026-3'], []],
    ['patterns that no finding meets together', { id: 'CVE-2026-1', path: 'opt/**' }, [], []],
    ['a package beside the path of a secret', { package: '*', path: 'root/**' }, [], []],
  ])('fit by %s', (_, patterns, suppressed, hidden) => {
    const sifted = apply({ ...patterns, ...why })
    expect(ids(sifted.suppressed)).toEqual(suppressed)
    expect(sifted.suppressedSecrets.map(({ rule }) => rule)).toEqual(hidden)
    expect(sifted.findings).toHaveLength(findings.length - suppressed.length)
    expect(sifted.secrets).toHaveLength(secrets.length - hidden.length)
  })

  it.each([
    ['2026-01-16', true],
    ['2026-01-15', true],
    ['2026-01-14', false],
  ])('count to the end of %s: %s', (expires, counts) => {
    const { suppressed, notes } = apply({ id: 'CVE-2026-1', expires, ...why })
    expect(suppressed).toHaveLength(counts ? 1 : 0)
    expect(notes.map(({ code }) => code)).toEqual(counts ? [] : ['ignore-rule-expired'])
    if (counts) expect(suppressed[0]?.suppressedBy.expires).toBe(`${expires}T23:59:59Z`)
  })

  it('say who suppresses; of several that fit, the first', () => {
    const first: IgnoreRule = { package: 'liba', reason: 'first', origin: 'a:1' }
    const second: IgnoreRule = { id: 'CVE-2026-1', reason: 'second', origin: 'b:2' }
    expect(apply(first, second).suppressed).toMatchObject([
      { id: 'CVE-2026-1', reason: 'first', suppressedBy: { kind: 'rule', source: 'a:1' } },
      { id: 'CVE-2026-3', reason: 'first' },
    ])
    expect(apply(second, first).suppressed[0]).toMatchObject({ reason: 'second' })
  })

  it('lose no finding and make none up, whatever they are', () => {
    const pattern = fc.constantFrom('*', '**', 'liba', 'opt/*', 'CVE-2026-2', 'npm-token', 'pkg:deb/**', '?')
    const rule = fc
      .record({ id: pattern, package: pattern, path: pattern, purl: pattern }, { requiredKeys: [] })
      .map((patterns): IgnoreRule => ({ ...patterns, ...why }))
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), (rules) => {
        const sifted = apply(...rules)
        expect(ids([...sifted.findings, ...sifted.suppressed]).sort()).toEqual(ids(findings))
        expect(sifted.secrets.length + sifted.suppressedSecrets.length).toBe(secrets.length)
      }),
    )
  })

  it.each<[string, Partial<IgnoreRule>, string | undefined]>([
    ['an id that is there', { id: 'CVE-2026-1' }, undefined],
    ['the rule of a secret', { id: 'npm-token' }, undefined],
    ['an id that is not', { id: 'CVE-2026-9' }, 'finding: CVE-2026-9 was not found'],
    ['a package that has nothing', { package: 'libz' }, 'finding: nothing was found in it'],
    [
      'an id in another package',
      { id: 'CVE-2026-2', package: 'liba' },
      'package: CVE-2026-2 is in pkg:deb/debian/libb@1.0-1?arch=amd64 at opt/b',
    ],
    [
      'another version',
      { id: 'CVE-2026-2', purl: 'pkg:deb/debian/libb@2.0' },
      'package: CVE-2026-2 is in pkg:deb/debian/libb@1.0-1?arch=amd64 at opt/b',
    ],
    ['one that has expired, which is told anyway', { id: 'CVE-2026-9', expires: '2026-01-01' }, undefined],
  ])('tell of what fits nothing: %s', (_, rule, expected) => {
    const [unused] = apply({ ...why, ...rule }).unused
    expect(unused && `${unused.reason}: ${unused.why}`).toBe(expected)
  })

  it('of other programs with a different meaning here ignore nothing, and are told', () => {
    const rule = {
      id: 'CVE-2026-1',
      reason: 'x',
      origin: '.grype.yaml:2',
      untaken: '"fix-state" is not known',
    }
    const { suppressed, unused, notes } = apply(rule)
    expect({ suppressed, unused }).toEqual({ suppressed: [], unused: [] })
    expect(notes).toEqual([
      {
        code: 'ignore-rule-not-taken',
        message: 'The ignore rule at .grype.yaml:2 ignores nothing: "fix-state" is not known.',
      },
    ])
  })

  it('by packages of a type in one version fit those', () => {
    const fits = (purl: string) => ids(apply({ purl, ...why }).suppressed)
    expect(fits('pkg:deb/**')).toHaveLength(3)
    expect(fits('pkg:*/**@1.0-1')).toHaveLength(3)
    expect([fits('pkg:rpm/**'), fits('pkg:deb/**@2')]).toEqual([[], []])
  })

  it('are of use where another that comes first fits as well', () => {
    expect(apply({ ...why, package: 'liba' }, { ...why, id: 'CVE-2026-1' }).unused).toEqual([])
  })

  it('say that something else already suppresses it', () => {
    const [first, ...others] = findings
    if (first === undefined) throw new Error('no finding')
    const suppressed = [{ ...first, suppressedBy: { kind: 'vex' as const, source: 'a.json' } }]
    const outcome = { findings: others, secrets, suppressed }
    expect(applyIgnoreRules(outcome, [{ ...why, id: first.id }], { now }).unused).toEqual([
      {
        kind: 'rule',
        source: why.origin,
        id: first.id,
        reason: 'suppressed',
        why: 'a.json already suppresses it',
      },
    ])
  })

  it('for secrets are not called superfluous where none were searched', () => {
    const rules = [
      { ...why, id: 'private-key' },
      { ...why, path: 'root/**' },
      { ...why, id: 'CVE-2026-9' },
    ]
    expect(applyIgnoreRules({ findings }, rules, { now }).unused.map(({ id }) => id)).toEqual(['CVE-2026-9'])
  })
})
