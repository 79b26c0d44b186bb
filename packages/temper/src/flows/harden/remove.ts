import type { LoaderRules } from '../../model/loader.ts'
import type { SystemPackage } from '../../model/package/installed.ts'
import type { RelaxableRule } from '../../model/recipe.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import type { MemoryTree } from '../../model/tree/memory-tree.ts'
import { nameOf, parentOf } from '../../model/tree/path.ts'
import { ballastOf } from '../../rules/hardening/ballast.ts'
import type { UnmetNeed } from '../../tree/proof/need.ts'
import { proveClosed } from '../../tree/proof/prove.ts'
import type { Candidates } from './candidates.ts'
import { type Kept, keep } from './needed.ts'
import type { Owners } from './owners.ts'
import type { RuntimeRecipe } from './runtime.ts'
import { copyTree } from './work-tree.ts'

export interface RemovalRequest {
  readonly root: FileTree
  readonly candidates: Candidates
  /** What is known to be needed; more is added on the way. */
  readonly kept: Kept
  readonly owners: Owners
  readonly packages: readonly SystemPackage[]
  readonly recipe: RuntimeRecipe
  readonly loader: LoaderRules
  /** Real paths of what the image starts. */
  readonly started: ReadonlySet<string>
  /** Whether a path is one of the package manager's own scripts, whose needs do not count. */
  readonly isDatabase: (path: string) => boolean
}

export interface Removal {
  readonly root: MemoryTree<TreeNode>
  /** Path → rule, including what became useless when other things were removed. */
  readonly removed: ReadonlyMap<string, RelaxableRule>
  /** Packages of which no file is left. */
  readonly dropped: ReadonlySet<SystemPackage>
}

/** Most rounds of the proof: real images take half a dozen, and others are made to keep it busy. */
const roundLimit = 50

/**
 * Removes from a tree what rules name, except what is needed: afterwards the tree lacks nothing that it did not lack
 * before. What a package brought for something that is removed (scripts, links) is removed with it; files that no
 * package brought never are.
 */
export function removeUnneeded(request: RemovalRequest): Removal {
  const before = new Set(needsOf(request.root, request).map(keyOf))
  const following = new Map<string, RelaxableRule>()
  for (let round = 0; round < roundLimit; round++) {
    keepLinks(request)
    const removed = new Map([
      ...[...request.candidates].filter(([path]) => !request.kept.has(path)),
      ...following,
    ])
    const root = copyTree(request.root)
    for (const path of removed.keys()) root.remove(path)
    const lacking = needsOf(root, request).filter((need) => !before.has(keyOf(need)))
    if (lacking.length === 0) return finish(root, removed, request)
    let settled = false
    for (const need of lacking) settled = settle(need, { removed, following }, request) || settled
    // Nothing shows what would help: then nothing goes.
    if (!settled) break
  }
  for (const path of request.candidates.keys())
    if (!request.kept.has(path))
      request.kept.set(path, 'something needs what would be removed with it, and nothing shows what')
  return { root: copyTree(request.root), removed: new Map(), dropped: new Set() }
}

/** Where a program stays that is many (busybox), all its names do: whoever starts one of them may start the others. */
function keepLinks({ root, candidates, kept }: RemovalRequest): void {
  for (const path of candidates.keys()) {
    if (kept.has(path) || root.get(path)?.type !== 'symlink') continue
    const why = kept.get(root.resolve(path)?.path ?? '')
    if (why !== undefined) keep(root, path, kept, why)
  }
}

function needsOf(root: FileTree, { recipe, loader, isDatabase }: RemovalRequest): readonly UnmetNeed[] {
  const { violations } = proveClosed(root, { recipe, loader })
  return violations.filter(({ subject }) => !isDatabase(subject.replace(/^\/+/, '')))
}

function keyOf({ rule, subject, need, neededBy = '' }: UnmetNeed): string {
  return `${rule} ${subject} ${need} ${neededBy}`
}

