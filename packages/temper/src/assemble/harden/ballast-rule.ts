import type { RelaxableRule } from '../../model/recipe.ts'
import type { RootNode } from '../../model/root.ts'
import { ballastOf } from './ballast.ts'
import type { HardeningRule } from './subject.ts'

export interface BallastRuleOptions {
  readonly rule: RelaxableRule
  /** True: what the recipe itself adds is its own choice. */
  readonly exceptRecipe?: boolean
}

/** The checking part of a rule that forbids a kind of ballast. Folders alone are harmless. */
export function forbidBallast({ rule, exceptRecipe = false }: BallastRuleOptions): HardeningRule['check'] {
  return function* check({ nodes }) {
    for (const node of nodes) {
      if (node.type === 'directory' || isRecord(node)) continue
      if (exceptRecipe && node.origin.kind === 'recipe') continue
      const ballast = ballastOf(node.path, node.type)
      if (ballast?.rule === rule) yield { path: `/${node.path}`, found: ballast.reason }
    }
  }
}

/** The package database for scanners lies among the package manager's files, and is no package manager. */
function isRecord(node: RootNode): boolean {
  return node.origin.kind === 'database' || node.path.startsWith('var/lib/dpkg/status.d/')
}
