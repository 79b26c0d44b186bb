import type { FileReader } from '../cataloguer.ts'
import type { LayerEntry } from './layer-reading.ts'

/** A hard link whose name some readers select, while they passed over the file that it shares content with. */
export interface SelectedLink {
  readonly path: string
  readonly readers: readonly FileReader<unknown>[]
}

/**
 * Hard links that have to be read under their own name, by the path of the file in the same layer whose content they
 * share. Package managers with a store (pnpm, uv) link everything from it: in a layer the content may stand under the
 * name that it has in the store, which tells nothing.
 */
export function selectedLinks(
  entries: readonly LayerEntry[],
  readers: readonly FileReader<unknown>[],
): ReadonlyMap<string, readonly SelectedLink[]> {
  const byTarget = new Map<string, SelectedLink[]>()
  const links = entries.filter(({ type }) => type === 'hardlink')
  if (links.length === 0) return byTarget
  const files = new Map(entries.flatMap((entry) => (entry.type === 'file' ? [[entry.path, entry]] : [])))
  for (const { path, target = '' } of links) {
    const size = files.get(target)?.size
    if (size === undefined) continue
    // What selects by the first bytes has selected the file already.
    const head = { size, mode: 0o644, start: new Uint8Array() }
    const chosen = readers.filter(
      (reader) => reader.select({ ...head, path }) && !reader.select({ ...head, path: target }),
    )
    if (chosen.length === 0) continue
    const known = byTarget.get(target)
    if (known === undefined) byTarget.set(target, [{ path, readers: chosen }])
    else known.push({ path, readers: chosen })
  }
  return byTarget
}
