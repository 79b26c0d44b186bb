import type { RelaxableRule } from '../../model/recipe.ts'
import { type Fault, nodePlace } from '../../model/rule.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import type { HardeningSubject } from './subject.ts'

export interface BallastRuleOptions {
  readonly rule: RelaxableRule
  /** True when files that the recipe itself adds are its own choice and break nothing. */
  readonly exceptRecipe?: boolean
}

/**
 * The checking part of a rule that forbids a kind of ballast. Folders alone are harmless. What merely belongs to a
 * tool is a warning, where the tool itself is an error.
 */
export function forbidBallast({
  rule,
  exceptRecipe = false,
}: BallastRuleOptions): (subject: HardeningSubject) => Iterable<Fault> {
  return function* check({ ballast }) {
    for (const [node, { reason, why, rule: broken }] of ballast) {
      if (broken !== rule || isRecord(node)) continue
      if (exceptRecipe && node.origin?.kind === 'recipe') continue
      const found = why === undefined ? reason : `${reason}: ${why}`
      yield { place: nodePlace(node), found, level: 'warning' }
    }
  }
}

/** The package database for scanners lies among the package manager's files, and is no package manager. */
function isRecord({ origin, path }: TreeNode): boolean {
  if (origin?.kind === 'database' || path.startsWith('var/lib/dpkg/status.d/')) return true
  return origin === undefined && foreignRecord.test(path)
}

/** What says in anybody's image which packages there are, and which files are theirs: scanners need it where it is. */
const foreignRecord = /^var\/lib\/dpkg\/(?:status$|info\/[^/]+\.(?:list|md5sums)$)/
