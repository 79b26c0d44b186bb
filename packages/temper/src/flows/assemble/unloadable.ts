import type { PlanInput } from '../../assemble/plan.ts'
import { nameOf, parentOf } from '../../model/tree/path.ts'
import type { Rootfs } from '../../model/tree/rootfs.ts'
import type { UnmetNeed } from '../../tree/proof/need.ts'

/**
 * Plug-ins that no program of the image can load: shared objects in folders of their own that need a library which no
 * package brought, or one that was left out here for the same reason. Their packages only suggest the library
 * ("Suggests"), and work without the plug-in. The following do not count as plug-ins, since something fails without
 * them: a library that another file needs, a program, the only library of its package, and files of the recipe.
 */
export function unloadablePlugins(
  root: Rootfs,
  options: { readonly needs: readonly UnmetNeed[]; readonly libraries: readonly string[] },
): ReturnType<NonNullable<PlanInput['unloadable']>> {
  const suspects = options.needs.filter(
    ({ kind, provider, neededBy }) => kind === 'library' && provider === undefined && neededBy === undefined,
  )
  if (suspects.length === 0) return []
  const names = new Set<string>()
  const needed = new Set<string>()
  for (const node of root.nodes()) {
    names.add(nameOf(node.path))
    for (const name of node.elf?.needed ?? []) needed.add(nameOf(name))
  }
  const wanted = new Map<string, string>()
  for (const { subject, need } of suspects) {
    const path = subject.replace(/^\/+/, '')
    const elf = root.get(path)?.elf
    const own = [nameOf(path), elf?.soname ?? '']
    const isPlugin =
      elf?.kind === 'shared' &&
      elf.interpreter === undefined &&
      root.get(path)?.origin.kind === 'package' &&
      (!options.libraries.includes(parentOf(path)) || isOneOfSeveral(path, root, suspects)) &&
      !own.some((name) => needed.has(name))
    // One that is there and not found is a fault of the image, which its builder has to know of.
    if (isPlugin && !names.has(nameOf(need))) wanted.set(path, need)
  }
  return [...wanted].map(([path, library]) => ({ path, library }))
}

/** Whether the package that brings a library brings others beside it, so that it is there for those. */
function isOneOfSeveral(path: string, root: Rootfs, suspects: readonly UnmetNeed[]): boolean {
  const origin = root.get(path)?.origin
  if (origin?.kind !== 'package') return false
  const open = new Set(suspects.map(({ subject }) => subject.replace(/^\/+/, '')))
  for (const node of root.nodes())
    if (node.origin.kind === 'package' && node.origin.package === origin.package)
      if (node.elf?.kind === 'shared' && parentOf(node.path) === parentOf(path) && !open.has(node.path))
        return true
  return false
}
