import { createHash, hash } from 'node:crypto'

/*
 * A value that proves itself: one line with the SHA-256 of its name and content in hex, then the content. A disk, a power
 * cut between writing and renaming, or another program may have flipped, cut off or zeroed any of it, or have put the file
 * under another name; then it is none.
 */

const lineSize = 65

/** The line that precedes `content`, whole or in pieces, and proves it. `name` says whose value it is. */
export function sealOf(name: string, content: Uint8Array | string | readonly Uint8Array[]): string {
  const inner = Array.isArray(content) ? hashOf(content) : hash('sha256', content as Uint8Array | string)
  return `${hash('sha256', `${inner} ${name}`)}\n`
}

function hashOf(pieces: readonly Uint8Array[]): string {
  const hasher = createHash('sha256')
  for (const piece of pieces) hasher.update(piece)
  return hasher.digest('hex')
}

/** The content of a sealed value; undefined when it is damaged or has another name. */
export function unsealed(name: string, bytes: Uint8Array): Uint8Array | undefined {
  const content = bytes.subarray(lineSize)
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(lineSize, bytes.length)).toString(
    'latin1',
  )
  return line === sealOf(name, content) ? content : undefined
}
