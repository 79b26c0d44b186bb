import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSatisfiable, minimalCore } from './core.ts'
import { negative, positive, Sat } from './sat.ts'

const variables = 6
const clause = fc
  .uniqueArray(fc.nat(variables - 1), { minLength: 1, maxLength: 3 })
  .chain((chosen) =>
    fc.tuple(...chosen.map((variable) => fc.constantFrom(positive(variable), negative(variable)))),
  )
const formula = fc.array(clause, { minLength: 1, maxLength: 34 })

function holds(clauses: readonly (readonly number[])[], assignment: number): boolean {
  return clauses.every((literals) =>
    literals.some((literal) => ((assignment >> (literal >> 1)) & 1) === (literal & 1 ? 0 : 1)),
  )
}

function bruteForce(clauses: readonly (readonly number[])[]): boolean {
  for (let assignment = 0; assignment < 1 << variables; assignment++)
    if (holds(clauses, assignment)) return true
  return false
}

const given = (clauses: readonly (readonly number[])[]) =>
  clauses.map((literals) => ({ literals: [...literals] }))

describe('Sat', () => {
  it('agrees with trying everything', () => {
    const answers = new Set<boolean>()
    fc.assert(
      fc.property(formula, (clauses) => {
        const answer = isSatisfiable(given(clauses))
        answers.add(answer)
        expect(answer).toBe(bruteForce(clauses))
      }),
      { numRuns: 2000, seed: 3 },
    )
    expect(answers.size).toBe(2)
  })

  it('remembers a broken clause of one literal that was not learned from', () => {
    const sat = new Sat()
    const [a, b] = [sat.variable(), sat.variable()]
    sat.decide(positive(a))
    sat.decide(positive(b))
    const alone = { literals: [negative(b)] }
    expect(sat.add(alone)).toBe(alone)
    const pair = { literals: [negative(a), negative(b)] }
    expect(sat.add(pair)).toBe(pair)
    expect(sat.learn(pair)).toBe(true)
    expect(sat.isTrue(negative(b))).toBe(true)
    expect(sat.add({ literals: [positive(b), negative(a)] })).toBeDefined()
    expect(sat.learn({ literals: [positive(b), negative(a)] })).toBe(true)
    sat.add({ literals: [positive(b)] })
    expect(sat.propagate(() => undefined)).toBe(alone)
  })

  it('watches literals of the clause alone, whatever was decided after them', () => {
    const sat = new Sat()
    const [a, b] = [sat.variable(), sat.variable()]
    sat.decide(positive(b))
    sat.decide(positive(a))
    const alone = { literals: [negative(b)] }
    expect(sat.add(alone)).toBe(alone)
    expect(alone.literals).toEqual([negative(b)])
  })

  it('names clauses that contradict each other', () => {
    const sat = new Sat()
    const [a, b, c] = [sat.variable(), sat.variable(), sat.variable()]
    const needs = { literals: [negative(a), positive(b)] }
    const forbids = { literals: [negative(a), negative(b)] }
    const asks = { literals: [positive(a)] }
    const unrelated = { literals: [positive(c), negative(b)] }
    for (const added of [needs, forbids, unrelated]) expect(sat.add(added)).toBeUndefined()
    sat.add(asks)
    const broken = sat.propagate(() => undefined)
    expect(broken).toBeDefined()
    if (!broken) return
    expect(sat.learn(broken)).toBe(false)
    expect(new Set(sat.proof(broken))).toEqual(new Set([needs, forbids, asks]))
  })
})

describe('minimalCore', () => {
  it('is contradictory, and no longer so without any one of its clauses', () => {
    fc.assert(
      fc.property(formula, (clauses) => {
        fc.pre(!bruteForce(clauses))
        const core = minimalCore(given(clauses).map((entry) => ({ clause: entry })))
        const literals = core.map((item) => item.clause.literals)
        expect(bruteForce(literals)).toBe(false)
        for (const at of literals.keys()) expect(bruteForce(literals.toSpliced(at, 1))).toBe(true)
      }),
      { numRuns: 100, seed: 5 },
    )
  })
})
