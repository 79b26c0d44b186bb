import { join } from 'node:path'
import { tryUtf8 } from '../../../base/bytes.ts'
import { readFileIfExists } from '../../../base/file.ts'
import type { LockedSuite } from '../../../model/lock.ts'
import type { RepositoryWorld } from '../../../model/package/package-source.ts'
import { type Mirror, toMirror, withoutDoubles } from '../../shared/fetching/mirror.ts'
import { alpineAddress, alpineRepository } from '../releases.ts'

const fileLimit = 1024 * 1024
/** A line of /etc/apk/repositories whose address is a release's folder on a mirror. */
const hostLine = /^(https?:\/\/[^\s@]+?)\/+(?:v\d+\.\d+|edge)\/+(?:main|community)\/*$/

/** Mirrors of Alpine in the order of preference: recipe, configuration, the host's own, the project's. */
export async function alpineMirrors(world: RepositoryWorld): Promise<readonly Mirror[]> {
  const { configured, hostRoot } = world.mirrors
  const own = world.repositories.filter(({ name }) => name === alpineRepository)
  return withoutDoubles([
    ...own.map(({ address }) => toMirror(address, 'recipe')),
    ...(configured[alpineRepository] ?? []).map((address) => toMirror(address, 'configuration')),
    ...(await hostMirrors(hostRoot)).map((address) => toMirror(address, 'host')),
    toMirror(alpineAddress, 'host'),
  ])
}

/** Addresses that the host's apk uses; whatever release the host runs, a mirror has all of them. */
async function hostMirrors(root: string): Promise<readonly string[]> {
  const bytes = await readFileIfExists(join(root, 'etc/apk/repositories')).catch(() => undefined)
  const text = bytes === undefined || bytes.length > fileLimit ? undefined : tryUtf8(bytes)
  return (text ?? '').split('\n').flatMap((line) => hostLine.exec(line.trim())?.[1] ?? [])
}

/** Where the packages of a lock can be fetched, by repository id: what is configured now, then what served the lock. */
export async function packageMirrors(
  suites: readonly Pick<LockedSuite, 'repository' | 'address'>[],
  world: RepositoryWorld,
): Promise<ReadonlyMap<string, readonly Mirror[]>> {
  const mirrors = new Map<string, readonly Mirror[]>()
  for (const id of new Set(suites.map(({ repository }) => repository))) {
    const locked = suites.filter(({ repository }) => repository === id)
    const served = locked.map(({ address }) => toMirror(address, 'lock'))
    const now = id === alpineRepository ? await alpineMirrors(world) : []
    mirrors.set(id, withoutDoubles([...now, ...served]))
  }
  return mirrors
}
