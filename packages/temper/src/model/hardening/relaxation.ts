import { type Glob, glob } from '../../base/glob.ts'
import type { Relaxation } from '../recipe.ts'
import { placePath, type Violation } from '../rule.ts'

/** Globs compiled once per list of relaxations: they are asked for every entry of every package. */
const compiled = new WeakMap<readonly Relaxation[], readonly (Glob | undefined)[]>()

/**
 * The relaxation that lets a violation of a rule pass: one of the same rule whose glob matches the path
 * (`/usr/bin/su`; the leading slash may be left out on both sides). A relaxation without a path covers all.
 */
export function findRelaxation(
  allow: readonly Relaxation[],
  rule: string,
  path?: string,
): Relaxation | undefined {
  if (allow.length === 0) return undefined
  let globs = compiled.get(allow)
  if (!globs) {
    globs = allow.map(({ path }) => (path === undefined ? undefined : glob(path.replace(/^\/+/, ''))))
    compiled.set(allow, globs)
  }
  const name = path?.replace(/^\/+/, '')
  return allow.find((relaxation, i) => {
    if (relaxation.rule !== rule) return false
    const fits = globs[i]
    return fits === undefined || (name !== undefined && fits(name))
  })
}

export interface Relaxed<T> {
  /** Violations that no relaxation covers. */
  readonly remaining: readonly T[]
  /** Relaxations that covered something, in the recipe's order. */
  readonly used: readonly Relaxation[]
}

/** Separates the violations that the recipe lets pass from the others. */
export function relax<T extends Violation>(
  violations: readonly T[],
  allow: readonly Relaxation[],
): Relaxed<T> {
  const used = new Set<Relaxation>()
  const remaining = violations.filter(({ rule, place }) => {
    const relaxation = findRelaxation(allow, rule, placePath(place))
    if (relaxation) used.add(relaxation)
    return relaxation === undefined
  })
  return { remaining, used: allow.filter((relaxation) => used.has(relaxation)) }
}

/** Relaxations that nothing needed, and that should be removed from the recipe. */
export function unusedRelaxations(
  allow: readonly Relaxation[],
  used: Iterable<Relaxation>,
): readonly Relaxation[] {
  const known = new Set(used)
  return allow.filter((relaxation) => !known.has(relaxation))
}
