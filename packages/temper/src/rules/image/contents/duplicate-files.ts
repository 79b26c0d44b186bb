import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { imageRule } from '../rule.ts'

/** Smaller files are not worth a rebuild. */
const fileFloor = 4096

interface Copies {
  bytes: number
  largest: TreeNode
}

export const duplicateFiles = imageRule({
  id: 'duplicate-files',
  title: 'No layer repeats files that a lower layer has under another name',
  why: 'A file that is copied or moved in a later instruction is stored and pulled twice.',
  fix: 'copy it to its final place directly (COPY from an earlier stage), or make a link to it',
  level: 'note',
  aspect: 'contents',
  tier: 'minimal',
  needs: ['image'],
  parameters: { bytes: { about: 'bytes of a layer that lower layers may have too', default: 100 << 10 } },
  *check({ nodes, layers }, { bytes: floor }) {
    const files = nodes.filter(({ type, size }) => type === 'file' && size >= fileFloor)
    const lowest = lowestLayers(files)
    const copies = new Map<number, Copies>()
    for (const node of files) {
      const { digest, layer, size } = node
      if (digest === undefined || layer === undefined || layer.index === lowest.get(digest)) continue
      const seen = copies.get(layer.index) ?? { bytes: 0, largest: node }
      const largest = size > seen.largest.size ? node : seen.largest
      copies.set(layer.index, { bytes: seen.bytes + size, largest })
    }
    for (const [index, { bytes, largest }] of copies) {
      const diffId = layers[index]?.diffId
      if (bytes < floor || diffId === undefined) continue
      const found = `${bytes} bytes are files that a lower layer has too, the largest /${largest.path}`
      yield { place: { kind: 'layer', layer: diffId }, subject: `/${largest.path}`, found }
    }
  },
})

function lowestLayers(files: readonly TreeNode[]): ReadonlyMap<string, number> {
  const lowest = new Map<string, number>()
  for (const { digest, layer } of files) {
    if (digest === undefined || layer === undefined) continue
    lowest.set(digest, Math.min(layer.index, lowest.get(digest) ?? layer.index))
  }
  return lowest
}
