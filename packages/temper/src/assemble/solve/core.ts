import { type Clause, positive, Sat } from './sat.ts'

/** Above this many clauses a contradiction is not made smaller, only shown. */
const worthShrinking = 600

/** Choices and conflicts that making it smaller may take in all, unless other steps are given. */
const shrinkingSteps = 20_000

interface Budget {
  steps: number
}

/**
 * A subset of `items` that is still contradictory and of which no item can be left out (unless finding that out takes
 * too long). `items` must be contradictory together. Later items are tried for removal first.
 */
export function minimalCore<T extends { readonly clause: Clause }>(
  items: readonly T[],
  { steps = shrinkingSteps }: { readonly steps?: number } = {},
): readonly T[] {
  if (items.length > worthShrinking) return items
  let core = [...items]
  const budget: Budget = { steps }
  for (let size = Math.ceil(core.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = core.length; end > 0; end -= size) {
      const start = Math.max(0, end - size)
      const without = [...core.slice(0, start), ...core.slice(end)]
      if (
        satisfiable(
          without.map((item) => item.clause),
          budget,
        ) === false
      )
        core = without
    }
  }
  return core
}

/** Whether clauses can all hold together. Variables may have any numbers. */
export function isSatisfiable(clauses: readonly Clause[]): boolean {
  return satisfiable(clauses, { steps: Number.POSITIVE_INFINITY }) === true
}

/** Undefined when the budget is used up. */
function satisfiable(clauses: readonly Clause[], budget: Budget): boolean | undefined {
  const sat = new Sat()
  const variables = new Map<number, number>()
  const renamed = (literal: number) => {
    const known = variables.get(literal >> 1)
    const variable = known ?? sat.variable()
    variables.set(literal >> 1, variable)
    return positive(variable) | (literal & 1)
  }
  const copies = clauses.map((clause) => ({ literals: clause.literals.map(renamed) }))
  let broken: Clause | undefined
  for (const copy of copies) broken = sat.add(copy) ?? broken
  while (budget.steps-- > 0) {
    broken ??= sat.propagate(() => undefined)
    if (broken) {
      if (!sat.learn(broken)) return false
      broken = undefined
      continue
    }
    const open = copies.find((copy) => !copy.literals.some((literal) => sat.isTrue(literal)))
    const choice = open?.literals.find((literal) => sat.isOpen(literal))
    if (choice === undefined) return true
    sat.decide(choice)
  }
  return undefined
}
