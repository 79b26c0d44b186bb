import { TemperError } from '../../base/error.ts'
import { makeFolder } from '../../base/file.ts'
import { readTar, type TarItem } from '../../formats/tar/read.ts'
import type { Image } from '../../model/image.ts'
import { ConfinedFolder } from '../confined-folder.ts'
import { openLayer } from '../layer.ts'
import { LayerChanges } from '../layer-changes.ts'

/** Most bytes of all files of an image. */
const unpackedLimit = 64 * 2 ** 30

export interface UnpackOptions {
  /** Stops between two entries. */
  readonly signal?: AbortSignal
}

/**
 * Unpacks the layers of an image into an empty folder of our own, with whiteouts (image-spec layer.md). No
 * entry reaches outside, whatever the layers hold. Owners are set when we are root. Devices and pipes are left
 * out: the runtime makes those that a container may have.
 * Errors: `bad-image`, `bad-archive`, `limit-exceeded`, `file-system`.
 */
export async function unpackImage(image: Image, folder: string, options: UnpackOptions = {}): Promise<void> {
  await makeFolder(folder)
  const root = new ConfinedFolder(folder)
  const budget = { left: unpackedLimit }
  for (const layer of image.layers) {
    const what = `layer ${layer.descriptor.digest}`
    const changes = new LayerChanges(root)
    for await (const item of readTar(openLayer(layer), { what, endMarker: 'optional' })) {
      options.signal?.throwIfAborted()
      spend(budget, item, what)
      await changes.apply(item)
    }
    changes.finish()
  }
}

function spend(budget: { left: number }, { entry }: TarItem, what: string): void {
  if (entry.type === 'file') budget.left -= entry.size
  if (budget.left >= 0) return
  throw new TemperError(
    'limit-exceeded',
    `${what}: the image unpacks to more than the limit of ${unpackedLimit} bytes`,
  )
}
