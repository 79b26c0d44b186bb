import { declaredPaths } from '../../model/hardening/declared-paths.ts'
import { relax, unusedRelaxations } from '../../model/hardening/relaxation.ts'
import type { Recipe, RelaxableRule, Relaxation } from '../../model/recipe.ts'
import type { Violation } from '../../model/rule.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { hardeningRules } from './rules.ts'
import type { HardeningSubject } from './subject.ts'
import { treeSubject } from './tree-subject.ts'
import { unusedRelaxation } from './unused-relaxation.ts'

export interface HardeningOptions {
  readonly recipe: Pick<Recipe, 'volumes' | 'paths' | 'hardening' | 'locales'>
  readonly user: { readonly uid: number; readonly gid: number; readonly home?: string }
  /** Relaxations that the proof of closure already needed. */
  readonly used?: readonly Relaxation[]
}

export type HardeningViolation = Violation<RelaxableRule>

export interface HardeningVerdict {
  /** What breaks a rule and is not relaxed, by rule, then by path. */
  readonly violations: readonly HardeningViolation[]
  /** Relaxations that something needed, in the recipe's order, to be recorded in the image. */
  readonly used: readonly Relaxation[]
  /** Warnings about relaxations that nothing needed. */
  readonly warnings: readonly Violation<'unused-relaxation'>[]
}

/** Checks the finished tree and its settings against every hardening rule. */
export function checkHardening(root: FileTree, options: HardeningOptions): HardeningVerdict {
  const { allow } = options.recipe.hardening
  const subject = subjectOf(root, options)
  const violations = hardeningRules.flatMap((rule) => [...rule.check(subject)])
  const { remaining, used } = relax(violations, allow)
  const all = new Set([...used, ...(options.used ?? [])])
  return {
    violations: remaining,
    used: allow.filter((relaxation) => all.has(relaxation)),
    warnings: [
      ...unusedRelaxation.check(
        unusedRelaxations(
          allow.filter(({ implied }) => !implied),
          all,
        ),
      ),
    ],
  }
}

function subjectOf(root: FileTree, { recipe, user }: HardeningOptions): HardeningSubject {
  return treeSubject(root, {
    user,
    declared: declaredPaths(recipe, user),
    ...(recipe.locales === undefined ? {} : { locales: recipe.locales }),
    packageOf: ({ origin }) =>
      origin?.kind === 'package' || origin?.kind === 'base' ? origin.package : undefined,
  })
}
