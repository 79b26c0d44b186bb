import { join } from 'node:path'
import { type Digest, sha256 } from '../../../base/digest.ts'
import { ValueCache } from '../../../base/value-cache.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'

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

/**
 * What was last seen of each suite, per identity of the repository, not per mirror. A damaged entry counts as not
 * seen, with a warning; whoever can write there could remove it as well.
 */
export class SeenReleases {
  readonly #values: ValueCache
  readonly #told: ValueCache

  constructor({ cacheDir, progress }: Pick<ArchiveAccess, 'cacheDir' | 'progress'>) {
    this.#values = new ValueCache(join(cacheDir, 'seen'), progress)
    this.#told = new ValueCache(join(cacheDir, 'seen'), { note: (text) => progress.warn(text) })
  }

  /** Where it is remembered. */
  path(identity: string, suite: string): string {
    return this.#values.path(keyOf(identity, suite))
  }

  /** Undefined when the suite was never seen. */
  async read(identity: string, suite: string): Promise<SeenRelease | undefined> {
    return await this.#told.getJson<SeenRelease>(keyOf(identity, suite))
  }

  /** Remembers a release unless a newer one is remembered already. */
  async write(identity: string, release: SeenRelease): Promise<void> {
    const before = await this.#values.getJson<SeenRelease>(keyOf(identity, release.suite))
    if (before && Date.parse(before.date) > Date.parse(release.date)) return
    if (before && JSON.stringify(before) === JSON.stringify(release)) return
    await this.#values.put(keyOf(identity, release.suite), JSON.stringify(release))
  }
}

function keyOf(identity: string, suite: string): Digest {
  return sha256(JSON.stringify([identity, suite]))
}
