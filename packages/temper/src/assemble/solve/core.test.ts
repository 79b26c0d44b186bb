import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSatisfiable, minimalCore } from './core.ts'
import type { Clause } from './sat.ts'

/** Clauses over few variables, so that many of them contradict each other. */
const clauses = fc.array(
  fc
    .uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 })
    .map((literals) => ({ literals })),
  { minLength: 1, maxLength: 25 },
)

/** Tries all values of five variables. */
function holds(all: readonly Clause[]): boolean {
  return Array.from({ length: 32 }, (_, values) => values).some((values) =>
    all.every(({ literals }) =>
      literals.some((literal) => ((values >> (literal >> 1)) & 1) !== (literal & 1)),
    ),
  )
}

describe('clauses', () => {
  it('can hold together exactly when some values make them true', () => {
    fc.assert(
      fc.property(clauses, (all) => {
        expect(isSatisfiable(all)).toBe(holds(all))
      }),
      { numRuns: 500 },
    )
  })

  it('have a core that contradicts itself, and does not without any of its clauses', () => {
    let tried = 0
    fc.assert(
      fc.property(clauses, (all) => {
        if (holds(all)) return
        tried++
        const core = minimalCore(all.map((clause) => ({ clause }))).map(({ clause }) => clause)
        expect(holds(core)).toBe(false)
        for (const [at] of core.entries()) expect(holds(core.toSpliced(at, 1))).toBe(true)
        expect(all.filter((clause) => core.includes(clause))).toEqual(core)
      }),
      { numRuns: 1000 },
    )
    expect(tried).toBeGreaterThan(100)
  })

  it('cannot hold when one of them has no literal', () => {
    expect(isSatisfiable([])).toBe(true)
    expect(isSatisfiable([{ literals: [] }])).toBe(false)
    expect(isSatisfiable([{ literals: [] }, { literals: [0] }])).toBe(false)
    const all = [{ clause: { literals: [0] } }, { clause: { literals: [] } }]
    expect(minimalCore(all)).toEqual([{ clause: { literals: [] } }])
  })

  it('are all looked at, also those behind one that a single literal makes true', () => {
    const contradiction = [
      [4, 6],
      [4, 7],
      [5, 6],
      [5, 7],
    ].map((literals) => ({ literals }))
    const before = [
      [0, 2],
      [1, 3],
    ].map((literals) => ({ literals }))
    expect(isSatisfiable(before)).toBe(true)
    expect(isSatisfiable([...before, ...contradiction])).toBe(false)
  })

  it('are left out only while steps are left to find out whether they may be', () => {
    const all = [0, 2, 3].map((literal) => ({ clause: { literals: [literal] } }))
    const sizeAfter = (steps: number) => minimalCore(all, { steps }).length
    // One for what the first alone allows, one for what the other two do not.
    expect([0, 1, 2, 20].map(sizeAfter)).toEqual([3, 3, 2, 2])
  })

  it('are left as they are when there are too many to look at', () => {
    const many = Array.from({ length: 601 }, (_, at) => ({ clause: { literals: [at % 2] } }))
    expect(minimalCore(many)).toHaveLength(601)
    expect(minimalCore(many.slice(0, 600))).toHaveLength(2)
  })
})
