import { TemperError } from '../../base/error.ts'
import { debianReleases } from '../../distro/debian/releases.ts'
import type { Component, Distribution } from '../../model/inventory.ts'
import type { Lock, LockedPackage, LockedPlatform } from '../../model/lock.ts'
import { formatPlatform, type ImagePlatform, isFor, parseImagePlatform } from '../../model/platform.ts'
import { parseLock } from '../../recipe/lock/lock-file.ts'
import { packagePurl } from '../../sbom/describe/package-purl.ts'
import type { TargetInventory } from './target-inventory.ts'

/** The packages that a lock pins for one platform. Throws `bad-lock`, `bad-usage` when it is not clear for which. */
export function lockInventory(
  text: string,
  options: { readonly path: string; readonly platform?: ImagePlatform },
): TargetInventory {
  const { path } = options
  const lock = parseLock(text, { file: path })
  return { ...lockedInventory(lock, choose(lock.platforms, options)), name: `lock:${path}` }
}

/** The same of a lock that is read already. */
export function lockedInventory(
  lock: Lock,
  { platform, packages }: LockedPlatform,
): Omit<TargetInventory, 'name'> {
  const distribution = distributionOf(lock.distribution)
  // A lock has no time of its own: it is as new as the newest of what it was made from.
  const created = lock.suites
    .map(({ date }) => date)
    .sort()
    .at(-1)
  return {
    inventory: {
      distribution,
      architecture: platform.slice(platform.indexOf('/') + 1),
      components: packages.map((found) => component(found, distribution)),
      layers: [],
      notes: [],
    },
    kind: 'lock',
    platform,
    title: lock.recipe.name,
    ...(created === undefined ? {} : { created }),
    from: 'lock',
  }
}

function choose(
  platforms: readonly LockedPlatform[],
  { path, platform }: { readonly path: string; readonly platform?: ImagePlatform },
): LockedPlatform {
  const names = platforms.map((each) => each.platform)
  const [first] =
    platform === undefined
      ? platforms
      : platforms.filter((each) => isFor(parseImagePlatform(each.platform), platform))
  if (first === undefined)
    throw new TemperError(
      'not-found',
      `${path}: the lock has no packages for ${platform === undefined ? 'any platform' : formatPlatform(platform)}`,
      {
        ...(names.length === 0
          ? { next: { action: 'make-lock' } }
          : { hint: `It has them for ${names.join(', ')}.` }),
      },
    )
  if (platform === undefined && platforms.length > 1)
    throw new TemperError('bad-usage', `${path}: the lock is for ${names.join(' and ')}`, {
      next: { action: 'choose-platform', platforms: names },
    })
  return first
}

/** "debian-13", with what is known of that release. */
function distributionOf(id: string): Distribution {
  const release = debianReleases.find((known) => known.id === id)
  if (release !== undefined)
    return {
      id: release.osRelease['ID'] ?? 'debian',
      version: release.version,
      codename: release.codename,
      ...(release.osRelease['PRETTY_NAME'] === undefined ? {} : { title: release.osRelease['PRETTY_NAME'] }),
    }
  const hyphen = id.lastIndexOf('-')
  return { id: id.slice(0, hyphen), version: id.slice(hyphen + 1) }
}

function component(found: LockedPackage, distribution: Distribution): Component {
  const { name, version, architecture, source, digest } = found
  return {
    type: 'deb',
    name,
    version,
    purl: packagePurl(found, distribution),
    architecture,
    source,
    digest,
    locations: [],
    foundBy: 'lock',
  }
}
