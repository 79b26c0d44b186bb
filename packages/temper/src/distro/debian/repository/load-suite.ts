import { TemperError } from '../../../base/error.ts'
import type { LockedSuite } from '../../../model/lock.ts'
import type { PackageIndex } from '../../../model/package/package.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'
import type { Architecture } from '../../../model/platform.ts'
import { tryMirrors } from '../../shared/fetching/attempts.ts'
import type { Mirror } from '../../shared/fetching/mirror.ts'
import { chooseIndices } from '../index/choice.ts'
import { type IndexOptions, loadIndex } from '../index/load.ts'
import { fetchRelease, recallSeen, rememberSeen, type VerifiedRelease } from './release.ts'
import { isAbsence, type SuiteRequest, suiteTitle } from './suite.ts'

/** A suite whose Release file and indices were verified. */
export interface LoadedSuite {
  readonly locked: LockedSuite
  readonly release: VerifiedRelease
  /** Indices of each architecture that was asked for. */
  readonly indices: ReadonlyMap<Architecture, readonly PackageIndex[]>
}

export interface SuiteOptions extends IndexOptions {
  readonly access: ArchiveAccess
  readonly now: Date
  readonly architectures: readonly Architecture[]
}

/**
 * Reads a suite from the first mirror that serves a good Release file and all indices that belong to it. A mirror
 * that switches to a new state midway is read once more from the start. Offline, the last state used is returned.
 * Errors: as `fetchRelease` and `loadIndex`.
 */
export async function loadSuite(request: SuiteRequest, options: SuiteOptions): Promise<LoadedSuite> {
  const { access } = options
  if (access.offline) {
    return loadIndices(request, await recallSeen(request, options), options)
  }
  const loaded = await tryMirrors(request.mirrors, (mirror) => loadFrom(request, mirror, options), {
    what: suiteTitle(request),
    progress: access.progress,
  })
  await rememberSeen(request, loaded.release, access)
  return loaded
}

async function loadFrom(request: SuiteRequest, mirror: Mirror, options: SuiteOptions): Promise<LoadedSuite> {
  const release = await fetchRelease(request, mirror, options)
  try {
    return await loadIndices(request, release, options)
  } catch (error) {
    if (!isBetweenStates(error)) throw error
    options.access.progress.note(`${error.message}; asking ${mirror.address} again`)
    return loadIndices(request, await fetchRelease(request, mirror, options), options)
  }
}

/** Wrong bytes, or none, under a name that the Release file gives: the mirror may just be updated. */
function isBetweenStates(error: unknown): error is TemperError {
  if (!(error instanceof TemperError)) return false
  return error.code === 'digest-mismatch' || error.code === 'limit-exceeded' || isAbsence(error)
}

async function loadIndices(
  request: SuiteRequest,
  release: VerifiedRelease,
  options: SuiteOptions,
): Promise<LoadedSuite> {
  const indices = new Map<Architecture, readonly PackageIndex[]>()
  for (const architecture of options.architectures) {
    const parts: PackageIndex[] = []
    const hasSome = request.architectures?.includes(architecture) ?? true
    for (const choices of hasSome ? chooseIndices(release.file, request, architecture) : []) {
      parts.push(await loadIndex(request, release, { ...options, choices }))
    }
    indices.set(architecture, parts)
  }
  return { release, indices, locked: lockedSuite(request, release) }
}

function lockedSuite(request: SuiteRequest, release: VerifiedRelease): LockedSuite {
  return {
    repository: request.repository,
    address: release.mirror.address,
    suite: request.suite,
    components: request.components,
    digest: release.digest,
    date: release.file.date.toISOString().replace('.000Z', 'Z'),
    signedBy: release.signedBy,
  }
}
