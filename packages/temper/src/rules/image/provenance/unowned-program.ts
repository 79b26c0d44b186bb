import type { Digest } from '../../../base/digest.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { imageRule } from '../rule.ts'

interface Unowned {
  readonly first: TreeNode
  count: number
}

export const unownedProgram = imageRule({
  id: 'unowned-program',
  title: 'Every program and library comes from a package',
  why: 'Nothing says what the others are, in which version, and what is known about them: scanners skip them.',
  fix: 'install them from a package, or list them in the bill of materials',
  level: 'note',
  aspect: 'provenance',
  tier: 'secure',
  needs: ['image', 'owners'],
  *check({ nodes, inventory, ownerOf }) {
    const named = new Set(inventory.components.flatMap(({ locations }) => locations.map(({ path }) => path)))
    const unowned = new Map<Digest, Unowned>()
    for (const node of nodes) {
      if (node.type !== 'file' || node.elf === undefined || node.layer === undefined) continue
      if (ownerOf(node.path) !== undefined || named.has(node.path)) continue
      const seen = unowned.get(node.layer.diffId)
      if (seen === undefined) unowned.set(node.layer.diffId, { first: node, count: 1 })
      else seen.count++
    }
    for (const [layer, { first, count }] of unowned)
      yield {
        place: { kind: 'layer', layer },
        subject: `/${first.path}`,
        found: `${count} ${count === 1 ? 'program or library is' : 'programs and libraries are'} of no package, the first /${first.path}`,
      }
  },
})
