import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ControlDefinition } from '../model/assess/compliance.ts'
import { sampleJudged } from './fixtures/sample.ts'
import { judgeControls } from './judge.ts'

const judge = (control: Partial<ControlDefinition>, more = {}) =>
  judgeControls(
    {
      id: 'f',
      title: 'F',
      version: '1',
      source: { document: 'd', publisher: 'p' },
      controls: [{ id: 'C-1', rules: [], ...control }],
    },
    sampleJudged(more),
  )[0]

describe('a control', () => {
  it.each([
    ['without a rule is for a person', [], 'manual', 'no rule can tell'],
    ['whose rule is kept is kept', ['root-user'], 'pass', 'the image keeps the rule root-user'],
    [
      'whose rule is broken is not',
      ['root-user', 'setuid', 'shell'],
      'fail',
      'the image breaks the rule setuid',
    ],
    [
      'whose rule could not be checked is for a person',
      ['root-user', 'shell'],
      'manual',
      'could not be checked: shell',
    ],
    ['whose rule does not exist is for a person', ['gone'], 'manual', 'could not be checked: gone'],
  ])('%s', (_, rules, status, reason) => {
    expect(judge({ rules, rest: 'look' })).toMatchObject({ status, reason, rest: 'look' })
  })

  it('that is about something else does not apply, and has no evidence', () => {
    const control = { rules: ['setuid'], applies: 'declares-ports' } as const
    expect(judge(control)).toEqual({
      id: 'C-1',
      status: 'not-applicable',
      reason: 'the image declares no port',
      evidence: [],
    })
    expect(judge(control, { applies: new Set(['declares-ports']) })?.status).toBe('fail')
  })

  it('is not broken by a note, but not kept either: a person weighs it', () => {
    const findings = [{ rule: 'setuid', level: 'note', subject: 's', found: 'f' }]
    expect(judge({ rules: ['setuid'] }, { findings })).toMatchObject({
      status: 'manual',
      reason: 'there are notes to weigh: setuid',
      evidence: [{ outcome: 'noted', findings: 1, examples: ['s: f'] }],
    })
  })

  it('whose rules only show faults is never kept by them', () => {
    expect(judge({ rules: ['root-user'], faultsOnly: true })?.status).toBe('manual')
    expect(judge({ rules: ['setuid'], faultsOnly: true })?.status).toBe('fail')
  })

  it('that asks for the very thing is broken by a note', () => {
    const findings = [{ rule: 'setuid', level: 'note', subject: 's', found: 'f' }]
    expect(judge({ rules: ['setuid'], strict: true }, { findings })?.status).toBe('fail')
  })

  it('counts all findings and names a few', () => {
    const findings = Array.from({ length: 9 }, (_, i) => ({
      rule: 'setuid',
      level: 'error',
      subject: `${i}`,
      found: 'f',
    }))
    expect(judge({ rules: ['setuid'] }, { findings })?.evidence[0]).toMatchObject({
      outcome: 'broken',
      findings: 9,
      examples: ['0: f', '1: f', '2: f', '3: f', '4: f'],
    })
  })

  it('is kept only by rules that were checked, whatever there is', () => {
    const ids = fc.constantFrom('setuid', 'root-user', 'shell', 'gone')
    const lists = fc.record({
      rules: fc.uniqueArray(ids),
      known: fc.uniqueArray(ids),
      broken: fc.uniqueArray(ids),
      unjudged: fc.uniqueArray(ids),
    })
    fc.assert(
      fc.property(lists, ({ rules, known, broken, unjudged }) => {
        const result = judge(
          { rules },
          {
            rules: new Map(known.map((rule) => [rule, rule])),
            findings: broken.map((rule) => ({ rule, level: 'error', subject: 's', found: 'f' })),
            unjudged: unjudged.map((rule) => ({ rule, why: 'w' })),
          },
        )
        const kept =
          rules.length > 0 &&
          rules.every((rule) => known.includes(rule) && !broken.includes(rule) && !unjudged.includes(rule))
        expect(result?.status === 'pass').toBe(kept)
        expect(result?.status === 'fail').toBe(rules.some((rule) => broken.includes(rule)))
      }),
    )
  })
})
