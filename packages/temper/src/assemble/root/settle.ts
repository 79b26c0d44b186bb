import { interpreterAlternatives, moduleHost } from '../../formats/interpreter.ts'
import { type Exclusion, type Hardening, noInterpreter } from '../../model/hardening/hardening.ts'
import type { RootNode } from '../../model/root.ts'
import { lookUp } from '../../model/tree/look-up.ts'
import type { Rootfs } from '../../model/tree/rootfs.ts'
import type { StrippedEntry } from './populate.ts'

/** Where the kernel or the runtime puts things when the container starts (FHS 3.0, runtime-spec). */
const volatileRoots = ['dev', 'proc', 'sys', 'run']

export interface SettleOptions {
  /** Absolute paths of programs that the recipe runs, which are never removed silently; the proof judges them. */
  readonly programs: ReadonlySet<string>
  readonly hardening: Hardening
}

/**
 * Removes what effects made and hardening forbids, then what has lost its purpose: scripts without interpreter, links
 * that lead nowhere. Repeats until nothing changes; returns what was removed.
 */
export function settle(root: Rootfs, options: SettleOptions): StrippedEntry[] {
  const stripped: StrippedEntry[] = []
  for (;;) {
    const unneeded = options.hardening.unneededIn?.(root)
    const leaving = [...root.nodes()].flatMap((node) => {
      const byNeed = node.origin.kind === 'package' ? unneeded?.(node) : undefined
      const exclusion = byNeed ?? exclusionOf(root, node, options)
      return exclusion === undefined ? [] : [{ node, exclusion }]
    })
    if (leaving.length === 0) return stripped
    for (const { node, exclusion } of leaving) {
      root.remove(node.path)
      const owner = node.origin.kind === 'package' ? node.origin.package : ''
      stripped.push({ package: owner, path: node.path, ...exclusion })
    }
  }
}

function exclusionOf(root: Rootfs, node: RootNode, options: SettleOptions): Exclusion | undefined {
  const { origin } = node
  // Its layers stay as they are: proof and rules judge them.
  if (origin.kind === 'base') return undefined
  const isDependency = origin.kind === 'recipe' && origin.dependency !== undefined
  if (origin.kind === 'recipe' && !isDependency) return undefined
  if (options.programs.has(`/${node.path}`)) return undefined
  // What scripts make on a machine (logs, caches) has no more place here than what packages bring of it, and neither
  // has what is in the packages of a language.
  if (origin.kind === 'effect' || isDependency) {
    const exclusion = options.hardening.exclusionOf(node, () => true)
    if (exclusion !== undefined) return exclusion
  }
  if (cannotRun(root, node)) return noInterpreter
  if (node.type === 'symlink' && leadsNowhere(root, node))
    return { reason: 'dangling symlink', rule: 'dangling-symlink', relaxable: false }
  return undefined
}

/** A script without its interpreter, or without the `env` that looks for it: nothing that the recipe runs. */
function cannotRun(root: Rootfs, node: RootNode): boolean {
  const alternatives = interpreterAlternatives(node)
  if (!alternatives) return false
  if (!alternatives.some((path) => root.resolve(path))) return true
  const [first = '', program] = node.shebang ?? []
  const host = moduleHost(node.path)
  return program !== undefined && !root.resolve(first) && !(host !== undefined && root.resolve(host))
}

function leadsNowhere(root: Rootfs, node: RootNode): boolean {
  const end = lookUp(root, node.path)
  if (end.outcome === 'found') return false
  return !volatileRoots.some((folder) => end.path === folder || end.path.startsWith(`${folder}/`))
}

/** Removes folders of packages whose contents are all gone, deepest first; returns their number. */
export function removeEmptied(root: Rootfs, stripped: readonly StrippedEntry[]): number {
  let removed = 0
  const emptied = new Set<string>()
  for (const { path } of stripped) {
    const parts = path.split('/')
    for (let depth = parts.length - 1; depth > 0; depth--) emptied.add(parts.slice(0, depth).join('/'))
  }
  for (const path of [...emptied].sort().reverse()) {
    const node = root.get(path)
    if (node?.type !== 'directory' || node.origin.kind !== 'package' || root.list(path).length > 0) continue
    root.remove(path)
    removed++
  }
  return removed
}