/** Answers one need: keeps what is needed, or lets what needs it leave too. True when that changed something. */
function settle(
  { kind, subject, need }: UnmetNeed,
  {
    removed,
    following,
  }: {
    readonly removed: ReadonlyMap<string, RelaxableRule>
    readonly following: Map<string, RelaxableRule>
  },
  { root, kept, owners, started }: RemovalRequest,
): boolean {
  const path = subject.replace(/^\/+/, '')
  const isTheirs = owners.of(path) !== undefined && !started.has(path)
  const size = kept.size + following.size
  const changed = () => kept.size + following.size > size
  if ((kind === 'interpreter' || kind === 'loader') && isTheirs) {
    following.set(path, 'missing-interpreter')
    return changed()
  }
  if (kind === 'symlink' && (isTheirs || isAlternative(root, path))) {
    following.set(path, 'dangling-symlink')
    return changed()
  }
  const why = `${subject} needs it`
  const wanted = need.split(' ')[0] ?? need
  for (const candidate of removed.keys()) {
    const isIt = wanted.startsWith('/')
      ? `/${candidate}` === wanted || `/${candidate}`.startsWith(`${wanted}/`)
      : nameOf(candidate) === nameOf(wanted)
    if (isIt) keepAlso(candidate, why)
  }
  if (wanted.startsWith('/')) keepAlso(wanted.slice(1), why)
  return changed()

  function keepAlso(at: string, reason: string) {
    following.delete(at)
    keep(root, at, kept, reason)
  }
}

/** Links of update-alternatives(1), which no package lists. */
function isAlternative(root: FileTree, path: string): boolean {
  return (
    path.startsWith('etc/alternatives/') || (root.get(path)?.target ?? '').startsWith('/etc/alternatives/')
  )
}

/** Packages of which only papers are left go as a whole, and folders that were emptied with them. */
function finish(
  root: MemoryTree<TreeNode>,
  removed: Map<string, RelaxableRule>,
  { root: before, owners, packages }: RemovalRequest,
): Removal {
  const dropped = new Set<SystemPackage>()
  for (const installed of packages) {
    const files = owners.paths(installed).filter((path) => isFile(before, path))
    const rules = files.flatMap((path) => removed.get(path) ?? [])
    const left = files.filter((path) => root.get(path) !== undefined)
    const [rule] = rules.filter((each) => each !== 'documentation')
    if (rule === undefined || !left.every(isPaper)) continue
    dropped.add(installed)
    for (const path of left) {
      root.remove(path)
      removed.set(path, rule)
    }
  }
  removeEmptied(root, removed, { owners, dropped })
  return { root, removed, dropped }
}

/** Folders are shared, also where another package made a link of one (usr-merge). */
function isFile(root: FileTree, path: string): boolean {
  const node = root.get(path)
  return node !== undefined && root.resolve(path)?.type !== 'directory'
}

/** What a package has to say of itself. */
function isPaper(path: string): boolean {
  return /^usr\/share\/(?:doc|lintian|bug)\//.test(path)
}

function removeEmptied(
  root: MemoryTree<TreeNode>,
  removed: ReadonlyMap<string, RelaxableRule>,
  { owners, dropped }: { readonly owners: Owners; readonly dropped: ReadonlySet<SystemPackage> },
): void {
  const left = new Map<string, number>()
  for (const installed of dropped)
    for (const path of owners.paths(installed)) left.set(path, (left.get(path) ?? 0) + 1)
  const folders = new Set<string>()
  for (const path of removed.keys())
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) folders.add(at)
  for (const path of [...folders].sort().reverse()) {
    const node = root.get(path)
    if (node?.type !== 'directory' || root.list(path).length > 0) continue
    const ballast = ballastOf(path, 'directory')
    const isTheirs = owners.count(path) > 0 && owners.count(path) === left.get(path)
    if (ballast !== undefined || isTheirs) root.remove(path)
  }
}
