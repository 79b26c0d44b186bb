import { describe, expect, it } from 'vitest'
import { secretRules } from '../search.ts'
import { type SecretDefinition, secretRule } from './rule.ts'

const definition: SecretDefinition = {
  id: 'sample-token',
  title: 'Sample token',
  severity: 'critical',
  keywords: ['tok-'],
  pattern: /\btok-(?<secret>[a-z]{4})\b/g,
}

const check = (text: string, path = 'app/main.py', over: Partial<SecretDefinition> = {}) => [
  ...secretRule({ ...definition, ...over }).check({ path, text }),
]

describe('a rule about secrets', () => {
  it('is a rule as any other', () => {
    expect(secretRule(definition)).toMatchObject({ ...definition, level: 'error', controls: [] })
  })

  it('tells a secret as a violation, at its place and without the secret', () => {
    expect(check('first\n  key = tok-abcd # mine\n')).toEqual([
      {
        rule: 'sample-token',
        level: 'error',
        subject: '/app/main.py:2:9',
        place: { kind: 'span', file: '/app/main.py', line: 2, column: 9 },
        found: 'Sample token',
        remedy: 'revoke the secret, and build the image without it',
        title: 'Sample token',
        severity: 'critical',
        line: 2,
        excerpt: 'key = tok-[redacted] # mine',
      },
    ])
  })

  it.each([
    ['critical', 'error'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['low', 'note'],
  ] as const)('that is %s has the level %s', (severity, level) => {
    expect(secretRule({ ...definition, severity }).level).toBe(level)
    expect(check('tok-abcd', 'a', { severity })).toMatchObject([{ severity, level }])
  })

  it.each([
    ['usr/lib/python3/test/key.py', true],
    ['usr/lib/python3/tests/key.py', true],
    ['app/testdata/key', true],
    ['app/test-data/key', true],
    ['app/fixtures/key', true],
    ['examples/key', true],
    ['srv/docs/key', true],
    ['app/latest/key', false],
    ['app/contest/key', false],
    ['app/test', false],
    ['app/document/key', false],
    ['testing.py', false],
  ])('takes it for an example in %s: %s', (path, example) => {
    const [hit] = check('tok-abcd', path)
    expect([hit?.severity, hit?.level]).toEqual(example ? ['low', 'note'] : ['critical', 'error'])
  })

  it.each([
    [0, 0],
    [1, 1],
    [19, 19],
    [20, 20],
    [21, 20],
    [500, 20],
  ])('of %i in a file tells %i', (count, told) => {
    expect(check('tok-abcd\n'.repeat(count))).toHaveLength(told)
  })

  it('leaves what does not hold, which counts for nothing', () => {
    const holds = (secret: string) => secret !== 'dead'
    const text = `${'tok-dead\n'.repeat(30)}tok-beef\n`
    expect(check(text, 'a', { holds }).map(({ line }) => line)).toEqual([31])
  })

  it('takes the whole match for the secret where no group says it', () => {
    const [hit] = check('x tok-abcd y', 'a', { pattern: /tok-[a-z]{4}/g })
    expect(hit?.excerpt).toBe('x [redacted] y')
  })

  it('finds the same when it is asked again: its pattern keeps no state', () => {
    const rule = secretRule(definition)
    const subject = { path: 'a', text: 'tok-abcd tok-efgh' }
    const [first] = rule.check(subject)
    expect([...rule.check(subject)]).toHaveLength(2)
    expect([...rule.check(subject)][0]).toEqual(first)
  })
})

describe('every rule', () => {
  it.each(secretRules.map((rule) => [rule.id, rule] as const))('%s is described and bounded', (id, rule) => {
    expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
    expect(rule.title).toMatch(/^[A-Za-z].*[^.]$/)
    expect(rule.pattern.flags).toContain('g')
    // Repetitions of secrets have an upper bound, so that no text makes a match as long as itself.
    const body = rule.pattern.source.replaceAll(/\\.|\[(?:\\.|[^\]])*\]/g, 'x')
    expect(body).not.toMatch(/[*+]\??[^?)]*\)[*+]/)
    expect([...rule.check({ path: 'a', text: '' })]).toEqual([])
  })
})
