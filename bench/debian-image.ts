import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { hexOf } from '../packages/temper/src/base/digest.ts'
import type { Descriptor } from '../packages/temper/src/model/image.ts'
import { downloads, folder, launcher, repositoryRoot } from './place.ts'

const run = promisify(execFile)
const recipe = join(repositoryRoot, 'bench/recipes/debian-12.yaml')

export interface DebianImage {
  /** An OCI layout as Temper built it, with its evidence. */
  readonly built: string
  /** The same files in one layer of plain gzip, as any tool would have made it: what it holds is to be found out. */
  readonly plain: string
}

/** The image of bench/recipes/debian-12.yaml; built when the recipe is new. */
export async function debianImage(): Promise<DebianImage> {
  const version = createHash('sha256')
    .update(await readFile(recipe))
    .digest('hex')
    .slice(0, 8)
  const place = await folder('images')
  const [built, plain] = [join(place, `debian-12-${version}`), join(place, `plain-${version}`)]
  if (!existsSync(built)) {
    process.stderr.write('Building the image of Debian 12…\n')
    const env = { ...process.env, TEMPER_CACHE_DIR: downloads }
    const lock = join(place, `debian-12-${version}.lock.json`)
    await run(launcher, ['lock', recipe, '-o', lock, '--quiet'], { env })
    await rm(`${built}.new`, { recursive: true, force: true })
    await run(launcher, ['build', recipe, '--lock', lock, '-o', `${built}.new`, '--quiet'], { env })
    await rename(`${built}.new`, built)
  }
  if (!existsSync(plain)) {
    await rm(`${plain}.new`, { recursive: true, force: true })
    await makePlain(built, `${plain}.new`)
    await rename(`${plain}.new`, plain)
  }
  return { built, plain }
}

/** Unpacks all layers over each other (Temper's have no whiteouts) and packs the tree as one. */
async function makePlain(from: string, to: string): Promise<void> {
  const tree = join(to, 'tree')
  const blobs = join(to, 'blobs/sha256')
  await mkdir(tree, { recursive: true })
  await mkdir(blobs, { recursive: true })
  const blobOf = ({ digest }: Descriptor) => join(from, 'blobs/sha256', hexOf(digest))
  const index = JSON.parse(await readFile(join(from, 'index.json'), 'utf8')) as {
    readonly manifests: readonly Descriptor[]
  }
  const [root] = index.manifests
  if (root === undefined) throw new Error(`${from} holds no image`)
  const { layers } = JSON.parse(await readFile(blobOf(root), 'utf8')) as {
    readonly layers: readonly Descriptor[]
  }
  for (const layer of layers) await run('tar', ['-xzf', blobOf(layer), '-C', tree])
  const [tar, packed] = [join(to, 'layer.tar'), join(to, 'layer.tar.gz')]
  await run('tar', ['--sort=name', '--numeric-owner', '--owner=0', '--group=0', '-cf', tar, '-C', tree, '.'])
  await run('/bin/sh', ['-c', `gzip -6 -n -c '${tar}' > '${packed}'`])
  const layer = { digest: await digestOf(packed), size: (await stat(packed)).size }
  const diffId = await digestOf(tar)
  await rename(packed, join(blobs, layer.digest.slice(7)))
  await rm(tar)
  await rm(tree, { recursive: true })
  await writeLayout(to, { layer, diffId })
}

interface Packed {
  readonly layer: { readonly digest: string; readonly size: number }
  readonly diffId: string
}

async function writeLayout(to: string, { layer, diffId }: Packed): Promise<void> {
  const put = async (value: unknown) => {
    const text = JSON.stringify(value)
    const hex = createHash('sha256').update(text).digest('hex')
    await writeFile(join(to, 'blobs/sha256', hex), text)
    return { digest: `sha256:${hex}`, size: text.length }
  }
  const type = (name: string) => ({ mediaType: `application/vnd.oci.image.${name}` })
  const configuration = await put({
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [diffId] },
  })
  const manifest = await put({
    schemaVersion: 2,
    ...type('manifest.v1+json'),
    config: { ...type('config.v1+json'), ...configuration },
    layers: [{ ...type('layer.v1.tar+gzip'), ...layer }],
  })
  const named = { 'org.opencontainers.image.ref.name': 'latest' }
  const manifests = [{ ...type('manifest.v1+json'), ...manifest, annotations: named }]
  await writeFile(
    join(to, 'index.json'),
    JSON.stringify({ schemaVersion: 2, ...type('index.v1+json'), manifests }),
  )
  await writeFile(join(to, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return `sha256:${hash.digest('hex')}`
}
