import { findRelaxation } from '../../model/hardening/relaxation.ts'
import type { RelaxableRule } from '../../model/recipe.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { hardeningRules } from '../../rules/hardening/rules.ts'
import { treeSubject } from '../../rules/hardening/tree-subject.ts'
import type { Owners } from './owners.ts'
import type { RuntimeRecipe } from './runtime.ts'

/** Rules that are followed by taking things out. */
const removing: ReadonlySet<RelaxableRule> = new Set([
  'shell',
  'package-manager',
  'compiler',
  'device',
  'cache',
  'log',
  'documentation',
  'locales',
  'ballast',
])

/** What should not be in a hardened image, whether or not something needs it: path → the rule that names it. */
export type Candidates = ReadonlyMap<string, RelaxableRule>

export function candidatesIn(
  root: FileTree,
  {
    recipe,
    owners,
    isDatabase,
  }: {
    readonly recipe: RuntimeRecipe
    readonly owners: Owners
    readonly isDatabase: (path: string) => boolean
  },
): Candidates {
  const subject = treeSubject(root, {
    declared: [],
    packageOf: ({ path }) => owners.of(path)?.package.name,
  })
  const volumes = recipe.volumes.map((path) => path.replace(/^\/+|\/+$/g, '')).filter((path) => path !== '')
  const candidates = new Map<string, RelaxableRule>()
  for (const rule of hardeningRules) {
    if (!removing.has(rule.id)) continue
    for (const { place } of rule.check(subject)) {
      if (place.kind !== 'path') continue
      const path = place.path.replace(/^\/+/, '')
      if (candidates.has(path) || isDatabase(path)) continue
      if (findRelaxation(recipe.hardening.allow, rule.id, path) !== undefined) continue
      if (volumes.some((folder) => path === folder || path.startsWith(`${folder}/`))) continue
      // Where images of servers send what they log.
      const node = root.get(path)
      if (rule.id === 'log' && node?.type === 'symlink' && /^\/(?:dev|proc)\//.test(node.target ?? ''))
        continue
      candidates.set(path, rule.id)
    }
  }
  return candidates
}
