import type { Digest } from '../../base/digest.ts'
import type { FetchedPackage, FetchPackages } from '../../model/package/package-source.ts'

/** Archives that are being fetched: each can be read as soon as it has arrived, while others are still coming. */
export interface Arriving {
  /**
   * Waits until the archive has arrived; fails when it cannot be fetched. Returns at once for archives that are not
   * being fetched.
   */
  wait(digest: Digest): Promise<void>
  /**
   * Runs the reader of the archives, and ends when nothing is in progress any more. If an archive could not arrive,
   * that error counts.
   */
  during<T>(work: () => Promise<T>): Promise<T>
}

/** Starts to fetch archives. */
export function beginFetching(packages: readonly FetchedPackage[], fetchArchives: FetchPackages): Arriving {
  const arrivals = new Map(packages.map(({ digest }) => [digest, Promise.withResolvers<void>()]))
  // Whoever waits gets the error; that nobody does is no failure of its own.
  for (const { promise } of arrivals.values()) promise.catch(() => {})
  const all = fetchArchives(packages, { onArrived: (digest) => arrivals.get(digest)?.resolve() })
  all.then(
    () => {
      for (const { resolve } of arrivals.values()) resolve()
    },
    (error: unknown) => {
      for (const { reject } of arrivals.values()) reject(error)
    },
  )
  return {
    wait: async (digest) => await arrivals.get(digest)?.promise,
    during: async (work) => {
      const [done, fetched] = await Promise.allSettled([work(), all])
      if (fetched.status === 'rejected') throw fetched.reason
      if (done.status === 'rejected') throw done.reason
      return done.value
    },
  }
}
