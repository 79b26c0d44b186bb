import { TemperError } from '../../../base/error.ts'
import type { FileContent } from '../../cataloguer.ts'
import { textLimit } from '../document.ts'
import type { LanguageFact } from '../fact.ts'
import { readDepsJson } from './json-manifests.ts'

/**
 * The signature of bundles, which .NET's host looks for in itself (dotnet/runtime, src/native/corehost, bundle_marker.cpp). The
 * eight bytes in front of it say where the bundle's header is; zero in hosts without one.
 */
const marker = Buffer.from('8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae', 'hex')

/**
 * A .NET program published as a single file: the host with everything behind it, `*.deps.json` too, whose place the header
 * tells (dotnet/runtime, docs/design/features/single-file, "bundle format"; versions 2 and 6). Undefined for other programs.
 */
export function readBundle(file: FileContent): LanguageFact | undefined {
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length)
  const at = bytes.indexOf(marker)
  if (at < 8) return undefined
  const header = offset(bytes, at - 8)
  if (header === 0) return undefined
  const place = depsPlace(bytes, header)
  if (place.size === 0) return undefined
  return readDepsJson({ ...file, bytes: bytes.subarray(place.at, place.at + place.size) })
}

function depsPlace(bytes: Buffer, header: number): { readonly at: number; readonly size: number } {
  if (header + 13 > bytes.length) throw damaged('its header is behind its end')
  const major = bytes.readUInt32LE(header)
  // Version 1 is that of .NET Core 3: without a list of special files, and unpacked before it runs.
  if (major < 2 || major > 100) return { at: 0, size: 0 }
  const idLength = bytes[header + 12] ?? 0
  const start = header + 13 + idLength
  if (idLength > 127 || start + 16 > bytes.length) throw damaged('its header is cut off')
  const place = { at: offset(bytes, start), size: offset(bytes, start + 8) }
  if (place.size > textLimit || place.at + place.size > bytes.length)
    throw damaged('its list of packages is behind its end')
  return place
}

function offset(bytes: Buffer, at: number): number {
  const value = bytes.readBigInt64LE(at)
  if (value < 0n || value > BigInt(bytes.length)) throw damaged('a place in it is behind its end')
  return Number(value)
}

function damaged(reason: string): TemperError {
  return new TemperError('bad-archive', `This .NET bundle is damaged: ${reason}`)
}
