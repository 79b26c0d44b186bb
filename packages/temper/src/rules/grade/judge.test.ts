import { expect, it } from 'vitest'
import { countFindings } from '../../model/assess/assessment.ts'
import type { Fault } from '../../model/rule.ts'
import { imageRule } from '../image/rule.ts'
import type { ImageSubject } from '../image/subject.ts'
import { grade } from './grade.ts'
import { judge } from './judge.ts'

const subject = {} as ImageSubject

function ruleWith(faults: () => Iterable<Fault>) {
  return imageRule({
    id: 'many',
    title: 'No x',
    why: 'It is one.',
    fix: 'remove it',
    level: 'warning',
    aspect: 'contents',
    tier: 'minimal',
    check: faults,
  })
}

function* faults(count: number, last: Partial<Fault> = {}): Iterable<Fault> {
  for (let i = 1; i <= count; i++)
    yield { place: { kind: 'path', path: `/${i}` }, found: 'x', ...(i === count ? last : {}) }
}

it('tells the first thousand one by one, and of the rest how many there are', () => {
  const { findings } = judge(subject, { rules: [ruleWith(() => faults(160_000))] })
  expect(findings).toHaveLength(1001)
  expect(countFindings(findings)).toBe(160_000)
  expect(findings.at(-1)).toMatchObject({ subject: '159000 more', more: 159_000, place: { kind: 'whole' } })
  const { next, aspects } = grade({ findings, unjudged: [] })
  expect(next[0]).toMatchObject({ findings: 160_000, todo: '/1 and 159999 more: remove it' })
  expect(aspects[0]?.reasons).toEqual(['/1: x and 159999 more'])
})

it('has the worst of the rest stand for it, so that nothing passes behind a thousand notes', () => {
  const made = () => faults(2000, { level: 'error' })
  const { findings } = judge(subject, { rules: [ruleWith(made)] })
  expect(findings[0]).toMatchObject({ level: 'error', subject: '1000 more' })
  expect(judge(subject, { rules: [ruleWith(() => faults(1000))] }).findings).toHaveLength(1000)
})

it('gives rules the numbers that are asked for, and their own otherwise', () => {
  const rule = imageRule({
    id: 'old',
    title: 'Not old',
    why: 'It is old.',
    fix: 'renew it',
    level: 'warning',
    aspect: 'patching',
    tier: 'secure',
    parameters: { days: { about: 'most days', default: 90 } },
    *check(_, { days }) {
      yield { place: { kind: 'whole' }, found: `older than ${days} days` }
    },
  })
  const told = (parameters?: ReadonlyMap<string, { readonly days: number }>) =>
    judge(subject, { rules: [rule], ...(parameters === undefined ? {} : { parameters }) }).findings[0]?.found
  expect(told()).toBe('older than 90 days')
  expect(told(new Map([['old', { days: 7 }]]))).toBe('older than 7 days')
})
