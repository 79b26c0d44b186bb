import { TemperError } from '../../base/error.ts'
import type { Distro } from '../../model/distro.ts'
import type { Exclusion } from '../../model/hardening/hardening.ts'
import type { LockedPackage } from '../../model/lock.ts'
import type { Diversion } from '../../model/package/diversion.ts'
import type { SystemPackage } from '../../model/package/installed.ts'
import type { PackageContent, PackageEntry } from '../../model/package/package-content.ts'
import type { RootNode } from '../../model/root.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { Rootfs } from '../../model/tree/rootfs.ts'
import { exclusionOf, mapEntry, type PlacementOptions } from './decide.ts'

/** A package that goes into the image, with what was read from it. */
export interface KeptPackage {
  readonly package: LockedPackage
  readonly content: PackageContent
}

/** A file or folder of a package that the image does not have. */
export interface StrippedEntry extends Exclusion {
  readonly package: string
  readonly path: string
  /** The library without which it cannot be loaded, where that is the reason. */
  readonly library?: string
}

/** The base that the image begins with. */
export interface BaseTree {
  /** The tree of its layers, which is only read: a node that is not the identical object afterwards was changed. */
  readonly tree: FileTree
  /** The packages that its database lists. */
  readonly packages: readonly SystemPackage[]
  /** Seconds since 1970. */
  readonly created: number
}

export interface Population {
  readonly root: Rootfs
  readonly stripped: StrippedEntry[]
}

/** Puts the files of packages into an empty tree, with usr-merge applied, attributes hardened and ballast left out. */
export function populate(
  packages: readonly KeptPackage[],
  options: PlacementOptions & { readonly distro: Distro; readonly base?: BaseTree },
): Population {
  const root = new Rootfs()
  for (const node of options.base === undefined ? [] : baseNodes(options.base)) root.put(node)
  const stripped: StrippedEntry[] = []
  const nodes: RootNode[] = []
  const diversions = neededDiversions(packages, options)
  for (const {
    package: { name },
    content,
  } of packages) {
    for (const entry of content.entries) {
      const exclusion = exclusionOf(entry, options)
      if (exclusion !== undefined) {
        stripped.push({ package: name, path: options.mergedPath(entry.path), ...exclusion })
        continue
      }
      const mapped = mapEntry(entry, options)
      const path = diverted(mapped.path, name, diversions)
      if (mapped.type === 'symlink' && leadsToItself(mapped, options)) {
        stripped.push({ package: name, path, reason: 'link of the merged /usr', relaxable: false })
        continue
      }
      nodes.push({ ...mapped, path, origin: { kind: 'package', package: name, path: entry.path } })
    }
  }
  const byName = new Map(packages.map((kept) => [kept.package.name, kept]))
  const below = new Map(
    (options.base?.packages ?? []).map((installed) => [installed.package.name, installed.package]),
  )
  const owners = { byName, below, distro: options.distro }
  // Links first: where a package's folder is another's symlink, its files go where the link leads.
  for (const node of nodes) if (node.type === 'symlink') put(root, node, owners)
  for (const node of nodes) if (node.type !== 'symlink') put(root, node, owners)
  return { root, stripped }
}

/** The nodes of a base, each with the package that has it. */
export function baseNodes({ tree, packages }: BaseTree): readonly RootNode[] {
  const owners = new Map<string, string>()
  for (const { package: installed, files } of packages)
    for (const path of files) {
      const node = tree.get(path) ?? tree.resolve(path)
      if (node !== undefined && node.type !== 'directory') owners.set(node.path, installed.name)
    }
  return [...tree.nodes()].map((node) => {
    const owner = owners.get(node.path)
    return { ...node, origin: owner === undefined ? { kind: 'base' } : { kind: 'base', package: owner } }
  })
}

/** Path → the package that has it diverted, and where to. */
type Diversions = ReadonlyMap<string, Diversion>

