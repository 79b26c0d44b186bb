import { zstdDecompressSync } from 'node:zlib'
import { TemperError } from '../../base/error.ts'
import { parseJson } from '../../base/json/parse.ts'
import { type JsonObject, objectOf, textOf } from '../../base/json/value.ts'
import type { FileContent } from '../cataloguer.ts'

/** A package from which slices were cut. */
export interface ChiselPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
  /** SHA-256 of the archive, hex. */
  readonly sha256?: string
  /** Without leading slash. */
  readonly files: readonly string[]
}

export const chiselManifest = 'var/lib/chisel/manifest.wall'

/** Most bytes of it, unpacked: that of a whole Ubuntu has some twenty million. */
const wallLimit = 256 << 20
const packageLimit = 100_000

/**
 * Chisel's manifest: zstd over one JSON object per line (canonical/chisel, "jsonwall" 1.0 with the kinds package,
 * slice, path and content). Slices are called PACKAGE_NAME. Throws `bad-archive` for what is not one,
 * `limit-exceeded`.
 */
export function readChiselManifest({ bytes, path }: FileContent): readonly ChiselPackage[] {
  const lines = inflate(bytes, path).split('\n')
  if (objectOf(parsed(lines[0] ?? '', path))?.['jsonwall'] === undefined)
    throw damaged(path, 'it does not start like one')
  const packages = new Map<string, JsonObject>()
  const files = new Map<string, string[]>()
  for (const line of lines.slice(1)) {
    // Nearly all lines are about paths: only those of interest are parsed.
    if (line.startsWith('{"kind":"content"') || line.startsWith('{"kind":"slice"') || line.trim() === '')
      continue
    const entry = objectOf(parsed(line, path))
    const name = textOf(entry?.['name'])
    if (entry?.['kind'] === 'package' && name !== undefined) packages.set(name, entry)
    if (packages.size > packageLimit)
      throw new TemperError('limit-exceeded', `it lists more than ${packageLimit} packages`)
    if (entry?.['kind'] === 'path' && entry['sha256'] !== undefined) own(entry, files)
  }
  return [...packages].flatMap(([name, entry]) => {
    const version = textOf(entry['version'])
    const sha256 = textOf(entry['sha256'])
    if (version === undefined || /\s/.test(version)) return []
    return {
      name,
      version,
      architecture: textOf(entry['arch']) ?? '',
      files: files.get(name) ?? [],
      ...(sha256 === undefined ? {} : { sha256 }),
    }
  })
}

/** A file belongs to the package of the first slice that has it. */
function own(entry: JsonObject, files: Map<string, string[]>): void {
  const path = textOf(entry['path'])?.replace(/^\/+/, '')
  const slices = entry['slices']
  const slice = Array.isArray(slices) ? textOf(slices[0]) : undefined
  const owner = slice?.slice(0, slice.indexOf('_'))
  if (path === undefined || owner === undefined) return
  const there = files.get(owner)
  if (there === undefined) files.set(owner, [path])
  else there.push(path)
}

function inflate(bytes: Uint8Array, path: string): string {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: wallLimit }).toString('utf8')
  } catch (error) {
    if (error instanceof RangeError)
      throw new TemperError('limit-exceeded', `it has more than ${wallLimit} bytes unpacked`, {
        cause: error,
      })
    throw damaged(path, 'it cannot be unpacked', error)
  }
}

function parsed(line: string, path: string): unknown {
  const refuse = (found: string) => damaged(path, `a line of it is ${found}`)
  return parseJson(line, { where: path, depth: 64, refuse })
}

function damaged(path: string, reason: string, cause?: unknown): TemperError {
  return new TemperError('bad-archive', `${path} is not a manifest of chisel: ${reason}`, { cause })
}
