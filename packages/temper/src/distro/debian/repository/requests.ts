import { TemperError } from '../../../base/error.ts'
import type { RepositoryRequest } from '../../../model/recipe.ts'
import type { Mirror } from '../../shared/fetching/mirror.ts'
import { type DebianArchive, type DebianRelease, debianArchives, type ReleaseSuite } from '../releases.ts'
import { type KeyPlaces, releaseKeyring, repositoryKeyring } from './keys.ts'
import { type MirrorSettings, mirrorsOf, recipeMirrors, toDebianMirror } from './mirrors.ts'
import type { SuiteRequest } from './suite.ts'

/** What a recipe requests from Debian: the release, and repositories in addition to it or instead of its mirrors. */
export interface RequestOptions extends KeyPlaces {
  readonly release: DebianRelease
  readonly repositories: readonly RepositoryRequest[]
  readonly mirrors: MirrorSettings
  readonly now: Date
}

/**
 * All suites that a recipe reads. A repository with the name of one of Debian's archives stands for it: its address
 * is the first mirror, its components are added, a suite that the release does not have (such as backports) is read
 * too. When it names a key, or pins a time of the snapshot archive, no other mirror is used, because it would serve
 * something else.
 */
export async function suiteRequests(options: RequestOptions): Promise<SuiteRequest[]> {
  const { release } = options
  const repositories = options.repositories.map(withSuite)
  const requests: SuiteRequest[] = []
  for (const suite of wantedSuites(release, repositories)) requests.push(await debianRequest(suite, options))
  for (const repository of repositories) {
    if (isDebianArchive(repository.name)) continue
    const mirror = toDebianMirror(repository.address, 'recipe')
    requests.push({
      repository: repository.name,
      identity: mirror.address,
      suite: repository.suite,
      components: repository.components,
      ...(repository.architectures === undefined ? {} : { architectures: repository.architectures }),
      keys: await repositoryKeyring(repository, options),
      mirrors: [mirror],
      foreign: true,
    })
  }
  return requests
}

type SuiteRepository = RepositoryRequest & { readonly suite: string }

/** Errors: `bad-recipe` for a repository as apk has them. */
function withSuite(repository: RepositoryRequest): SuiteRepository {
  const { suite, tagged, name } = repository
  if (suite !== undefined && tagged === undefined) return { ...repository, suite }
  throw new TemperError(
    'bad-recipe',
    `The repository ${name} names no suite, which repositories of Debian need`,
    {
      hint: 'Write "deb ADDRESS SUITE COMPONENT…", or give the "suite".',
    },
  )
}

type WantedSuite = ReleaseSuite & {
  readonly components: readonly string[]
  /** The recipe's repositories for the same archive. */
  readonly stands: readonly SuiteRepository[]
}

function wantedSuites(release: DebianRelease, repositories: readonly SuiteRepository[]): WantedSuite[] {
  const standing = (archive: DebianArchive) => repositories.filter(({ name }) => name === archive)
  const wanted: WantedSuite[] = release.suites.map((suite) => ({
    ...suite,
    components: release.components,
    stands: standing(suite.archive),
  }))
  for (const archive of debianArchives) {
    for (const { suite, components } of standing(archive)) {
      const index = wanted.findIndex((known) => known.archive === archive && known.suite === suite)
      const known = wanted[index]
      if (known) wanted[index] = { ...known, components: [...new Set([...known.components, ...components])] }
      else {
        const keys = release.suites.find((own) => own.archive === archive)?.keys ?? []
        wanted.push({ archive, suite, keys, components, stands: standing(archive) })
      }
    }
  }
  return wanted
}

async function debianRequest(wanted: WantedSuite, options: RequestOptions): Promise<SuiteRequest> {
  const { archive, suite, components } = wanted
  const signer = wanted.stands.find(({ key, fingerprint }) => key !== undefined || fingerprint !== undefined)
  const own = wanted.stands.map(({ address }) => toDebianMirror(address, 'recipe'))
  const pinned = own.find((mirror) => mirror.snapshot)
  const settings = { recipe: recipeMirrors(options.repositories), ...options.mirrors }
  const mirrors: readonly Mirror[] = signer || pinned ? own : mirrorsOf(archive, settings, options.now)
  return {
    repository: archive,
    // What is older on purpose must not be measured by, or count as, what is current.
    identity: pinned?.address ?? (signer ? signer.address : archive),
    suite,
    components,
    keys: signer ? await repositoryKeyring(signer, options) : await releaseKeyring(wanted, options.keysDir),
    mirrors,
    foreign: false,
  }
}

function isDebianArchive(name: string): boolean {
  return debianArchives.some((archive) => archive === name)
}
