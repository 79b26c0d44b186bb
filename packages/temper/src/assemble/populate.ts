import { TemperError } from '../base/error.ts'
import type { LockedPackage } from '../model/lock.ts'
import type { PackageContent } from '../model/package-content.ts'
import type { RootNode } from '../model/root.ts'
import { type DecideOptions, leaveOutReason, mapEntry } from './decide.ts'
import { Rootfs } from './rootfs.ts'

export interface PlanPackage {
  readonly package: LockedPackage
  readonly content: PackageContent
}

/** A file or folder that a package has and the image has not. */
export interface StrippedEntry {
  readonly package: string
  readonly path: string
  readonly reason: string
}

export interface Population {
  readonly root: Rootfs
  readonly stripped: StrippedEntry[]
}

/** Puts what the packages bring into an empty tree: names merged, attributes hardened, ballast left out. */
export function populate(packages: readonly PlanPackage[], options: DecideOptions): Population {
  const root = new Rootfs()
  const stripped: StrippedEntry[] = []
  const nodes: RootNode[] = []
  for (const {
    package: { name },
    content,
  } of packages) {
    for (const entry of content.entries) {
      const reason = leaveOutReason(entry, options)
      if (reason !== undefined) {
        stripped.push({ package: name, path: options.mergedPath(entry.path), reason })
        continue
      }
      nodes.push({
        ...mapEntry(entry, options),
        origin: { kind: 'package', package: name, path: entry.path },
      })
    }
  }
  // Links first: where a package's folder is another's symlink, its files go where the link leads.
  for (const node of nodes) if (node.type === 'symlink') put(root, node, packages)
  for (const node of nodes) if (node.type !== 'symlink') put(root, node, packages)
  return { root, stripped }
}

function put(root: Rootfs, node: RootNode, packages: readonly PlanPackage[]): void {
  const present = root.get(root.canonical(node.path))
  if (!present || present.origin.kind !== 'package' || node.origin.kind !== 'package') {
    root.put(node)
    return
  }
  if (node.type === 'directory') {
    const target = present.type === 'symlink' ? root.resolve(present.path) : present
    if (present.type === 'symlink' && (target === undefined || target.type === 'directory')) return
    // Several packages ship the same folder: the narrowest permissions win, whatever the order.
    if (present.type === 'directory')
      root.put({ ...present, mode: present.mode & node.mode, mtime: Math.max(present.mtime, node.mtime) })
    else root.put(node)
    return
  }
  const winner = chooseOwner(present, node, packages)
  if (winner === node) root.put(node)
}

/** dpkg lets a package overwrite another's file only when it declares Replaces (Debian policy 7.6.1). */
function chooseOwner(present: RootNode, node: RootNode, packages: readonly PlanPackage[]): RootNode {
  if (present.origin.kind !== 'package' || node.origin.kind !== 'package') return node
  const [first, second] = [present.origin.package, node.origin.package]
  if (replaces(packages, second, first)) return node
  if (replaces(packages, first, second) || first === second) return present
  if (node.digest !== undefined && node.digest === present.digest) return first < second ? present : node
  if (node.type === 'symlink' && present.type === 'symlink' && node.target === present.target) return present
  throw new TemperError(
    'unsatisfiable',
    `Packages ${first} and ${second} both bring /${node.path} with different content`,
    {
      hint: `Exclude one of them in the recipe: "!${second}".`,
      details: { path: `/${node.path}`, packages: [first, second] },
    },
  )
}

function replaces(packages: readonly PlanPackage[], replacing: string, replaced: string): boolean {
  const found = packages.find((candidate) => candidate.package.name === replacing)
  const field = found?.content.control['Replaces'] ?? ''
  return field.split(',').some((clause) => clause.trim().split(/[\s:(]/)[0] === replaced)
}
