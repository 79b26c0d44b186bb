import type { HiddenFile } from '../../../model/assess/layer-contents.ts'
import { imageRule } from '../rule.ts'

const verbs: Readonly<Record<HiddenFile['by'], string>> = {
  deleted: 'delete',
  replaced: 'replace',
  repeated: 'repeat with other permissions',
}

export const hiddenBytes = imageRule({
  id: 'hidden-bytes',
  title: 'No layer holds files that a later layer deletes or replaces',
  why: 'Deleting a file in a later layer hides it from the container, but everybody still pulls it and can read it.',
  fix: 'delete it in the instruction that makes it, or copy only what is needed out of a build stage (COPY from it)',
  level: 'warning',
  aspect: 'contents',
  tier: 'minimal',
  // Less than this, and less than a tenth of its layer, is not worth a rebuild.
  parameters: { bytes: { about: 'bytes of a layer that may be lost', default: 100 << 10 } },
  *check({ layers }, { bytes: floor }) {
    for (const { hidden, bytes, diffId } of layers) {
      const lost = hidden.reduce((sum, { size }) => sum + size, 0)
      if (diffId === undefined || (lost < floor && lost * 10 < bytes) || lost === 0) continue
      const largest = hidden.reduce((most, file) => (file.size > most.size ? file : most))
      yield {
        place: { kind: 'layer', layer: diffId },
        subject: `/${largest.path}`,
        found: `${lost} of ${bytes} bytes are files that later layers ${verbs[largest.by]}, the largest /${largest.path}`,
      }
    }
  },
})
