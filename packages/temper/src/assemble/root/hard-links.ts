import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import type { PackageEntry } from '../../model/package/package-content.ts'
import type { RootNode } from '../../model/root.ts'
import type { Rootfs } from '../../model/tree/rootfs.ts'
import { mapEntry, type PlacementOptions } from './decide.ts'
import type { KeptPackage } from './populate.ts'

type PackageNode = RootNode & { readonly origin: { readonly kind: 'package' } }

/**
 * Makes every hard link of a package lead to a file in the package's own part of a layer, since nothing else can be
 * unpacked: to the file under its name in the image, which effects may have moved. Where the file itself was left
 * out, replaced or removed, the first of its links takes its place. Errors: `bad-archive` for a link whose file does
 * not precede it in the package.
 */
export function settlePackageLinks(
  root: Rootfs,
  packages: readonly KeptPackage[],
  options: PlacementOptions,
): void {
  const links = new Map<string, PackageNode[]>()
  const files = new Map<string, RootNode>()
  for (const node of root.nodes()) {
    if (!isPackageNode(node)) continue
    if (node.type === 'hardlink')
      links.set(node.origin.package, [...(links.get(node.origin.package) ?? []), node])
    else if (node.type !== 'directory') files.set(keyOf(node.origin.package, node.origin.path), node)
  }
  if (links.size === 0) return
  for (const {
    package: { name },
    content,
  } of packages) {
    const own = links.get(name)
    if (!own) continue
    const targets = linkTargets(content.entries, name)
    for (const link of own) {
      const target = targets.get(link.origin.path)
      if (!target)
        throw new TemperError('internal', `/${link.path} is a hard link that belongs to no package`)
      const key = keyOf(name, target.path)
      const file = files.get(key)
      if (file) root.put({ ...link, ...sharedAttributes(file), target: file.path })
      else {
        // Its bytes come from where the file is in the archive.
        const origin = { ...link.origin, path: target.path }
        const node = { ...mapEntry(target, options), path: link.path, origin }
        root.put(node)
        files.set(key, node)
      }
    }
  }
}

/** What each hard link of an archive shares, links to links followed. */
function linkTargets(entries: readonly PackageEntry[], name: string): ReadonlyMap<string, PackageEntry> {
  const before = new Map<string, PackageEntry>()
  const targets = new Map<string, PackageEntry>()
  for (const entry of entries) {
    if (entry.type === 'hardlink') {
      const path = entry.target ?? ''
      const target = targets.get(path) ?? before.get(path)
      if (!target || target.type === 'directory') {
        throw new TemperError(
          'bad-archive',
          `${name}: ${printableLine(`/${entry.path}`)} is a hard link to ${printableLine(`/${path}`)}, which does not come before it in the package`,
          {
            hint: 'The package is damaged. Fetch it again, or leave it out.',
            details: { path: `/${entry.path}` },
          },
        )
      }
      targets.set(entry.path, target)
    }
    before.set(entry.path, entry)
  }
  return targets
}

function isPackageNode(node: RootNode): node is PackageNode {
  return node.origin.kind === 'package'
}

function keyOf(name: string, archivePath: string): string {
  return `${name}\0${archivePath}`
}

/** Names of one file have one owner, mode and time. */
function sharedAttributes({ mode, uid, gid, mtime }: RootNode) {
  return { mode, uid, gid, mtime }
}

/**
 * Checks the hard links that the recipe makes, once the tree is finished. Errors: `bad-recipe` when the file
 * was replaced or removed after the link was made.
 */
export function checkRecipeLinks(root: Rootfs): void {
  for (const node of root.nodes()) {
    if (node.type !== 'hardlink' || node.origin.kind === 'package') continue
    const target = root.get(node.target ?? '')
    if (target?.type === 'file' && target.content !== undefined) continue
    throw new TemperError(
      'bad-recipe',
      `paths: /${node.path} is a hard link to /${node.target}, which is removed or replaced later`,
      { hint: 'Make the link last, or use type: symlink.', details: { path: `/${node.path}` } },
    )
  }
}
