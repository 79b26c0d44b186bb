/** Most classes that are looked at: the root of so many is that of all. */
const classLimit = 20_000
const depthLimit = 8

/** What begins packages of libraries that a build has put inside under another name. */
const relocated = /^(?:shadow|shaded|repackaged|relocated)\./

/**
 * The package that nearly all classes of an archive lie in: "org.apache.kafka". Empty where they lie in several, as what
 * was shaded into an archive does, or where there are none. Of multi-release archives only the base counts. Libraries of Kotlin
 * for several platforms have an archive without classes: there the packages that it declares count.
 */
export function packageRoot(names: Iterable<string>): string {
  const classes: string[] = []
  const moved: string[] = []
  const declared: string[] = []
  for (const name of names) {
    const packageName = name.endsWith('.class') ? packageOf(name) : undefined
    if (packageName !== undefined) (relocated.test(packageName) ? moved : classes).push(packageName)
    const stated = /^\w+\/default\/linkdata\/package_([\w.]+)\/[^/]+\.knm$/.exec(name)?.[1]
    if (stated !== undefined && declared.length < classLimit) declared.push(stated)
    if (classes.length + moved.length > classLimit) break
  }
  const own = classes.length > 0 ? classes : moved
  return rootOf(own.length > 0 ? own : withoutParents(declared))
}

function packageOf(name: string): string | undefined {
  if (name.startsWith('META-INF/') || name.endsWith('-info.class') || !name.includes('/')) return undefined
  return name.slice(0, name.lastIndexOf('/')).replaceAll('/', '.')
}

/** Packages that hold nothing but packages are declared as well. */
function withoutParents(declared: readonly string[]): readonly string[] {
  const sorted = [...declared].sort()
  return sorted.filter((each, index) => sorted[index + 1]?.startsWith(`${each}.`) !== true)
}

function rootOf(packages: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const each of packages) {
    const parts = each.split('.')
    for (let depth = 1; depth <= Math.min(parts.length, depthLimit); depth++) {
      const folder = parts.slice(0, depth).join('.')
      counts.set(folder, (counts.get(folder) ?? 0) + 1)
    }
  }
  let root = ''
  for (const [folder, count] of counts)
    if (count * 10 >= packages.length * 8 && folder.length > root.length) root = folder
  return root
}
