import {
  type Dependency,
  formatDependency,
  type IndexedPackage,
  type PackageIndex,
} from '../../model/package/package.ts'

/**
 * An index in which nothing depends on the named packages: a dependency that only they can satisfy is removed, and
 * others keep their remaining alternatives.
 */
export function indexWithout(index: PackageIndex, names: ReadonlySet<string>): PackageIndex {
  if (names.size === 0) return index
  const known = new Map<IndexedPackage, IndexedPackage>()
  const relax = (original: IndexedPackage): IndexedPackage => {
    const before = known.get(original)
    if (before !== undefined) return before
    const kept = (list: readonly Dependency[]) => list.filter((dependency) => !isOnly(dependency, names))
    const relaxed =
      droppedDependencies(original, names).length === 0
        ? original
        : { ...original, depends: kept(original.depends), preDepends: kept(original.preDepends) }
    known.set(original, relaxed)
    return relaxed
  }
  return {
    versions: (name) => index.versions(name).map(relax),
    providers: (name) => index.providers(name).map(relax),
    names: () => index.names(),
    ...(index.conditional === undefined
      ? {}
      : { conditional: () => (index.conditional?.() ?? []).map(relax) }),
  }
}

/** Dependencies of a package that only the named packages can satisfy, as control files write them. */
export function droppedDependencies(
  { depends, preDepends }: Pick<IndexedPackage, 'depends' | 'preDepends'>,
  names: ReadonlySet<string>,
): readonly string[] {
  return [...preDepends, ...depends].filter((dependency) => isOnly(dependency, names)).map(formatDependency)
}

function isOnly(dependency: Dependency, names: ReadonlySet<string>): boolean {
  return dependency.length > 0 && dependency.every(({ name }) => names.has(name))
}
