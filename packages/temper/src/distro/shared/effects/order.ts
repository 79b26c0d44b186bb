import type { EffectPackage } from '../../../model/distro.ts'

/** Names that a package needs, and that it gives besides its own. */
export interface OrderNames {
  needs(installed: EffectPackage): readonly string[]
  gives(installed: EffectPackage): readonly string[]
}

/**
 * Packages in the order in which package managers configure them: those that others depend on first, else by
 * name. Cycles are cut at the package met first.
 */
export function configurationOrder(
  packages: readonly EffectPackage[],
  { needs, gives }: OrderNames,
): readonly EffectPackage[] {
  const sorted = [...packages].sort((a, b) => (a.package.name < b.package.name ? -1 : 1))
  const byName = new Map<string, EffectPackage>()
  for (const installed of sorted) {
    for (const name of gives(installed)) if (!byName.has(name)) byName.set(name, installed)
  }
  for (const installed of sorted) byName.set(installed.package.name, installed)
  const done = new Set<EffectPackage>()
  const order: EffectPackage[] = []
  for (const start of sorted) {
    const stack = [{ found: start, needs: needs(start), next: 0 }]
    if (done.has(start)) continue
    done.add(start)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const name = top.needs[top.next++]
      if (name === undefined) {
        order.push(top.found)
        stack.pop()
        continue
      }
      const need = byName.get(name)
      if (!need || done.has(need)) continue
      done.add(need)
      stack.push({ found: need, needs: needs(need), next: 0 })
    }
  }
  return order
}
