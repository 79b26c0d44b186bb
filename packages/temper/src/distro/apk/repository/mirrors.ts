import { join } from 'node:path'
import { tryUtf8 } from '../../../base/bytes.ts'
import { readFileIfExists } from '../../../base/file.ts'
import type { LockedSuite } from '../../../model/lock.ts'
import type { RepositoryWorld } from '../../../model/package/package-source.ts'
import { type Mirror, toMirror, withoutDoubles } from '../../shared/fetching/mirror.ts'
import type { ApkRelease } from '../release.ts'

const fileLimit = 1024 * 1024

/** Mirrors of the distribution's own repository in the order of preference: recipe, configuration, the host's own, the project's. */
export async function ownMirrors(
  { repository, address, hostLine }: Pick<ApkRelease, 'repository' | 'address' | 'hostLine'>,
  world: RepositoryWorld,
): Promise<readonly Mirror[]> {
  const { configured, hostRoot } = world.mirrors
  const own = world.repositories.filter(({ name }) => name === repository)
  return withoutDoubles([
    ...own.map((each) => toMirror(each.address, 'recipe')),
    ...(configured[repository] ?? []).map((each) => toMirror(each, 'configuration')),
    ...(await hostMirrors(hostRoot, hostLine)).map((each) => toMirror(each, 'host')),
    toMirror(address, 'host'),
  ])
}

/** Addresses that the host's apk uses. */
async function hostMirrors(root: string, line: RegExp): Promise<readonly string[]> {
  const bytes = await readFileIfExists(join(root, 'etc/apk/repositories')).catch(() => undefined)
  const text = bytes === undefined || bytes.length > fileLimit ? undefined : tryUtf8(bytes)
  return (text ?? '').split('\n').flatMap((each) => line.exec(each.trim())?.[1] ?? [])
}

/** Where the packages of a lock can be fetched, by repository id: what is configured now, then what served the lock. */
export async function packageMirrors(
  release: ApkRelease,
  suites: readonly Pick<LockedSuite, 'repository' | 'address'>[],
  world: RepositoryWorld,
): Promise<ReadonlyMap<string, readonly Mirror[]>> {
  const mirrors = new Map<string, readonly Mirror[]>()
  for (const id of new Set(suites.map(({ repository }) => repository))) {
    const locked = suites.filter(({ repository }) => repository === id)
    const served = locked.map(({ address }) => toMirror(address, 'lock'))
    const now = id === release.repository ? await ownMirrors(release, world) : []
    mirrors.set(id, withoutDoubles([...now, ...served]))
  }
  return mirrors
}
