import { type SampleEntry, sampleImage } from '../../formats/layer/sample-image.ts'
import type { ImageConfig } from '../../model/image.ts'
import { mediaTypes } from '../../model/image.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { jsonBlob } from '../../oci/sample.ts'

/** What made an image of a test: the instructions of its layers (default: COPY), and those after them. */
export interface SampleHistory {
  readonly layers?: readonly string[]
  readonly after: readonly string[]
}

/** Writes an image of the given layers as a layout, for tests. */
export async function writeLayout(
  folder: string,
  layers: readonly (readonly SampleEntry[])[],
  settings: NonNullable<ImageConfig['config']>,
  made: SampleHistory = { after: [] },
): Promise<void> {
  const image = sampleImage(layers, settings)
  const history = made.after.map((created_by) => ({ created_by, empty_layer: true }))
  const described =
    history.length === 0
      ? image.config
      : {
          ...image.config,
          history: [
            ...layers.map((_, i) => ({ created_by: made.layers?.[i] ?? 'COPY . / # buildkit' })),
            ...history,
          ],
        }
  const config = jsonBlob(described, mediaTypes.ociConfig)
  const manifest = jsonBlob({ ...image.manifest, config: config.descriptor }, mediaTypes.ociManifest)
  const store = openLayout(folder)
  for (const blob of [...image.layers, config, manifest]) await store.push(blob)
  await store.tag(manifest.descriptor, 'latest')
  await store.close()
}
