import type { InventoryFile } from '../../../model/inventory.ts'
import { imageRule } from '../rule.ts'
import type { ImageSubject } from '../subject.ts'

export const sbomFiles = imageRule({
  id: 'sbom-files',
  title: 'A bill of materials that lists files lists all of them as they are',
  why: 'A file that it does not list, or lists with other bytes, got into the image by another way.',
  fix: 'make it again, from the image itself',
  level: 'warning',
  aspect: 'provenance',
  tier: 'secure',
  needs: ['evidence'],
  *check({ evidence, nodes }) {
    for (const { inventory } of evidence.sboms) {
      const files = inventory?.files
      if (files === undefined || files.length === 0) continue
      const wrong = differing(files, nodes)
      const [first] = wrong
      if (first !== undefined)
        yield {
          place: { kind: 'whole' },
          subject: 'SBOM',
          found: `${wrong.length} files are not there or not the same, the first /${first}`,
        }
    }
  },
})

/** Paths of files that only one of both has, or that have other bytes. */
function differing(files: readonly InventoryFile[], nodes: ImageSubject['nodes']): string[] {
  const listed = new Map(files.map(({ path, digest }) => [path, digest]))
  const wrong: string[] = []
  for (const { path, type, digest } of nodes) {
    if (type !== 'file' || digest === undefined) continue
    if (listed.get(path) !== digest) wrong.push(path)
    listed.delete(path)
  }
  return [...wrong, ...listed.keys()]
}
