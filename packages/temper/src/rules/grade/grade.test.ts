import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AssessedFinding,
  aspects,
  reaches,
  tiers,
  type Unjudged,
} from '../../model/assess/assessment.ts'
import { levels } from '../../model/rule.ts'
import { grade } from './grade.ts'

const asked = tiers.slice(1) as readonly Exclude<(typeof tiers)[number], 'regular'>[]

/** A rule is of one aspect and one tier. */
const rules = aspects.flatMap((aspect) => asked.map((tier) => ({ rule: `${aspect}-${tier}`, aspect, tier })))
const rule = fc.constantFrom(...rules)
const finding = fc.tuple(rule, fc.constantFrom(...levels)).map(
  ([graded, level]): AssessedFinding => ({
    ...graded,
    level,
    subject: '/x',
    place: { kind: 'whole' },
    found: 'it is there',
    remedy: 'remove it',
  }),
)
const unjudged = rule.map((graded): Unjudged => ({ ...graded, why: 'nobody looked' }))
const judgements = fc.record({ findings: fc.array(finding), unjudged: fc.array(unjudged) })

describe('the grade', () => {
  it('is the highest tier of whose rules none is broken and none is unchecked, by aspect and for the whole', () => {
    fc.assert(
      fc.property(judgements, (judgement) => {
        const obstacles = [
          ...judgement.findings.filter(({ level }) => level !== 'note'),
          ...judgement.unjudged,
        ]
        const reached = (of: readonly { readonly tier: (typeof tiers)[number] }[]) =>
          tiers.filter((tier) => !of.some((each) => reaches(tier, each.tier))).at(-1)
        const graded = grade(judgement)
        expect(graded.tier).toBe(reached(obstacles))
        expect(graded.aspects.map(({ tier }) => tier)).toEqual(
          aspects.map((id) => reached(obstacles.filter(({ aspect }) => aspect === id))),
        )
        expect(graded.aspects.map(({ judged }) => judged)).toEqual(
          aspects.map((id) => !judgement.unjudged.some(({ aspect }) => aspect === id)),
        )
      }),
    )
  })

  it('names as things to do exactly what keeps it from the next tier: without these it is there', () => {
    fc.assert(
      fc.property(judgements, (judgement) => {
        const { tier, next } = grade(judgement)
        const done = new Set(next.flatMap((step) => step.rules))
        const without = (except: ReadonlySet<string>) =>
          grade({
            findings: judgement.findings.filter((each) => !except.has(each.rule)),
            unjudged: judgement.unjudged.filter((each) => !except.has(each.rule)),
          }).tier
        if (tier === 'secure') expect(next).toEqual([])
        else expect(reaches(without(done), tiers[tiers.indexOf(tier) + 1] ?? 'secure')).toBe(true)
        // None of them can be left out.
        for (const { rules: kept } of next)
          expect(without(new Set([...done].filter((each) => !kept.includes(each))))).toBe(tier)
      }),
    )
  })

  it('has a reason for each aspect that is not secure, and none for one that is', () => {
    fc.assert(
      fc.property(judgements, (judgement) => {
        for (const { tier, reasons } of grade(judgement).aspects)
          expect(reasons.length > 0).toBe(tier !== 'secure')
      }),
    )
  })
})
