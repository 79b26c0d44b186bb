import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { severities } from '../../model/advisory/advisory.ts'
import { type PriorityFacts, priorityOf } from './priority.ts'

describe('priorityOf', () => {
  it.each<[PriorityFacts, string, number, string]>([
    [{ severity: 'critical', score: 9.8, isFixable: true }, 'high', 59, 'critical (9.8), fix available'],
    [{ severity: 'critical', score: 9.8, isFixable: false }, 'high', 49, 'critical (9.8), no fix yet'],
    [{ severity: 'high', score: 7.5, isFixable: true }, 'high', 48, 'high (7.5), fix available'],
    [{ severity: 'medium', isFixable: false }, 'medium', 28, 'medium, no fix yet'],
    [{ severity: 'low', isFixable: false }, 'low', 10, 'low, no fix yet'],
    [{ severity: 'negligible', score: 9.8, isFixable: true }, 'low', 10, 'negligible (9.8), fix available'],
    [
      { severity: 'critical', score: 9.8, isFixable: true, prediction: { score: 0.42, percentile: 0.97 } },
      'urgent',
      80,
      'likely to be exploited (EPSS 42 %), critical (9.8), fix available',
    ],
    [{ severity: 'negligible', score: 0, isFixable: false }, 'low', 3, 'negligible (0), no fix yet'],
    [
      { severity: 'critical', score: 10, isFixable: true, prediction: { score: 0.3, percentile: 0.9 } },
      'urgent',
      75,
      'likely to be exploited (EPSS 30 %), critical (10), fix available',
    ],
    [
      { severity: 'critical', score: 10, isFixable: true, prediction: { score: 0.28, percentile: 0.9 } },
      'high',
      74,
      'likely to be exploited (EPSS 28 %), critical (10), fix available',
    ],
    [{ severity: 'high', score: 7, isFixable: true }, 'high', 45, 'high (7), fix available'],
    [{ severity: 'medium', score: 6.8, isFixable: true }, 'medium', 44, 'medium (6.8), fix available'],
    [{ severity: 'medium', score: 4, isFixable: false }, 'medium', 20, 'medium (4), no fix yet'],
    [{ severity: 'low', score: 3.8, isFixable: false }, 'low', 19, 'low (3.8), no fix yet'],
    [
      { severity: 'low', score: 2, isFixable: false, prediction: { score: 0.1, percentile: 0.9 } },
      'low',
      15,
      'likely to be exploited (EPSS 10 %), low (2), no fix yet',
    ],
    [
      { severity: 'low', score: 2, isFixable: false, prediction: { score: 0.09, percentile: 0.9 } },
      'low',
      15,
      'low (2), no fix yet',
    ],
    [
      { severity: 'negligible', isFixable: false, exploited: { added: '2024-02-01' } },
      'urgent',
      80,
      'known to be exploited since 2024-02-01, negligible, no fix yet',
    ],
  ])('%j is %s with %d: %s', (facts, level, value, why) => {
    expect(priorityOf(facts)).toEqual({ level, value, why })
  })

  it('never falls when something gets worse', () => {
    const facts = fc.record({
      severity: fc.constantFrom(...severities),
      score: fc.integer({ min: 0, max: 100 }).map((tenths) => tenths / 10),
      isFixable: fc.boolean(),
    })
    fc.assert(
      fc.property(facts, fc.double({ min: 0, max: 1, noNaN: true }), (each, score) => {
        const { value } = priorityOf(each)
        const predicted = priorityOf({ ...each, prediction: { score, percentile: score } })
        const exploited = priorityOf({ ...each, exploited: { added: '2024-02-01' } })
        expect(value).toBeGreaterThanOrEqual(0)
        expect(predicted.value).toBeGreaterThanOrEqual(value)
        expect(exploited.value).toBeGreaterThanOrEqual(predicted.value - 25)
        expect(exploited.level).toBe('urgent')
        expect(Math.max(value, predicted.value, exploited.value)).toBeLessThanOrEqual(100)
      }),
    )
  })
})
