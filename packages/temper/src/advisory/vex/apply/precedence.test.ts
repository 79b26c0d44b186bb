import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VexStatement } from '../../../model/advisory/vex.ts'
import { sampleDocument, sampleStatement } from '../fixtures/sample.ts'
import { chooseStatement, type StatementCandidate } from './precedence.ts'

const now = '2026-01-01T00:00:00.000Z'

function candidate(
  statement: Partial<VexStatement>,
  more: Partial<StatementCandidate> = {},
): StatementCandidate {
  const [rank, position, precision] = [0, 0, 1] as const
  const document = sampleDocument([])
  return { statement: sampleStatement(statement), document, rank, position, precision, ...more }
}

const time = fc.constantFrom('2025-01-01T00:00:00.000Z', '2025-06-01T00:00:00.000Z', undefined)
const status = fc.constantFrom(
  'affected' as const,
  'under_investigation' as const,
  'fixed' as const,
  'not_affected' as const,
)
const candidates = fc.array(
  fc
    .record({
      rank: fc.integer({ min: 0, max: 2 }),
      precision: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
      status,
      time,
      ended: fc.boolean(),
    })
    .map(({ rank, precision, status, time, ended }) =>
      candidate(
        {
          status,
          ...(time === undefined ? {} : { timestamp: time }),
          ...(ended ? { expires: '2025-12-31T00:00:00.000Z' } : {}),
        },
        { rank, precision },
      ),
    ),
  { maxLength: 6 },
)

describe('the statement that counts', () => {
  const later = { timestamp: '2025-06-01T00:00:00.000Z' }
  const earlier = { timestamp: '2025-01-01T00:00:00.000Z' }

  it.each<[string, StatementCandidate, StatementCandidate]>([
    ['is of the first document', candidate({}, { rank: 0 }), candidate(later, { rank: 1, precision: 3 })],
    ['is the latest', candidate(later), candidate(earlier, { precision: 3 })],
    ['has a time rather than none', candidate(earlier), candidate({}, { precision: 3 })],
    [
      "has its document's time",
      candidate({}, { document: sampleDocument([], later) }),
      candidate(earlier, { precision: 3 }),
    ],
    [
      'has its own time before that of its document',
      candidate(earlier, { precision: 3 }),
      candidate(earlier, { document: sampleDocument([], later) }),
    ],
    [
      'is the most precise',
      candidate({ status: 'not_affected' }, { precision: 2 }),
      candidate({ status: 'affected' }),
    ],
    ['is the more cautious', candidate({ status: 'affected' }), candidate({ status: 'under_investigation' })],
    [
      'is being looked into rather than fixed',
      candidate({ status: 'under_investigation' }),
      candidate({ status: 'fixed' }),
    ],
    [
      'is fixed rather than not affected',
      candidate({ status: 'fixed' }),
      candidate({ status: 'not_affected' }),
    ],
    ['stands first', candidate({}, { position: 1 }), candidate({}, { position: 2 })],
    ['has not ended', candidate({}, { rank: 1 }), candidate({ expires: now })],
  ])('%s', (_, better, worse) => {
    expect(chooseStatement([better, worse], now).chosen).toBe(better)
    expect(chooseStatement([worse, better], now).chosen).toBe(better)
  })

  it('counts until the moment that it ends', () => {
    const ends = (expires: string) => candidate({ expires })
    expect(chooseStatement([ends('2026-01-01T00:00:00.001Z')], now).chosen).toBeDefined()
    expect(chooseStatement([ends(now)], now)).toMatchObject({ chosen: undefined, expired: [{}] })
  })

  it('is one that has not ended, wherever there is one; the others are told', () => {
    fc.assert(
      fc.property(candidates, (all) => {
        const { chosen, expired, contradicted } = chooseStatement(all, now)
        const valid = all.filter(({ statement }) => statement.expires === undefined)
        expect(expired).toEqual(all.filter(({ statement }) => statement.expires !== undefined))
        if (valid.length === 0) expect(chosen).toBeUndefined()
        else expect(valid).toContain(chosen)
        expect(chosen?.rank).toBe(valid.length === 0 ? undefined : Math.min(...valid.map(({ rank }) => rank)))
        for (const each of contradicted) {
          expect(each.statement.status).not.toBe(chosen?.statement.status)
          expect(each.rank).toBeGreaterThan(chosen?.rank ?? Number.POSITIVE_INFINITY)
        }
      }),
    )
  })
})
