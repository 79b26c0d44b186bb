import { TemperError } from '../base/error.ts'
import type { Distro, DistroFamily, HostTools, Release } from '../model/distro.ts'
import type { ComponentType, Distribution } from '../model/inventory.ts'
import { alpine } from './alpine/distribution.ts'
import { debian } from './debian/distribution.ts'
import { wolfi } from './wolfi/distribution.ts'

/** The distributions that images can be built from, the default one first. A new one is one more word here. */
const known: readonly DistroFamily[] = [debian, alpine, wolfi]

/** What decides which distributions there are, and how fast they work. */
export interface DistroWorld extends HostTools {
  /** Distributions instead of those that Temper knows. */
  readonly distributions?: readonly DistroFamily[]
}

/** Opens the release that a recipe or lock names by id or code name. Errors: `bad-recipe` when there is no such. */
export async function openDistro(id: string, world: DistroWorld): Promise<Distro> {
  const match = findRelease(id, world)
  if (match !== undefined) {
    const { xzProgram } = world
    return await match.distribution.open(match.release, xzProgram === undefined ? {} : { xzProgram })
  }
  const ids = releaseIds(world)
  throw new TemperError('bad-recipe', `Unknown distribution "${id}": expected one of ${ids.join(', ')}`, {
    hint: `Write "distribution: ${ids[0]}".`,
  })
}

/** Ids of all releases, the default one first. */
export function releaseIds({ distributions = known }: DistroWorld): readonly string[] {
  return distributions.flatMap(({ releases }) => releases.map(({ id }) => id))
}

/** The distribution for an image that anybody built. */
export interface ForeignDistro {
  /** The release of the image, or else the newest of its family, which has the same package manager and loader. */
  readonly distro: Distro
  /** Whether it is exactly the image's release, so that its archive can be used. */
  readonly isRelease: boolean
}

/** Finds the distribution of an image by its os-release(5); undefined when there is none. */
export async function openForeignDistro(
  { id, version, like = [] }: Distribution,
  world: DistroWorld,
): Promise<ForeignDistro | undefined> {
  const all = world.distributions ?? known
  const { xzProgram } = world
  const host = xzProgram === undefined ? {} : { xzProgram }
  for (const word of [id, ...like]) {
    const family = all.find((distribution) => distribution.id === word)
    const newest = family?.releases[0]
    if (family === undefined || newest === undefined) continue
    // "3.23.1" is a state of 3.23.
    const release =
      word === id
        ? family.releases.find((each) => version === each.version || version.startsWith(`${each.version}.`))
        : undefined
    return { distro: await family.open(release ?? newest, host), isRelease: release !== undefined }
  }
  return undefined
}

/** What inventories and bills of materials say about a release. */
export interface DescribedRelease {
  readonly distribution: Distribution
  readonly packageType: ComponentType
}

/** Describes a release by its id without opening it; also one of another version of Temper ("debian-99"). */
export function describeRelease(id: string, world: DistroWorld): DescribedRelease {
  const match = findRelease(id, world)
  if (match !== undefined) {
    const { distribution, release } = match
    const { ID = distribution.id, VERSION_ID = '', VERSION_CODENAME, PRETTY_NAME } = release.osRelease
    return {
      distribution: {
        id: ID,
        version: VERSION_ID,
        ...(VERSION_CODENAME === undefined ? {} : { codename: VERSION_CODENAME }),
        ...(PRETTY_NAME === undefined ? {} : { title: PRETTY_NAME }),
      },
      packageType: distribution.packageType,
    }
  }
  const [, name = id, version = ''] = /^(.+)-([^-]*)$/.exec(id) ?? []
  const family = (world.distributions ?? known).find((distribution) => distribution.id === name)
  return { distribution: { id: name, version }, packageType: family?.packageType ?? 'generic' }
}

/**
 * The id of the release that an os-release(5) names, by its ID and VERSION_ID, which may have more parts than the
 * release's own ("3.23.2"); undefined when images are not built from it.
 */
export function releaseIdOf(
  { id, version }: Pick<Distribution, 'id' | 'version'>,
  world: DistroWorld,
): string | undefined {
  const releases = (world.distributions ?? known)
    .filter((distribution) => distribution.id === id)
    .flatMap((distribution) => distribution.releases)
  const fits = (release: Release) =>
    release.rolling === true || version === release.version || version.startsWith(`${release.version}.`)
  return releases.find(fits)?.id
}

function findRelease(
  id: string,
  { distributions = known }: DistroWorld,
): { readonly distribution: DistroFamily; readonly release: Release } | undefined {
  for (const distribution of distributions)
    for (const release of distribution.releases)
      if (release.id === id || release.codename === id) return { distribution, release }
  return undefined
}
