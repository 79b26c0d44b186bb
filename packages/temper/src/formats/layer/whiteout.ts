import { TemperError } from '../../base/error.ts'
import { whiteoutPrefix } from '../../model/tree/whiteout.ts'

/** What an entry of a layer says about the layers below it (image-spec layer.md, "Whiteouts"). */
export type Whiteout =
  | { readonly kind: 'name'; readonly parent: string; readonly name: string }
  | { readonly kind: 'opaque'; readonly parent: string }
  /** A file that only the storage driver that made the layer understands. */
  | { readonly kind: 'foreign' }

/**
 * Reads an entry's path as a whiteout; undefined when it is not one. Throws `bad-image` for a whiteout that names no
 * entry.
 */
export function parseWhiteout(path: string): Whiteout | undefined {
  const slash = path.lastIndexOf('/')
  const last = path.slice(slash + 1)
  if (!last.startsWith(whiteoutPrefix)) return undefined
  const parent = path.slice(0, Math.max(slash, 0))
  if (last === '.wh..wh..opq') return { kind: 'opaque', parent }
  if (last.startsWith('.wh..wh.')) return { kind: 'foreign' }
  const name = last.slice(whiteoutPrefix.length)
  if (name === '' || name === '.' || name === '..')
    throw new TemperError('bad-image', `A layer hides something without a name: "${path}"`)
  return { kind: 'name', parent, name }
}
