import type { IndexedPackage, PackageIndex } from '../../../model/package/package.ts'
import type { Architecture } from '../../../model/platform.ts'

/**
 * Several indices as one. Packages of another architecture are left out, and one that two files of the same suite
 * list (repositories may repeat the `all` packages) is included once.
 */
export function combineIndices(parts: readonly PackageIndex[], architecture: Architecture): PackageIndex {
  const gather = (lists: readonly (readonly IndexedPackage[])[]): readonly IndexedPackage[] => {
    const unique = new Map<string, IndexedPackage>()
    for (const list of lists) {
      for (const item of list) {
        if (item.architecture !== architecture && item.architecture !== 'all') continue
        const { repository, suite, component } = item.origin
        const key = [repository, suite, component, item.name, item.version, item.digest].join(' ')
        if (!unique.has(key)) unique.set(key, item)
      }
    }
    return [...unique.values()]
  }
  const versions = remember((name) => gather(parts.map((part) => part.versions(name))))
  const providers = remember((name) => gather(parts.map((part) => part.providers(name))))
  return { versions, providers, names: () => mergeNames(parts) }
}

/** Solvers ask for the same names again and again. */
function remember<T>(make: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const value = make(name)
    known.set(name, value)
    return value
  }
}

function mergeNames(parts: readonly PackageIndex[]): Iterable<string> {
  const names = new Set<string>()
  for (const part of parts) for (const name of part.names()) names.add(name)
  return [...names].sort()
}
