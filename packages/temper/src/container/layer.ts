import type { ByteStream } from '../base/bytes.ts'
import { type CompressionFormat, decompress } from '../formats/compress/decompress.ts'
import type { Layer } from '../model/image.ts'

/** Most bytes of one uncompressed layer. */
const layerLimit = 64 * 2 ** 30

/** The tar archive in a layer (image-spec layer.md); its digest is checked as it is read. */
export function openLayer(layer: Layer): ByteStream {
  const what = `layer ${layer.descriptor.digest}`
  return decompress(formatOf(layer.descriptor.mediaType), layer.open(), { what, limit: layerLimit })
}

function formatOf(mediaType: string): CompressionFormat {
  if (mediaType.endsWith('gzip')) return 'gzip'
  if (mediaType.endsWith('zstd')) return 'zstd'
  return 'none'
}
