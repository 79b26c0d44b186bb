import { join } from 'node:path'
import { type Digest, hexOf, isDigest, sha256 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { readFileIfExists, writeFileAtomic } from '../../../base/file.ts'

/** The newest state of a suite that was used: guards against going back, and answers when offline. */
export interface SeenRelease {
  readonly repository: string
  readonly suite: string
  /** Base address that served it. */
  readonly address: string
  /** The Date field, RFC 3339. */
  readonly date: string
  /** Digest of the signed file as served. */
  readonly signed: Digest
}

/** Where a suite is remembered: per identity of the repository, not per mirror. */
export function seenPath(cacheDir: string, identity: string, suite: string): string {
  return join(cacheDir, 'seen', `${hexOf(sha256(JSON.stringify([identity, suite]))).slice(0, 32)}.json`)
}

/** Undefined when the suite was never seen. A damaged file is an error: it must not switch the guard off. */
export async function readSeen(path: string): Promise<SeenRelease | undefined> {
  const bytes = await readFileIfExists(path)
  if (!bytes) return undefined
  const value = parseObject(new TextDecoder().decode(bytes.subarray(0, 65_536)))
  const { repository, suite, address, date, signed } = value ?? {}
  const texts = [repository, suite, address, date].every((text) => typeof text === 'string')
  if (
    !texts ||
    typeof signed !== 'string' ||
    !isDigest(signed) ||
    !Number.isFinite(Date.parse(String(date)))
  ) {
    throw new TemperError('file-system', `${path} is damaged: expected what was last seen of a suite`, {
      hint: 'Remove the file. The next run then trusts the date that a mirror says.',
    })
  }
  return {
    repository: String(repository),
    suite: String(suite),
    address: String(address),
    date: String(date),
    signed,
  }
}

/** Remembers a release unless a newer one is remembered already. */
export async function writeSeen(path: string, release: SeenRelease): Promise<void> {
  const before = await readSeen(path)
  if (before && Date.parse(before.date) > Date.parse(release.date)) return
  if (before && JSON.stringify(before) === JSON.stringify(release)) return
  await writeFileAtomic(path, `${JSON.stringify(release)}\n`)
}

/** The object that a JSON text holds; undefined for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
