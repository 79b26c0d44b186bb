import type { Component, Inventory, InventoryFile, InventoryNote } from '../model/inventory.ts'

/**
 * One inventory out of several, which describe parts of one thing or several things. The same component in the same
 * place is listed once. Where the distributions differ, each component keeps its own.
 */
export function mergeInventories(inventories: readonly Inventory[]): Inventory {
  const distribution = common(
    inventories.map((each) => each.distribution),
    (each) => `${each.id}\0${each.version}`,
  )
  const architecture = common(
    inventories.map((each) => each.architecture),
    (each) => each,
  )
  const components = new Map<string, Component>()
  for (const inventory of inventories)
    for (const component of inventory.components) {
      const own = component.distribution ?? inventory.distribution
      const kept =
        distribution === undefined && own !== undefined ? { ...component, distribution: own } : component
      const key = componentKey(kept)
      const there = components.get(key)
      components.set(key, there === undefined ? kept : joined(there, kept))
    }
  const { files, notes } = mergeFiles(inventories)
  return {
    ...(distribution === undefined ? {} : { distribution }),
    ...(architecture === undefined ? {} : { architecture }),
    // Layers of several images have no common order.
    components: [...components.values()].map(withoutLayers).sort(byKey),
    ...(files === undefined ? {} : { files }),
    layers: [],
    notes: [...inventories.flatMap((each) => each.notes), ...notes],
  }
}

function common<T>(values: readonly (T | undefined)[], key: (value: T) => string): T | undefined {
  const known = values.filter((value) => value !== undefined)
  return new Set(known.map(key)).size === 1 ? known[0] : undefined
}

/** The order of `Inventory.components`. */
function componentKey({ type, name, version, locations, purl }: Component): string {
  return [type, name, version, locations[0]?.path ?? '', purl].join('\0')
}

function byKey(a: Component, b: Component): number {
  return componentKey(a) < componentKey(b) ? -1 : 1
}

function withoutLayers(component: Component): Component {
  if (component.locations.every(({ layer }) => layer === undefined)) return component
  return { ...component, locations: component.locations.map(({ path }) => ({ path })) }
}

/** What either of two documents knows of one component. */
function joined(a: Component, b: Component): Component {
  const both = (member: 'files' | 'dependsOn') => {
    const all = [...(a[member] ?? []), ...(b[member] ?? [])]
    return all.length === 0 ? {} : { [member]: [...new Set(all)].sort() }
  }
  return { ...b, ...a, ...both('files'), ...both('dependsOn') }
}

function mergeFiles(inventories: readonly Inventory[]): {
  readonly files?: readonly InventoryFile[]
  readonly notes: readonly InventoryNote[]
} {
  const lists = inventories.flatMap(({ files }) => (files === undefined ? [] : [files]))
  if (lists.length === 0) return { notes: [] }
  const files = new Map<string, InventoryFile>()
  let conflicts = 0
  for (const { layer: _, ...file } of lists.flat()) {
    const there = files.get(file.path)
    if (there === undefined) files.set(file.path, file)
    else if (there.digest !== file.digest) conflicts++
  }
  const message = `${conflicts} paths have different contents in different merged documents: the first was kept.`
  return {
    files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    notes: conflicts === 0 ? [] : [{ code: 'files-differ', message }],
  }
}
