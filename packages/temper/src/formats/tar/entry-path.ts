import { tryUtf8 } from '../../base/bytes.ts'
import { damaged, quoted, type TarPlace } from './fault.ts'

const plain = /^(?!\.{0,2}\/)[^\0]+$/
const odd = /\/\/|(?:^|\/)\.{1,2}(?:\/|$)/

/**
 * The path of an entry as the model writes it, without leading "./" and "/" and without "." and empty segments; empty
 * for the root itself. ".." segments, which would leave the tree, and NULs are refused.
 */
export function normalisePath(text: string, place: TarPlace): string {
  const end = text.endsWith('/') ? text.length - 1 : text.length
  const trimmed = text.slice(text.startsWith('./') ? 2 : 0, Math.max(end, text.startsWith('./') ? 2 : 0))
  if (plain.test(trimmed) && !odd.test(trimmed)) return trimmed
  if (text.includes('\0')) throw damaged(place, `the name ${quoted(text)} contains a NUL`)
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.')
  if (segments.includes('..'))
    throw damaged(place, `the name ${quoted(text)} leads out of the tree with ".."`)
  return segments.join('/')
}

/** Decodes a name; pure ASCII, the usual case, is recognised in one pass and decoded without a decoder. */
export function decodeName(bytes: Uint8Array, role: string, place: TarPlace): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (isAscii(buffer)) return buffer.toString('latin1')
  const text = tryUtf8(buffer)
  if (text === undefined) {
    if (place.names === 'escape') return escaped(buffer)
    throw damaged(place, `the ${role} ${quoted(buffer.toString('latin1'))} is not valid UTF-8`)
  }
  return text
}

/** Each byte that is not ASCII as "\\xE9": distinct names stay distinct. */
function escaped(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).toUpperCase()}`)
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) > 127) return false
  return true
}
