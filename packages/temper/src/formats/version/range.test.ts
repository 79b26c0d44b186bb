import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RangeEvent } from '../../model/advisory/advisory.ts'
import { compareVersions } from './compare.ts'
import { EvaluatedRange } from './range.ts'

function range(...events: RangeEvent[]): EvaluatedRange {
  return new EvaluatedRange({ scheme: 'semver', events })
}

function contains(evaluated: EvaluatedRange, version: string): boolean {
  return evaluated.contains(evaluated.order.parse(version))
}

describe('EvaluatedRange', () => {
  it('holds versions from introduced to fixed', () => {
    const evaluated = range({ introduced: '1.0.0' }, { fixed: '1.2.0' })
    expect(
      ['0.9.9', '1.0.0', '1.1.9', '1.2.0', '1.2.0-rc1'].map((each) => contains(evaluated, each)),
    ).toEqual([false, true, true, false, true])
  })

  it('takes introduced "0" as before everything', () => {
    const evaluated = range({ introduced: '0' }, { fixed: '1.0.0' })
    expect(contains(evaluated, '0.0.0-0')).toBe(true)
  })

  it('holds the last affected version', () => {
    const evaluated = range({ introduced: '0' }, { lastAffected: '1.5.1' })
    expect([contains(evaluated, '1.5.1'), contains(evaluated, '1.5.2')]).toEqual([true, false])
  })

  it('holds one version when it is introduced and last affected there', () => {
    const evaluated = range({ lastAffected: '1.0.0' }, { introduced: '1.0.0' })
    expect(['0.9.0', '1.0.0', '1.0.1'].map((each) => contains(evaluated, each))).toEqual([false, true, false])
  })

  it('holds nothing when introduced and fixed at once, and goes on when fixed and introduced again', () => {
    expect(contains(range({ introduced: '1.0.0' }, { fixed: '1.0.0' }), '1.0.0')).toBe(false)
    const again = range({ introduced: '0' }, { fixed: '1.0.0' }, { introduced: '1.0.0' })
    expect(contains(again, '1.0.0')).toBe(true)
  })

  it('holds nothing without a start', () => {
    expect(range().isEmpty).toBe(true)
    expect(range({ fixed: '1.0.0' }).isEmpty).toBe(true)
    expect(contains(range({ fixed: '1.0.0' }), '0.5.0')).toBe(false)
    expect(contains(range(), '0.5.0')).toBe(false)
  })

  it('holds nothing from the highest limit on', () => {
    const evaluated = range({ introduced: '0' }, { limit: '1.0.0' }, { limit: '2.0.0' })
    expect(['1.5.0', '2.0.0', '3.0.0'].map((each) => contains(evaluated, each))).toEqual([true, false, false])
    expect(contains(range({ introduced: '0' }, { limit: '*' }, { limit: '1.0.0' }), '3.0.0')).toBe(true)
  })

  it('says what ends the stretch', () => {
    const evaluated = range(
      { introduced: '2.0.0' },
      { introduced: '1.0.0' },
      { lastAffected: '2.3.0' },
      { fixed: '1.5.0' },
    )
    const hit = (version: string) => evaluated.hit(evaluated.order.parse(version))
    expect(hit('1.2.0')).toEqual({ end: { version: '1.5.0', kind: 'fixed' } })
    expect(hit('2.1.0')).toEqual({ end: { version: '2.3.0', kind: 'lastAffected' } })
    expect(hit('1.7.0')).toBeUndefined()
    expect(range({ introduced: '0' }).hit(evaluated.order.parse('1.0.0'))).toEqual({})
  })

  it('lists fixed versions above, lowest first', () => {
    const evaluated = range(
      { fixed: '3.0.0' },
      { introduced: '0' },
      { fixed: '1.0.0' },
      { introduced: '2.0.0' },
      { fixed: '3.0.0' },
    )
    expect(evaluated.fixesAbove(evaluated.order.parse('0.1.0'), { limit: 9 })).toEqual(['1.0.0', '3.0.0'])
    expect(evaluated.fixesAbove(evaluated.order.parse('1.0.0'), { limit: 9 })).toEqual(['3.0.0'])
    expect(evaluated.fixesAbove(evaluated.order.parse('0.1.0'), { limit: 1 })).toEqual(['1.0.0'])
  })

  const version = fc.tuple(fc.nat(4), fc.nat(4)).map(([major, minor]) => `${major}.${minor}.0`)
  const event: fc.Arbitrary<RangeEvent> = fc.oneof(
    fc.constant({ introduced: '0' }),
    version.map((introduced) => ({ introduced })),
    version.map((fixed) => ({ fixed })),
    version.map((lastAffected) => ({ lastAffected })),
    version.map((limit) => ({ limit })),
  )

  /** OSV's evaluation as its schema has it: sort, then walk. */
  function walked(events: readonly RangeEvent[], installed: string): boolean {
    const compare = (a: string, b: string) => compareVersions('semver', a, b)
    const limits = events.flatMap((each) => ('limit' in each ? [each.limit] : []))
    if (limits.length > 0 && !limits.some((limit) => compare(installed, limit) < 0)) return false
    const place = (each: RangeEvent): readonly [string, number] => {
      if ('introduced' in each) return [each.introduced === '0' ? '' : each.introduced, 0]
      return 'fixed' in each ? [each.fixed, 0] : ['lastAffected' in each ? each.lastAffected : each.limit, 1]
    }
    const sorted = events
      .filter((each) => !('limit' in each))
      .toSorted((a, b) => compare(place(a)[0], place(b)[0]) || place(a)[1] - place(b)[1])
    let affected = false
    for (const each of sorted) {
      if ('introduced' in each)
        affected ||= each.introduced === '0' || compare(installed, each.introduced) >= 0
      else if ('fixed' in each) affected &&= compare(installed, each.fixed) < 0
      else if ('lastAffected' in each) affected &&= compare(installed, each.lastAffected) <= 0
    }
    return affected
  }

  it('agrees with the evaluation of the schema, for few events and for many', () => {
    const events = fc.oneof(
      fc.array(event, { maxLength: 8 }),
      fc.array(event, { minLength: 40, maxLength: 60 }),
    )
    fc.assert(
      fc.property(events, version, (all, installed) => {
        expect(contains(range(...all), installed)).toBe(walked(all, installed))
      }),
      { numRuns: 600 },
    )
  })

  it('finds its way in a range of very many events', () => {
    const events: RangeEvent[] = []
    for (let major = 60_000; major > 0; major--)
      events.push({ fixed: `${major}.5.0` }, { introduced: `${major}.0.0` })
    const evaluated = new EvaluatedRange({ scheme: 'semver', events })
    expect(contains(evaluated, '30000.4.0')).toBe(true)
    expect(contains(evaluated, '30000.5.0')).toBe(false)
    expect(evaluated.hit(evaluated.order.parse('7.1.0'))).toEqual({
      end: { version: '7.5.0', kind: 'fixed' },
    })
    expect(evaluated.fixesAbove(evaluated.order.parse('7.1.0'), { limit: 2 })).toEqual(['7.5.0', '8.5.0'])
  })
})
