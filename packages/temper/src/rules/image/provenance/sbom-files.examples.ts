import { sha256 } from '../../../base/digest.ts'
import type { InventoryFile } from '../../../model/inventory.ts'
import type { Examples } from '../example.ts'
import { plainFiles } from '../plain-image.ts'
import { withEvidence } from './evidence-examples.ts'

const files: readonly InventoryFile[] = plainFiles.flatMap(({ path, type, content = '' }) =>
  type === 'file' ? [{ path, digest: sha256(content) }] : [],
)
const listing = (title: string, listed: readonly InventoryFile[]) =>
  withEvidence(title, ({ sboms }) => ({
    sboms: sboms.map((each) => ({
      ...each,
      inventory: { components: [], files: listed, layers: [], notes: [] },
    })),
  }))

export const examples: Examples = {
  broken: [
    listing('all files but one', files.slice(1)),
    listing(
      'one with other bytes',
      files.map((file, at) => (at === 0 ? { ...file, digest: sha256('other') } : file)),
    ),
  ],
  kept: [listing('all files', files), listing('no files at all', [])],
}
