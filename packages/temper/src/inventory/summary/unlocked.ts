import type { Component, InventoryNote } from '../../model/inventory.ts'
import type { UnlockedManifest } from '../cataloguer.ts'

/** Paths that a note names. */
const named = 3

/**
 * A note for each tool whose files ask for packages, while no lock says which ones they get. Nothing is told where most of what
 * is asked for is installed somewhere in the tree, and of files that a distribution's package brought.
 */
export function unlockedNotes(
  manifests: readonly UnlockedManifest[],
  {
    components,
    owners,
  }: { readonly components: readonly Component[]; readonly owners: ReadonlyMap<string, Component> },
): readonly InventoryNote[] {
  if (manifests.length === 0) return []
  const installed = new Set(components.filter(isInstalled).map(({ type, name }) => `${type} ${normal(name)}`))
  const open = manifests.filter(
    (manifest) => !owners.has(manifest.location.path) && !isMostlyInstalled(manifest, installed),
  )
  return [...Map.groupBy(open, ({ tool }) => tool)].flatMap(([tool, files]) => {
    const [first] = files
    if (first === undefined) return []
    const paths = files.slice(0, named).map(({ location }) => location.path)
    const places = paths.join(', ') + (files.length > named ? ` and ${files.length - named} more` : '')
    return [
      {
        code: 'no-lock',
        message: `${tool}: packages are asked for (${places}), but no lock says which ones are used: but for those stated exactly they were compared with nothing`,
        location: first.location,
      },
    ]
  })
}

/** What only a lock or a manifest names lies nowhere. */
const stated =
  /(?:lock[^/]*|\.resolved|\.snapshot|\.selections\.json|requirements[^/]*\.txt|pom\.xml|go\.mod|conanfile\.\w+|elm\.json|\.toml|\.gradle(?:\.kts)?|\.\w\wproj|\.props|packages\.config|project\.assets\.json|\.freeze|(?:Docker|Container)file(?:\.[\w.-]+)?)$/i

function isInstalled({ locations }: Component): boolean {
  return locations.some(({ path }) => !stated.test(path))
}

function isMostlyInstalled({ type, names }: UnlockedManifest, installed: ReadonlySet<string>): boolean {
  const present = names.filter((name) => installed.has(`${type} ${normal(name)}`))
  return present.length * 2 > names.length
}

/** Ecosystems differ in what they take for the same name; here a coarse form will do. */
function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}
