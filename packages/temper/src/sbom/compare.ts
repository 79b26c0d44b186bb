import type { Digest } from '../base/digest.ts'
import type { Component, ComponentType, Inventory, InventoryFile } from '../model/inventory.ts'

export interface ComparedPackage {
  readonly type: ComponentType
  readonly name: string
  readonly version: string
  readonly purl: string
}

/** One package in another version. */
export interface ChangedPackage {
  readonly type: ComponentType
  readonly name: string
  readonly from: string
  readonly to: string
  /** Its package URL in the new version. */
  readonly purl: string
}

export interface ChangedFile {
  readonly path: string
  readonly from: Digest
  readonly to: Digest
}

export interface InventoryComparison {
  readonly packages: {
    readonly added: readonly ComparedPackage[]
    readonly removed: readonly ComparedPackage[]
    readonly changed: readonly ChangedPackage[]
  }
  /** Absent unless both inventories list their files. */
  readonly files?: {
    readonly added: readonly string[]
    readonly removed: readonly string[]
    readonly changed: readonly ChangedFile[]
  }
}

/**
 * What was added, removed and changed between two inventories. Packages count as the same when type, name and
 * architecture are equal. A package with one version on either side has changed; where there are several versions,
 * each is added or removed by itself. The location of a package does not matter.
 */
export function compareInventories(old: Inventory, young: Inventory): InventoryComparison {
  const [before, after] = [byIdentity(old), byIdentity(young)]
  const added: ComparedPackage[] = []
  const removed: ComparedPackage[] = []
  const changed: ChangedPackage[] = []
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const gone = versionsOnlyIn(before.get(key), after.get(key))
    const came = versionsOnlyIn(after.get(key), before.get(key))
    const [from, to] = [gone[0], came[0]]
    if (from !== undefined && to !== undefined && gone.length === 1 && came.length === 1)
      changed.push({ type: to.type, name: to.name, from: from.version, to: to.version, purl: to.purl })
    else {
      for (const one of came) added.push(one)
      for (const one of gone) removed.push(one)
    }
  }
  const files = compareFiles(old.files, young.files)
  return {
    packages: { added: sorted(added), removed: sorted(removed), changed: sorted(changed) },
    ...(files === undefined ? {} : { files }),
  }
}

/** Whether a comparison shows no difference. */
export function isEqual({ packages, files }: InventoryComparison): boolean {
  const lists = [...Object.values(packages), ...(files === undefined ? [] : Object.values(files))]
  return lists.every((list) => list.length === 0)
}

type Versions = ReadonlyMap<string, ComparedPackage>

function byIdentity({ components }: Inventory): ReadonlyMap<string, Versions> {
  const byKey = new Map<string, Map<string, ComparedPackage>>()
  for (const { type, name, version, purl, architecture } of components as readonly Component[]) {
    const key = `${type}\0${name}\0${architecture ?? ''}`
    const versions = byKey.get(key) ?? new Map<string, ComparedPackage>()
    byKey.set(key, versions)
    versions.set(version, { type, name, version, purl })
  }
  return byKey
}

function versionsOnlyIn(here: Versions = new Map(), there: Versions = new Map()): ComparedPackage[] {
  return [...here].flatMap(([version, compared]) => (there.has(version) ? [] : [compared]))
}

function sorted<T extends { readonly type: string; readonly name: string; readonly purl: string }>(
  list: readonly T[],
): readonly T[] {
  const key = ({ type, name, purl }: T) => `${type}\0${name}\0${purl}`
  return list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}

function compareFiles(
  old: readonly InventoryFile[] | undefined,
  young: readonly InventoryFile[] | undefined,
): InventoryComparison['files'] {
  if (old === undefined || young === undefined) return undefined
  const before = new Map(old.map(({ path, digest }) => [path, digest]))
  const after = new Map(young.map(({ path, digest }) => [path, digest]))
  const added: string[] = []
  const changed: ChangedFile[] = []
  for (const [path, to] of after) {
    const from = before.get(path)
    if (from === undefined) added.push(path)
    else if (from !== to) changed.push({ path, from, to })
  }
  const removed = [...before.keys()].filter((path) => !after.has(path))
  return {
    added: added.sort(),
    removed: removed.sort(),
    changed: changed.sort((a, b) => (a.path < b.path ? -1 : 1)),
  }
}
