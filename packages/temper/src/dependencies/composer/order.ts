import { membersOf } from '../../base/json/value.ts'
import type { ComposerPackage } from './lock.ts'

/**
 * Packages that others need come first, as Composer weighs them: the more lead to a package, on more ways, the earlier it
 * is. Files that a package loads at once are loaded in this order. Equal ones go by name.
 */
export function byImportance(packages: readonly ComposerPackage[]): readonly ComposerPackage[] {
  const users = new Map<string, string[]>()
  for (const { name, entry } of packages)
    for (const [needed] of membersOf(entry['require'])) {
      const target = needed.toLowerCase()
      users.set(target, [...(users.get(target) ?? []), name])
    }
  const known = new Map<string, number>()
  const open = new Set<string>()
  const weigh = (name: string): number => {
    const before = known.get(name)
    if (before !== undefined) return before
    if (open.has(name)) return 0
    open.add(name)
    const weight = (users.get(name) ?? []).reduce((sum, user) => sum - 1 + weigh(user), 0)
    open.delete(name)
    known.set(name, weight)
    return weight
  }
  const weighed = packages.map((each) => ({ each, weight: weigh(each.name) }))
  weighed.sort((a, b) => a.weight - b.weight || naturalOrder(a.each.name, b.each.name))
  return weighed.map(({ each }) => each)
}

/** Runs of digits as numbers: "polyfill-php80" is before "polyfill-php100". */
function naturalOrder(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  for (const [i, part] of left.entries()) {
    const other = right[i]
    if (other === undefined) return 1
    if (part === other) continue
    const numbers = /^\d/.test(part) && /^\d/.test(other)
    if (numbers && Number(part) !== Number(other)) return Number(part) - Number(other)
    if (!numbers) return part < other ? -1 : 1
  }
  return left.length < right.length ? -1 : 0
}

function partsOf(name: string): readonly string[] {
  return name.match(/\d+|\D/g) ?? []
}
