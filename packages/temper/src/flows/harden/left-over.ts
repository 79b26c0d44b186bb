import { findRelaxation } from '../../model/hardening/relaxation.ts'
import { placePath } from '../../model/rule.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { hardeningRules } from '../../rules/hardening/rules.ts'
import { treeSubject } from '../../rules/hardening/tree-subject.ts'
import { stateFolders } from '../../rules/image/make-subject.ts'
import type { Kept } from './needed.ts'
import type { Owners } from './owners.ts'
import type { LeftOver } from './request.ts'
import type { RuntimeRecipe } from './runtime.ts'
import type { HardenedUser } from './user.ts'

/** The remaining findings about the finished tree, each with the reason why it remains. */
export function leftOver(
  root: FileTree,
  about: {
    readonly recipe: RuntimeRecipe
    readonly owners: Owners
    readonly user: HardenedUser
    readonly kept: Kept
    readonly isDatabase: (path: string) => boolean
  },
): readonly LeftOver[] {
  const { recipe, owners, user, kept, isDatabase } = about
  const subject = treeSubject(root, {
    user,
    declared: [...user.declared, ...stateFolders],
    packageOf: ({ path }) => owners.of(path)?.package.name,
  })
  const left: PathLeftOver[] = [...user.left]
  for (const rule of hardeningRules) {
    for (const { place, subject: what, found } of rule.check(subject)) {
      if (findRelaxation(recipe.hardening.allow, rule.id, placePath(place)) !== undefined) continue
      if (rule.id === 'root-user' && user.left.length > 0) continue
      const path = place.kind === 'path' ? place.path.replace(/^\/+/, '') : undefined
      // The program is told of, not what it remembers.
      if (path !== undefined && isDatabase(path)) continue
      const why =
        (path === undefined ? undefined : kept.get(path)) ??
        whys.get(rule.id) ??
        'nothing shows that it can be removed'
      left.push({
        what: `${rule.id}: ${what}`,
        rule: rule.id,
        path,
        why: why === found ? found : `${found}; ${why}`,
      })
    }
  }
  return foldLinks(left, root)
}

/** Links of one program that are told one by one. */
const mostLinks = 3

/** Busybox has some three hundred names: many that stay for one reason are told once, with how many there are. */
function foldLinks(left: readonly PathLeftOver[], root: FileTree): readonly LeftOver[] {
  const told = new Set(left.map(keyOf))
  const programOf = ({ rule, path }: PathLeftOver): string | undefined => {
    if (path === undefined || root.get(path)?.type !== 'symlink') return undefined
    const key = keyOf({ ...(rule === undefined ? {} : { rule }), path: root.resolve(path)?.path })
    return told.has(key) ? key : undefined
  }
  const links = Map.groupBy(left, programOf)
  return left.flatMap((each) => {
    const program = programOf(each)
    if (program !== undefined && (links.get(program)?.length ?? 0) > mostLinks) return []
    const count = links.get(keyOf(each))?.length ?? 0
    const { what, why } = each
    return { what, why: count > mostLinks ? `${why}; so do ${count} links to it` : why }
  })
}

type PathLeftOver = LeftOver & { readonly rule?: string; readonly path?: string | undefined }

function keyOf({ rule = '', path = '' }: Pick<PathLeftOver, 'rule' | 'path'>): string {
  return `${rule} ${path}`
}

const whys: ReadonlyMap<string, string> = new Map([
  ['ownership', 'it is not known whether something runs as its owner'],
  ['account', 'its lines are not in a form that can be changed'],
])
