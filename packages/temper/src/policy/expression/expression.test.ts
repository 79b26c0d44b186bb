import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inputSchema } from '../facts/schema.ts'
import { askExpressions } from './ask.ts'
import { celValue } from './cel-value.ts'
import type { ExpressionQuestion } from './job.ts'

const input = inputSchema.parse({
  image: { user: 'web', layers: 3, size: 2 ** 40, env: { PATH: '/bin', EMPTY: '' }, labels: { 'a.b': 'c' } },
  findings: [
    { id: 'CVE-1', severity: 'high', score: 8, epss: 1, fixable: true, age: 3 },
    { id: 'CVE-2', severity: 'low', package: 'left-pad' },
  ],
  secrets: [{ rule: 'private-key', path: '/k' }],
  violations: [{ rule: 'shell', path: '/bin/sh' }, { rule: 'setuid' }],
  evidence: [{ type: 'https://spdx.dev/Document', signers: ['me'] }],
})

/** Expression, what it is asked of, and what it is true of; or words of why it has no answer. */
const asked: readonly (readonly [string, ExpressionQuestion['each'], readonly number[] | RegExp])[] = [
  ['image.user == "web"', 'image', [0]],
  ['image.layers > 3', 'image', []],
  ['image.layers + 1 == 4', 'image', [0]],
  ['image.size > 1000000000000', 'image', [0]],
  ['image.env["PATH"].startsWith("/")', 'image', [0]],
  ['"EMPTY" in image.env && image.env["EMPTY"] == ""', 'image', [0]],
  ['has(image.age)', 'image', []],
  ['image.labels["a.b"] == "c"', 'image', [0]],
  ['findings.exists(f, f.severity == "high")', 'image', [0]],
  ['size(findings) == 2', 'image', [0]],
  ['evidence.all(e, e.signers.exists(s, s == "me"))', 'image', [0]],
  ['finding.severity == "high"', 'findings', [0]],
  ['finding.fixable', 'findings', [0]],
  // Numbers with a fraction are compared as such, also where they are whole.
  ['has(finding.score) && finding.score > 7.5', 'findings', [0]],
  ['has(finding.epss) && finding.epss >= 1.0', 'findings', [0]],
  ['has(finding.age) && finding.age < 7', 'findings', [0]],
  ['finding["package"] == "left-pad"', 'findings', [1]],
  ['secret.path == "/k"', 'secrets', [0]],
  ['violation.path == ""', 'violations', [1]],
  ['finding.score > 7.5', 'findings', /no such|not found|score|undefined|unknown/i],
  ['image.layers', 'image', /neither true nor false/],
  ['1 / 0 == 1', 'image', /divi/i],
]

describe('expressions', () => {
  it('are answered of the image and of each thing in it; what has no answer says why', async () => {
    const questions = asked.map(([text, each], at) => ({ id: String(at), each, text }))
    const answers = await askExpressions({ questions, input })
    for (const [at, [text, , expected]] of asked.entries()) {
      const answer = answers[at]
      expect([text, answer?.wrong]).toEqual([text, undefined])
      if (expected instanceof RegExp)
        expect(`${text}: ${answer?.faults.map(({ message }) => message).join()}`).toMatch(expected)
      else expect([text, answer?.met, answer?.faults]).toEqual([text, expected, []])
    }
  })

  it('are understood without input, and those that cannot be say why', async () => {
    const of = (text: string) => ({ id: text, each: 'image', text }) as const
    const answers = await askExpressions({ questions: ['true', 'a &&', '"', ''].map(of) })
    expect(answers.map(({ wrong }) => wrong === undefined)).toEqual([true, false, false, false])
    for (const { met, faults } of answers) expect([met, faults]).toEqual([[], []])
  })

  it('that are none need no thread', async () => {
    expect(await askExpressions({ questions: [], input })).toEqual([])
  })
})

describe('a value of JSON in CEL', () => {
  it('is the same one: lists, maps, texts, truths and numbers', () => {
    const back = (value: unknown): unknown => {
      if (value instanceof Map)
        return Object.fromEntries([...value].map(([name, member]) => [name, back(member)]))
      if (Array.isArray(value)) return value.map(back)
      return typeof value === 'bigint' ? Number(value) : value
    }
    const values = fc.jsonValue({ maxDepth: 3 })
    fc.assert(
      fc.property(values, (value) => {
        const plain = JSON.parse(JSON.stringify(value))
        expect(back(celValue(plain))).toEqual(plain)
      }),
    )
  })

  it('has whole numbers as int, but for those that may have a fraction', () => {
    expect(celValue({ size: 3, score: 3, epss: 1, ratio: 0.5 })).toEqual(
      new Map<string, unknown>([
        ['size', 3n],
        ['score', 3],
        ['epss', 1],
        ['ratio', 0.5],
      ]),
    )
    expect(celValue(undefined)).toBeNull()
  })
})
