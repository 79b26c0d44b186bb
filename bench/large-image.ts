import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { encodeTarHeader, tarEnd } from '../packages/temper/src/formats/tar/write.ts'
import { folder } from './place.ts'

const files = 1024
const size = 1 << 20

/** An OCI layout with an image of 1 GiB in one layer, files of 1 MiB that no two images have; made when it is not there. */
export async function largeImage(): Promise<string> {
  const path = join(await folder('images'), 'large-1')
  if (existsSync(path)) return path
  process.stderr.write('Making an image of 1 GiB…\n')
  const made = `${path}.new`
  const blobs = join(made, 'blobs/sha256')
  await rm(made, { recursive: true, force: true })
  await mkdir(blobs, { recursive: true })
  const layer = await writeLayer(join(made, 'layer'))
  await rename(join(made, 'layer'), join(blobs, layer.hex))
  const put = async (value: object) => {
    const text = JSON.stringify(value)
    const hex = createHash('sha256').update(text).digest('hex')
    await writeFile(join(blobs, hex), text)
    return { digest: `sha256:${hex}`, size: text.length }
  }
  const type = (name: string) => ({ mediaType: `application/vnd.oci.image.${name}` })
  const [digest, whole] = [`sha256:${layer.hex}`, layer.size]
  const config = await put({
    architecture: 'amd64',
    os: 'linux',
    config: { User: '65532' },
    rootfs: { type: 'layers', diff_ids: [digest] },
  })
  const manifest = await put({
    schemaVersion: 2,
    ...type('manifest.v1+json'),
    config: { ...type('config.v1+json'), ...config },
    layers: [{ ...type('layer.v1.tar'), digest, size: whole }],
  })
  const manifests = [{ ...type('manifest.v1+json'), ...manifest }]
  await writeFile(join(made, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }))
  await writeFile(join(made, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await rename(made, path)
  return path
}

async function writeLayer(path: string): Promise<{ readonly hex: string; readonly size: number }> {
  const out = createWriteStream(path)
  const hash = createHash('sha256')
  let written = 0
  const write = async (bytes: Uint8Array) => {
    hash.update(bytes)
    written += bytes.length
    if (!out.write(bytes)) await once(out, 'drain')
  }
  for (let i = 0; i < files; i++) {
    const entry = { type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 0 } as const
    await write(encodeTarHeader({ ...entry, path: `opt/data/${i >> 6}/part-${i}.bin` }))
    await write(bytesOf(i))
  }
  await write(tarEnd)
  out.end()
  await finished(out)
  return { hex: hash.digest('hex'), size: written }
}

/** The same bytes each time, which do not compress. */
function bytesOf(seed: number): Uint8Array {
  const words = new Uint32Array(size / 4)
  let state = seed + 1
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    words[i] = state
  }
  return new Uint8Array(words.buffer)
}
