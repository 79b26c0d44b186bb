import { collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { parseStanzas } from '../../formats/deb822.ts'
import { layerTar } from '../../formats/layer/tar.ts'
import { readTar } from '../../formats/tar/read.ts'
import type { Layer } from '../../model/image.ts'
import type { Context } from '../context.ts'

/** A package as the database inside an image lists it. */
export interface InstalledPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
  /** Source package. */
  readonly source: string
}

/** Most bytes of the database in all layers together. */
const databaseLimit = 128 << 20
const statusFolder = 'var/lib/dpkg/status.d'

/**
 * Reads the Debian package database out of an image's layers: var/lib/dpkg/status and the files of
 * status.d, upper layers hiding lower ones (image-spec layer.md, whiteouts). Sorted by name.
 */
export async function installedPackages(
  layers: readonly Layer[],
  context: Context,
): Promise<InstalledPackage[]> {
  const total = layers.reduce((sum, layer) => sum + layer.descriptor.size, 0)
  const task = context.progress.start('Reading layers', { total, unit: 'bytes' })
  const database = new Map<string, string>()
  const room = { bytes: databaseLimit }
  try {
    for (const layer of layers) {
      context.signal.throwIfAborted()
      const { files, removed } = await databaseFiles(layer, room, (amount) => task.advance(amount))
      for (const gone of removed) hide(database, gone)
      for (const [path, text] of files) database.set(path, text)
    }
  } finally {
    task.done()
  }
  const packages = [...database].flatMap(([path, text]) => parseDatabase(path, text))
  return packages.sort((a, b) => compare(a.name, b.name) || compare(a.architecture, b.architecture))
}

/** Forgets what a whiteout hides: one file, or a folder with all that is in it. */
function hide(database: Map<string, string>, gone: string): void {
  database.delete(gone)
  if (!holdsDatabase(gone)) return
  for (const path of database.keys()) if (gone === '' || path.startsWith(`${gone}/`)) database.delete(path)
}

/** Whether a folder holds anything of the database; "" is the root. */
function holdsDatabase(folder: string): boolean {
  return folder === '' || `${statusFolder}/`.startsWith(`${folder}/`)
}

interface LayerDatabase {
  readonly files: ReadonlyMap<string, string>
  /** Paths of lower layers that this layer hides. */
  readonly removed: readonly string[]
}

async function databaseFiles(
  layer: Layer,
  room: { bytes: number },
  advance: (amount: number) => void,
): Promise<LayerDatabase> {
  const files = new Map<string, string>()
  const removed: string[] = []
  const what = `layer ${layer.descriptor.digest}`
  const tar = await layerTar(counted(layer.open(), advance), what)
  for await (const { entry, content } of readTar(tar, { what, endMarker: 'optional' })) {
    const hidden = whiteout(entry.path)
    if (hidden !== undefined) {
      // A layer may have any number of whiteouts; few of them matter here.
      if (isDatabase(hidden) || holdsDatabase(hidden)) removed.push(hidden)
    } else if (entry.type === 'file' && isDatabase(entry.path)) {
      const bytes = await collect(content, { limit: room.bytes, what: `${what}, ${entry.path}` })
      // Empty files count too: each is an entry in memory.
      room.bytes -= bytes.length + entry.path.length + 100
      if (room.bytes < 0)
        throw new TemperError('limit-exceeded', `${what}: the package database is too large`)
      files.set(entry.path, Buffer.from(bytes).toString('utf8'))
    }
  }
  return { files, removed }
}

/** The path that a whiteout entry hides, if it is one. */
function whiteout(path: string): string | undefined {
  const slash = path.lastIndexOf('/')
  const name = path.slice(slash + 1)
  if (name === '.wh..wh..opq') return path.slice(0, Math.max(0, slash))
  return name.startsWith('.wh.') ? path.slice(0, slash + 1) + name.slice('.wh.'.length) : undefined
}

function isDatabase(path: string): boolean {
  if (path === 'var/lib/dpkg/status') return true
  return path.startsWith(`${statusFolder}/`) && !path.endsWith('.md5sums')
}

async function* counted(source: AsyncIterable<Uint8Array>, advance: (amount: number) => void) {
  for await (const chunk of source) {
    advance(chunk.length)
    yield chunk
  }
}

function parseDatabase(path: string, text: string): readonly InstalledPackage[] {
  try {
    return parseStanzas(text, { what: path, code: 'bad-archive' }).flatMap((stanza) => {
      const name = stanza.get('Package')
      const version = stanza.get('Version')
      const status = stanza.get('Status')
      if (name === undefined || version === undefined) return []
      if (status !== undefined && !status.endsWith(' installed')) return []
      const source = (stanza.get('Source') ?? name).replace(/ .*/, '')
      return [{ name, version, architecture: stanza.get('Architecture') ?? '', source }]
    })
  } catch (error) {
    if (!(error instanceof TemperError) || error.code === 'internal') throw error
    throw new TemperError('bad-image', `The package database of the image is damaged: ${error.message}`, {
      cause: error,
    })
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
