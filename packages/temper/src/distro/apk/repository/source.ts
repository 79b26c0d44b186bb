import { mapLimit } from '../../../base/concurrency.ts'
import { sha256 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import type { LockedSuite } from '../../../model/lock.ts'
import type { IndexedPackage } from '../../../model/package/package.ts'
import type {
  ArchivePath,
  PackageSource,
  PackageSourceRequest,
} from '../../../model/package/package-source.ts'
import type { Architecture } from '../../../model/platform.ts'
import { nameOf } from '../../../model/tree/path.ts'
import type { Mirror } from '../../shared/fetching/mirror.ts'
import { ApkPackageIndex } from '../index/package-index.ts'
import type { ApkRelease } from '../release.ts'
import { loadIndex, type SignedIndex, timeText } from './load.ts'
import { pinPackages } from './pin.ts'
import { repositoriesOf } from './repositories.ts'
import type { Repository } from './repository.ts'

/**
 * A release with the repositories of a recipe as one signature-checked snapshot, taken at the first call of `index`.
 */
export class ApkSource implements PackageSource {
  readonly #release: ApkRelease
  readonly #request: PackageSourceRequest
  readonly #pathOf: ArchivePath
  #loading: Promise<void> | undefined
  #loaded: readonly SignedIndex[] = []
  #repositories: readonly Repository[] = []
  readonly #indices = new Map<Architecture, ApkPackageIndex>()

  constructor(release: ApkRelease, request: PackageSourceRequest, pathOf: ArchivePath) {
    this.#release = release
    this.#request = request
    this.#pathOf = pathOf
  }

  async index(architecture: Architecture): Promise<ApkPackageIndex> {
    this.#loading ??= this.#load()
    await this.#loading
    const index = this.#indices.get(architecture)
    if (index === undefined)
      throw new TemperError('internal', `The source was opened without the architecture ${architecture}`)
    return index
  }

  /** One entry for each repository and suite, over all parts and architectures. */
  suites(): readonly LockedSuite[] {
    const groups = Map.groupBy(this.#loaded, ({ repository: { id, suite } }) => `${id}\n${suite}`)
    return [...groups.values()].flatMap((group) => {
      const [first] = group
      if (first === undefined) return []
      const { id, suite } = first.repository
      const lines = group.map(({ folder, digest }) => `${folder} ${digest}\n`).sort()
      return {
        repository: id,
        suite,
        address: first.address,
        components: [...new Set(group.map(({ repository: { component } }) => component))],
        digest: group.length === 1 ? first.digest : sha256(lines.join('')),
        date: timeText(Math.max(...group.map(({ index }) => index.time))),
        signedBy: fingerprints(group),
      }
    })
  }

  keys(): readonly string[] {
    return fingerprints(this.#loaded)
  }

  /** The packages that have files, found by what they provide: a library as "so:NAME", a program as "cmd:NAME". */
  async owners(files: readonly string[], architecture: Architecture): Promise<ReadonlyMap<string, string>> {
    const index = await this.index(architecture)
    return new Map(
      files.flatMap((file): [string, string][] => {
        const name = nameOf(file)
        const isLibrary = /\.so(?:\.|$)/.test(name)
        const isProgram = !isLibrary && (name === file || /(?:^|\/)s?bin\/[^/]+$/.test(file))
        if (!isLibrary && !isProgram) return []
        const [first] = index
          .providers(`${isLibrary ? 'so' : 'cmd'}:${name}`)
          .toSorted((a, b) => a.providerRank - b.providerRank || (a.name < b.name ? -1 : 1))
        return first === undefined ? [] : [[file, first.name]]
      }),
    )
  }

  async pin(packages: readonly IndexedPackage[]): Promise<readonly IndexedPackage[]> {
    const indices = [...this.#indices.values()]
    const mirrors = new Map<string, readonly Mirror[]>()
    // What served the index has its packages, and is asked first.
    for (const { id, mirrors: all } of this.#repositories) {
      const served = new Set(
        this.#loaded.filter(({ repository }) => repository.id === id).map(({ address }) => address),
      )
      mirrors.set(
        id,
        [...all].sort((a, b) => Number(served.has(b.address)) - Number(served.has(a.address))),
      )
    }
    return await pinPackages(packages, {
      access: this.#request.access,
      pathOf: this.#pathOf,
      mirrors,
      recordOf(indexed) {
        for (const index of indices) {
          const record = index.recordOf(indexed)
          if (record !== undefined) return record
        }
        throw new TemperError('internal', `${indexed.name} is in no index of this source`)
      },
    })
  }

  async #load(): Promise<void> {
    const { architectures, access } = this.#request
    this.#repositories = await repositoriesOf(this.#release, this.#request)
    const wanted = architectures.flatMap((architecture) =>
      this.#repositories.map((repository) => ({ architecture, repository })),
    )
    // All of them end before a failure is thrown, so that nothing writes any more then.
    const outcomes = await mapLimit(wanted, 4, async ({ architecture, repository }) => {
      const [outcome] = await Promise.allSettled([loadIndex(repository, architecture, access)])
      return outcome
    })
    const loaded = outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason
      return outcome.value
    })
    this.#loaded = loaded.filter((each) => each !== undefined)
    for (const architecture of architectures) {
      const parts = loaded.flatMap((each, at) =>
        each === undefined || wanted[at]?.architecture !== architecture ? [] : [each],
      )
      this.#indices.set(
        architecture,
        new ApkPackageIndex(
          parts.map(({ repository: { id, suite, component }, index, folder }) => ({
            origin: { repository: id, suite, component, folder },
            records: index.records,
          })),
        ),
      )
    }
  }
}

function fingerprints(indices: readonly SignedIndex[]): readonly string[] {
  const all = indices.flatMap(({ index }) => index.signers.map(({ fingerprint }) => fingerprint))
  return [...new Set(all)].sort()
}
