import { TemperError } from '../../base/error.ts'
import type { Image } from '../../model/image.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import { readImageTree } from '../../tree/image.ts'

/** Most bytes of all files that are read besides. */
const limit = 128 * 2 ** 20

/** Limit on the bytes of one file; larger ones get no content. */
export const contentLimit = 4 * 2 ** 20

/** Reads the layers once more for the contents of some files. Errors: `limit-exceeded`. */
export async function readContents(
  image: Image,
  nodes: readonly TreeNode[],
  options: { readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, Uint8Array>> {
  const known = nodes.filter(({ content }) => content !== undefined)
  const contents = new Map(known.map(({ path, content }) => [path, content as Uint8Array]))
  const wanted = new Map(
    nodes.flatMap((node) =>
      node.type === 'file' && node.content === undefined && node.size <= contentLimit
        ? [[node.path, node]]
        : [],
    ),
  )
  if (wanted.size === 0) return contents
  const bytes = [...wanted.values()].reduce((sum, { size }) => sum + size, 0)
  if (bytes > limit)
    throw new TemperError(
      'limit-exceeded',
      `The files that would change hold ${bytes} bytes, more than ${limit}`,
    )
  const tree = await readImageTree(image, { keep: (path) => wanted.has(path), signal: options.signal })
  for (const path of wanted.keys()) {
    const content = tree.get(path)?.content
    if (content !== undefined) contents.set(path, content)
  }
  return contents
}
