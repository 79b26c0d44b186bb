import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { readPolicyFile } from './read.ts'

const rules = [{ id: 'setuid' }, { id: 'shell' }, { id: 'old-build', parameters: ['days'] }]

function read(text: string) {
  return readPolicyFile(Buffer.from(text), 'p.yaml', { rules })
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

const good = `
name: team
description: what runs in production
extends: hardened
images: ['registry.example/team/**']
tier: hardened
other-rules: warning
rules:
  setuid: error
  shell: off
  old-build: { level: warning, days: 30 }
vulnerabilities:
  error: [critical, 'high+fixable>7d']
  warning: high
evidence:
  signature: error
  https://example.org/review/v1: warning
own-rules:
  - id: small
    title: no image is larger than 500 MB
    broken-when: image.size > 500000000
exceptions:
  - rule: setuid
    path: usr/bin/ping
    owner: network@example.org
    reason: it is how ping works
    expires: 2026-12-31
examples:
  - name: passes
    expect: { allowed: true }
`

describe('policy files', () => {
  it('say what counts, with the line of each exception, own rule and example', () => {
    const { rules: settings, vulnerabilities, evidence, ownRules, exceptions, examples, ...part } = read(good)
    expect(part).toEqual({
      name: 'team',
      description: 'what runs in production',
      extends: 'hardened',
      images: ['registry.example/team/**'],
      tier: 'hardened',
      otherRules: 'warning',
    })
    expect(Object.fromEntries(settings ?? [])).toEqual({
      setuid: { level: 'error', parameters: {} },
      shell: { level: 'off', parameters: {} },
      'old-build': { level: 'warning', parameters: { days: 30 } },
    })
    expect(vulnerabilities?.error?.map(({ text }) => text)).toEqual(['critical', 'high+fixable>7d'])
    expect(vulnerabilities?.warning?.map(({ text }) => text)).toEqual(['high'])
    expect([...(evidence ?? [])]).toEqual([
      ['signature', 'error'],
      ['https://example.org/review/v1', 'warning'],
    ])
    expect(ownRules).toMatchObject([{ id: 'small', level: 'error', each: 'image', origin: 'p.yaml:19' }])
    expect(exceptions).toMatchObject([{ path: '/usr/bin/ping', origin: 'p.yaml:23' }])
    expect(examples).toMatchObject([{ name: 'passes', expect: { allowed: true }, origin: 'p.yaml:29' }])
  })

  it('may be JSON, and may say nothing', () => {
    expect(read('{"name": "a", "rules": {"shell": "error"}}').name).toBe('a')
    expect(read('')).toEqual({ ownRules: [], exceptions: [], examples: [] })
  })

  it.each([
    ['rules: { setiud: error }', 'p.yaml:1:18: there is no rule "setiud"; did you mean "setuid"?'],
    ['rules: { setuid: errror }', 'rules.setuid: expected off, note, warning, error, found "errror"'],
    [
      'rules: { setuid: { level: error, days: 3 } }',
      'the rule "setuid" takes nothing but a level, found "days"',
    ],
    ['rules: { old-build: { dayz: 3 } }', 'the rule "old-build" takes no "dayz": did you mean "days"?'],
    [
      'vulnerabilities:\n  error: [critical, hihg]',
      'p.yaml:2:21: The gate, column 1: expected a condition (did you mean "high"?)',
    ],
    ['vulnerabilities: { eror: [critical] }', 'unknown key "eror": did you mean "error"?'],
    ['evidence: { sigature: error }', '"sigature" is not a kind of evidence'],
    ['evidence: { signature: yes }', 'expected off, note, warning, error, found "yes"'],
    ['tier: hard', 'tier: expected regular, minimal, hardened, secure, found "hard"'],
    ['tiers: hardened', 'p.yaml:1:8: unknown key "tiers": did you mean "tier"?'],
    [
      'exceptions:\n  - { rule: shell, reason: x, expires: 2026-01-01 }',
      'p.yaml:2:5: exceptions[0].owner: every exception needs an owner',
    ],
    [
      'exceptions:\n  - { rule: shell, owner: a, reason: x }',
      'exceptions[0].expires: every exception needs a last day',
    ],
    [
      'exceptions:\n  - { rule: shell, owner: a, reason: " ", expires: 2026-01-01 }',
      'exceptions[0].reason: expected text that is not empty',
    ],
    [
      'exceptions:\n  - { rule: shell, owner: a, reason: b, expires: 2026-02-30 }',
      'expected a day as YYYY-MM-DD, found "2026-02-30"',
    ],
    [
      'own-rules: [{ id: setuid, title: a, broken-when: "true" }]',
      '"setuid" is already the name of a rule of Temper',
    ],
    [
      'own-rules: [{ id: tier, title: a, broken-when: "true" }]',
      '"tier" is already the name of a rule of Temper',
    ],
    [
      'own-rules: [{ id: a, title: a, broken-when: "true" }, { id: a, title: a, broken-when: "true" }]',
      'two rules have the name "a"',
    ],
    ['own-rules: [{ id: a b, title: a, broken-when: "true" }]', 'expected small letters, digits and "-"'],
    ['name: 3', 'name: expected text, found 3; put it in quotes'],
    ['- a', 'expected a mapping, found a list'],
    ['a: &x 1\nb: *x', 'aliases are not supported'],
    ['name: a\nname: b', 'p.yaml:2:1: the key "name" is there twice'],
    [`rules: ${'['.repeat(60)}${']'.repeat(60)}`, 'nested deeper'],
    ['name: [', 'not valid YAML'],
  ])('%j is refused at its place', (text, message) => {
    expect(problem(text)).toContain('bad-policy The policy cannot be read:\n')
    expect(problem(text)).toContain(message)
  })

  it('tell all that is wrong at once', () => {
    const text = problem(
      'rules: { a: error, b: error }\nvulnerabilities: { error: x }\nevidence: { y: error }',
    )
    expect(text.split('\n')).toHaveLength(5)
  })

  it('are refused when they are larger than a person writes', () => {
    expect(problem(`# ${'x'.repeat(3 << 20)}`)).toContain('limit-exceeded p.yaml: expected at most')
  })

  it('throw one error, whatever is in them', () => {
    const word = fc.constantFrom(
      'name',
      'rules',
      'extends',
      ':',
      '\n',
      ' ',
      '[',
      '{',
      '}',
      '- ',
      'error',
      '"',
      '*a',
      '&a',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 4 })), { maxLength: 40 }), (words) => {
        try {
          read(words.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(TemperError)
        }
      }),
      { numRuns: 500 },
    )
  })
})

it.each(['constructor', 'toString', 'hasOwnProperty'])(
  'a rule may be called %s, and is not known',
  (name) => {
    expect(problem(`rules: { ${name}: { levl: error } }`)).toMatch(/^bad-policy /)
    expect(problem(`${name}: { a: 1 }`)).toContain(`unknown key "${name}"`)
  },
)
