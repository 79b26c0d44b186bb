import type { LayerListing } from '../formats/layer/listing.ts'
import type { HiddenFile } from '../model/assess/layer-contents.ts'
import { parentOf, pathIn } from '../model/tree/path.ts'

/** What a layer does to those below it, by path. */
interface Changes {
  /** Path → SHA-256 of the file, or undefined for anything else. Folders are left out, since they replace no file. */
  readonly put: ReadonlyMap<string, string | undefined>
  readonly deleted: ReadonlySet<string>
  readonly emptied: ReadonlySet<string>
}

/**
 * Says what became of a file of a layer that is not in the finished tree. Paths are compared as the layers write
 * them, so a file that was hidden through a link counts as replaced at the path where it was brought.
 */
export function hidingOf(
  listings: readonly LayerListing[],
): (
  file: { readonly path: string; readonly sha256: string },
  layer: number,
) => Pick<HiddenFile, 'by' | 'hiddenIn'> {
  const changes = listings.map(changesOf)
  return ({ path, sha256 }, layer) => {
    const above = pathsAbove(path)
    for (let hiddenIn = layer + 1; hiddenIn < changes.length; hiddenIn++) {
      const change = changes[hiddenIn]
      if (change === undefined) break
      if (change.put.has(path))
        return { by: change.put.get(path) === sha256 ? 'repeated' : 'replaced', hiddenIn }
      if (change.deleted.has(path)) return { by: 'deleted', hiddenIn }
      if (above.some((folder) => change.deleted.has(folder) || change.emptied.has(folder)))
        return { by: 'deleted', hiddenIn }
      if (above.some((folder) => change.put.has(folder))) return { by: 'replaced', hiddenIn }
    }
    return { by: 'replaced', hiddenIn: layer }
  }
}

function changesOf({ whiteouts, entries }: LayerListing): Changes {
  const put = new Map<string, string | undefined>()
  for (const { path, type, sha256 } of entries) if (type !== 'directory') put.set(path, sha256)
  const deleted = new Set<string>()
  const emptied = new Set<string>()
  for (const whiteout of whiteouts) {
    if (whiteout.kind === 'name') deleted.add(pathIn(whiteout.parent, whiteout.name))
    if (whiteout.kind === 'opaque') emptied.add(whiteout.parent)
  }
  return { put, deleted, emptied }
}

/** Every folder that a path is in, the root ("") among them. */
function pathsAbove(path: string): string[] {
  const above: string[] = []
  for (let at = parentOf(path); at !== ''; at = parentOf(at)) above.push(at)
  return [...above, '']
}
