import { createHash, hash } from 'node:crypto'
import { TemperError } from './error.ts'

/** A SHA-256 digest as OCI writes it (image-spec, descriptor.md#digests). */
export type Digest = `sha256:${string}`

/** The checksum that a repository gives for a file: a digest, or SHA-512 where it gives nothing else. */
export type Checksum = Digest | `sha512:${string}`

const pattern = /^sha256:[0-9a-f]{64}$/

export function isDigest(text: string): text is Digest {
  return pattern.test(text)
}

/** Whether a text is a SHA-512 checksum with its algorithm before it. */
export function isSha512(text: string): text is `sha512:${string}` {
  return /^sha512:[0-9a-f]{128}$/.test(text)
}

/** Checks that `text` is a SHA-256 digest in lower-case hex. `where` names the place for the error. */
export function parseDigest(text: string, where: string): Digest {
  if (isDigest(text)) return text
  throw new TemperError(
    'bad-image',
    `${where}: expected a digest "sha256:<64 hex digits>", found "${text.slice(0, 80)}"`,
  )
}

export function sha256(bytes: Uint8Array | string): Digest {
  return `sha256:${hash('sha256', bytes)}`
}

/** The hex part of a digest or checksum. */
export function hexOf(checksum: Checksum): string {
  return checksum.slice(checksum.indexOf(':') + 1)
}

export interface Hasher {
  update(bytes: Uint8Array): void
  /** Finishes; may be called once. */
  digest(): Digest
}

export function createHasher(): Hasher {
  const hash = createHash('sha256')
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => `sha256:${hash.digest('hex')}`,
  }
}

/** A hasher of the same algorithm as `checksum`. */
export function checksumHasher(checksum: Checksum): {
  update(bytes: Uint8Array): void
  checksum(): Checksum
} {
  const algorithm = isSha512(checksum) ? 'sha512' : 'sha256'
  const hash = createHash(algorithm)
  return {
    update: (bytes) => void hash.update(bytes),
    checksum: () => `${algorithm}:${hash.digest('hex')}`,
  }
}

/**
 * Passes `source` on and checks size and digest at its end. A consumer that finishes normally has read
 * exactly the promised bytes; too many bytes fail as soon as they are seen.
 */
export async function* verified(
  source: AsyncIterable<Uint8Array>,
  expected: { readonly digest: Digest; readonly size?: number; readonly what: string },
): AsyncGenerator<Uint8Array, void, void> {
  const hasher = createHasher()
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (expected.size !== undefined && size > expected.size)
      throw mismatch(expected, `more than ${expected.size} bytes`)
    hasher.update(chunk)
    yield chunk
  }
  if (expected.size !== undefined && size !== expected.size) throw mismatch(expected, `${size} bytes`)
  const actual = hasher.digest()
  if (actual !== expected.digest) throw mismatch(expected, actual)
}

function mismatch(expected: { digest: Digest; size?: number; what: string }, found: string): TemperError {
  const size = expected.size === undefined ? '' : ` (${expected.size} bytes)`
  return new TemperError(
    'digest-mismatch',
    `${expected.what}: expected ${expected.digest}${size}, found ${found}`,
    {
      hint: 'The source may be damaged, or have changed in the meantime. Try again; if it happens again, use another mirror.',
    },
  )
}
