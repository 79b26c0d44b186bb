import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import tar from 'tar-stream'
import { blobPath, layoutOf, readBlob } from './layout.ts'

/** An entry of a layer as another reader than ours sees it. */
export interface LayerEntry {
  /** Place of the layer, from 0. */
  readonly layer: number
  /** Without a slash at either end. */
  readonly path: string
  readonly type: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly target: string | undefined
  readonly mtime: number
}

/** All entries of the only image of a layout, layer by layer, read with tar-stream. */
export async function layerEntries(folder: string): Promise<readonly LayerEntry[]> {
  const root = layoutOf(folder).manifests[0]?.digest ?? ''
  const entries: LayerEntry[] = []
  for (const [layer, { digest }] of readBlob(folder, root).layers.entries()) {
    const extract = tar.extract()
    extract.on('entry', (header, stream, next) => {
      entries.push({
        layer,
        path: header.name.replace(/\/$/, ''),
        type: header.type ?? 'file',
        mode: header.mode ?? 0,
        uid: header.uid ?? 0,
        gid: header.gid ?? 0,
        size: header.size ?? 0,
        target: header.linkname ?? undefined,
        mtime: (header.mtime?.getTime() ?? 0) / 1000,
      })
      stream.on('end', next)
      stream.resume()
    })
    await pipeline(createReadStream(blobPath(folder, digest)), createGunzip(), extract)
  }
  return entries
}
