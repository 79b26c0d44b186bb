import { mapLimit, singleFlight } from '../../base/concurrency.ts'
import { silentProgress } from '../../base/progress.ts'
import type { Image, Layer } from '../../model/image.ts'
import type { Inventory, InventoryLayer } from '../../model/inventory.ts'
import { allCataloguers } from '../cataloguers.ts'
import { ownReaders } from '../own-readers.ts'
import { layerInstructions, layerOrigins } from '../summary/origin.ts'
import { summarise } from '../summary/summarise.ts'
import { readLayer } from './layer.ts'
import { LayerCache } from './layer-cache.ts'
import type { LayerReading } from './layer-reading.ts'
import { defaultLimits } from './limits.ts'
import { memoryGate } from './memory-gate.ts'
import type { InventoryOptions } from './options.ts'

/** Layers that are read at once: inflating runs in threads of its own, so more than the CPUs would only hold memory. */
const layersAtOnce = 3

/**
 * Reads what is in an image: every layer once, as a stream, or not at all when it is known from an earlier run.
 * Memory does not grow with the size of files, only with their number.
 * Errors: `bad-archive` and `bad-image` for a damaged layer, `limit-exceeded`, and what the store throws. What is
 * merely a bad file in a layer becomes a note.
 */
export async function readImageInventory(image: Image, options: InventoryOptions = {}): Promise<Inventory> {
  const readings = await readLayers(image.layers, options)
  return summarise(readings, {
    cataloguers: options.cataloguers ?? allCataloguers,
    observers: options.observers ?? [],
    limits: { ...defaultLimits, ...options.limits },
    layers: describeLayers(image, options),
    architecture: image.config.architecture,
  })
}

async function readLayers(layers: readonly Layer[], options: InventoryOptions): Promise<LayerReading[]> {
  const readers = [...ownReaders, ...(options.cataloguers ?? allCataloguers), ...(options.observers ?? [])]
  const extraHash = options.sha1 === true ? 'sha1' : 'none'
  const limits = { ...defaultLimits, ...options.limits }
  const cache =
    options.cacheDir === undefined
      ? undefined
      : new LayerCache(options.cacheDir, { readers, extraHash, program: options.program }, options.progress)
  const total = layers.reduce((sum, layer) => sum + layer.descriptor.size, 0)
  const task = (options.progress ?? silentProgress).start('Reading layers', { total, unit: 'bytes' })
  const once = singleFlight<LayerReading>()
  const reserve = memoryGate()
  const read = async (layer: Layer) => {
    const known = await cache?.get(layer.descriptor.digest)
    if (known !== undefined) {
      task.advance(layer.descriptor.size)
      return known
    }
    const { signal } = options
    const onBytes = (amount: number) => task.advance(amount)
    const reading = await readLayer(layer, {
      readers,
      extraHash,
      attributes: options.observers?.some(({ attributes }) => attributes === true) ?? false,
      limits,
      reserve,
      onBytes,
      ...(signal === undefined ? {} : { signal }),
    })
    await cache?.put(layer.descriptor.digest, reading)
    return reading
  }
  try {
    return await mapLimit(layers, layersAtOnce, async (layer) => {
      options.signal?.throwIfAborted()
      return await once(layer.descriptor.digest, () => read(layer))
    })
  } finally {
    task.done()
  }
}

function describeLayers(image: Image, options: InventoryOptions): InventoryLayer[] {
  const origins = layerOrigins(image, options)
  const instructions = layerInstructions(image)
  return image.layers.map(({ descriptor, diffId }, index) => {
    const [origin, createdBy] = [origins[index], instructions[index]]
    return {
      digest: descriptor.digest,
      diffId,
      size: descriptor.size,
      ...(createdBy === undefined ? {} : { createdBy }),
      ...(origin === undefined ? {} : { origin }),
    }
  })
}
