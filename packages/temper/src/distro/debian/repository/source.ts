import { mapLimit } from '../../../base/concurrency.ts'
import { TemperError } from '../../../base/error.ts'
import type { PackageIndex } from '../../../model/package/package.ts'
import type { ArchivePath, PackageSource } from '../../../model/package/package-source.ts'
import type { Architecture } from '../../../model/platform.ts'
import type { Mirror } from '../../shared/fetching/mirror.ts'
import { combineIndices } from '../index/combined.ts'
import { findOwners } from '../owners/find.ts'
import { type LoadedSuite, loadSuite } from './load-suite.ts'
import { pinListed } from './pin.ts'
import { type RequestOptions, suiteRequests } from './requests.ts'
import type { SuiteRequest } from './suite.ts'

export interface DebianSourceOptions extends RequestOptions {
  /** All that will be asked for: their indices are read together, so that they are of one state. */
  readonly architectures: readonly Architecture[]
  readonly pathOf: ArchivePath
  /** Path of the host's xz; without it the built-in decoder is used. */
  readonly xzProgram?: string | undefined
}

/**
 * A release of Debian with the repositories of a recipe as one signature-checked snapshot, taken at the
 * first call of `index`. Errors: those of `loadSuite` and `suiteRequests`.
 */
export function createDebianSource(options: DebianSourceOptions): PackageSource {
  let loaded: readonly LoadedSuite[] = []
  let requests: readonly SuiteRequest[] = []
  let loading: Promise<readonly LoadedSuite[]> | undefined
  const combined = new Map<Architecture, PackageIndex>()
  const load = async (): Promise<readonly LoadedSuite[]> => {
    requests = await suiteRequests(options)
    // All of them end before a failure is thrown, so that nothing writes any more then.
    const outcomes = await mapLimit(requests, 4, async (request) => {
      const [outcome] = await Promise.allSettled([loadSuite(request, options)])
      return outcome
    })
    loaded = outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason
      return outcome.value
    })
    return loaded
  }
  const source: PackageSource = {
    async index(architecture) {
      if (!options.architectures.includes(architecture)) {
        throw new TemperError('internal', `The source was opened without the architecture ${architecture}`)
      }
      loading ??= load()
      const suites = await loading
      const known = combined.get(architecture)
      if (known) return known
      const parts = suites.flatMap(({ indices }) => indices.get(architecture) ?? [])
      const index = combineIndices(parts, architecture)
      combined.set(architecture, index)
      return index
    },
    async pin(packages) {
      const mirrors = servedFirst(requests, loaded)
      return await pinListed(packages, { access: options.access, pathOf: options.pathOf, mirrors })
    },
    owners: async (files, architecture) => {
      const index = await source.index(architecture)
      const suites = requests.flatMap((request, i) => {
        const release = loaded[i]?.release
        return release === undefined ? [] : [{ request, release }]
      })
      const owners = await findOwners(files, suites, { access: options.access, architecture })
      return new Map([...owners].filter(([, name]) => index.versions(name).length > 0))
    },
    suites: () => loaded.map(({ locked }) => locked),
    keys: () => [...new Set(loaded.flatMap(({ locked }) => locked.signedBy))].sort(),
  }
  return source
}

/** Where the packages of each repository are: what served its index has them, and is asked first. */
function servedFirst(
  requests: readonly SuiteRequest[],
  loaded: readonly LoadedSuite[],
): ReadonlyMap<string, readonly Mirror[]> {
  const served = new Set(loaded.map(({ locked: { repository, address } }) => `${repository} ${address}`))
  const mirrors = new Map<string, readonly Mirror[]>()
  for (const { repository, mirrors: more } of requests) {
    const all = [...(mirrors.get(repository) ?? []), ...more]
    const isServed = ({ address }: Mirror) => Number(served.has(`${repository} ${address}`))
    mirrors.set(
      repository,
      all.sort((a, b) => isServed(b) - isServed(a)),
    )
  }
  return mirrors
}