/** Those that decide who gets a path: of paths that the diverting package brings itself. */
function neededDiversions(packages: readonly KeptPackage[], { mergedPath }: PlacementOptions): Diversions {
  const needed = new Map<string, Diversion>()
  for (const { content } of packages) {
    if (content.diversions === undefined) continue
    const own = new Set(content.entries.map((entry) => mergedPath(entry.path)))
    for (const diversion of content.diversions)
      if (own.has(diversion.from)) needed.set(diversion.from, diversion)
  }
  return needed
}

/** A diverted file of every other package is unpacked under its other name. */
function diverted(path: string, name: string, diversions: Diversions): string {
  const diversion = diversions.get(path)
  return diversion === undefined || diversion.by === name ? path : diversion.to
}

/** `/bin/x -> /usr/bin/x` of a package that has both means nothing once the two folders are one. */
function leadsToItself({ path, target = '' }: PackageEntry, { mergedPath }: PlacementOptions): boolean {
  const parts = target.startsWith('/') ? [] : path.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return mergedPath(parts.join('/')) === path
}

interface Owners {
  readonly byName: ReadonlyMap<string, KeptPackage>
  /** The packages of the base, by name. */
  readonly below: ReadonlyMap<string, SystemPackage['package']>
  readonly distro: Distro
}

function put(root: Rootfs, node: RootNode, owners: Owners): void {
  const present = root.get(root.canonical(node.path))
  if (!present) root.put(node)
  else if (node.type === 'directory') putFolder(root, node, present)
  else if (chooseOwner(present, node, owners) === node) root.put(node)
}

/** Several packages ship the same folder: the narrowest permissions win, whatever the order. */
function putFolder(root: Rootfs, node: RootNode, present: RootNode): void {
  if (present.type === 'symlink') {
    const target = root.resolve(present.path)
    if (target === undefined || target.type === 'directory') return
  }
  // What the base has stays as it is.
  if (present.origin.kind === 'base' && present.type === 'directory') return
  if (present.type !== 'directory') root.put(node)
  else root.put({ ...present, mode: present.mode & node.mode, mtime: Math.max(present.mtime, node.mtime) })
}

/** A package may overwrite another's file only when it says that it replaces that. */
function chooseOwner(present: RootNode, node: RootNode, owners: Owners): RootNode {
  if (present.origin.kind === 'base') return overBase(present, node, owners)
  if (present.origin.kind !== 'package' || node.origin.kind !== 'package') return node
  const first = owners.byName.get(present.origin.package)
  const second = owners.byName.get(node.origin.package)
  if (!first || !second || first === second) return node
  if (replaces(second, first, owners.distro)) return node
  if (replaces(first, second, owners.distro)) return present
  if (node.digest !== undefined && node.digest === present.digest) return present
  if (node.type === 'symlink' && present.type === 'symlink' && node.target === present.target) return present
  throw bothBring([first.package.name, second.package.name], node)
}

/** A file of the base stays where a package brings the same one. */
function overBase(present: RootNode, node: RootNode, { byName, below, distro }: Owners): RootNode {
  const { type, digest, target, mode } = node
  if (
    type === present.type &&
    digest === present.digest &&
    target === present.target &&
    mode === present.mode
  )
    return present
  const owner =
    present.origin.kind === 'base' && present.origin.package !== undefined
      ? below.get(present.origin.package)
      : undefined
  const bringer = node.origin.kind === 'package' ? byName.get(node.origin.package) : undefined
  if (owner === undefined || bringer === undefined) return node
  if (distro.rules.replaces(distro.relations(bringer.content).replaces, owner)) return node
  throw bothBring([`${owner.name} of the base`, bringer.package.name], node)
}

function bothBring(names: readonly [string, string], node: RootNode): TemperError {
  return new TemperError(
    'unsatisfiable',
    `Packages ${names.join(' and ')} both bring /${node.path} with different content`,
    {
      hint: `Exclude one of them in the recipe: "!${names[1]}".`,
      details: { path: `/${node.path}`, packages: names },
    },
  )
}

function replaces(winner: KeptPackage, loser: KeptPackage, distro: Distro): boolean {
  return distro.rules.replaces(distro.relations(winner.content).replaces, loser.package)
}
