import type { EffectPackage } from '../../../model/distro.ts'
import { controlData } from '../archive/control.ts'

/**
 * Packages in the order in which dpkg would configure them: those that others depend on first, else by
 * name. Cycles are cut at the package met first.
 */
export function configurationOrder(packages: readonly EffectPackage[]): readonly EffectPackage[] {
  const sorted = [...packages].sort((a, b) => (a.package.name < b.package.name ? -1 : 1))
  const byName = new Map<string, EffectPackage>()
  for (const found of sorted) {
    for (const name of providedNames(found)) if (!byName.has(name)) byName.set(name, found)
  }
  for (const found of sorted) byName.set(found.package.name, found)
  const done = new Set<EffectPackage>()
  const order: EffectPackage[] = []
  for (const start of sorted) {
    const stack = [{ found: start, needs: neededNames(start), next: 0 }]
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
      stack.push({ found: need, needs: neededNames(need), next: 0 })
    }
  }
  return order
}

function neededNames({ content }: EffectPackage): readonly string[] {
  const { control } = controlData(content)
  const fields = [control['Pre-Depends'] ?? '', control['Depends'] ?? '']
  return fields.flatMap((field) => field.split(/[,|]/)).flatMap(nameOf)
}

function providedNames({ content }: EffectPackage): readonly string[] {
  return (controlData(content).control['Provides'] ?? '').split(',').flatMap(nameOf)
}

function nameOf(clause: string): readonly string[] {
  const name = /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(clause)?.[1]
  return name === undefined ? [] : [name]
}
