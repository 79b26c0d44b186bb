import { TemperError } from '../../base/error.ts'
import { type DescribedRelease, type DistroWorld, describeRelease } from '../../distro/open.ts'
import type { Component } from '../../model/inventory.ts'
import type { Lock, LockedPackage, LockedPlatform } from '../../model/lock.ts'
import { formatPlatform, type ImagePlatform, isFor, parseImagePlatform } from '../../model/platform.ts'
import { parseLock } from '../../recipe/lock/lock-file.ts'
import { packagePurl } from '../../sbom/describe/package-purl.ts'
import type { TargetInventory } from './target-inventory.ts'

/**
 * The packages that a lock pins for one platform. Throws `bad-lock`, and `bad-usage` when it is not clear for which
 * platform.
 */
export function lockInventory(
  text: string,
  options: { readonly path: string; readonly platform?: ImagePlatform },
  world: DistroWorld,
): TargetInventory {
  const { path } = options
  const lock = parseLock(text, { file: path })
  return { ...lockedInventory(lock, choose(lock.platforms, options), world), name: `lock:${path}` }
}

/** The same for a lock that was read already. */
export function lockedInventory(
  lock: Lock,
  { platform, packages }: LockedPlatform,
  world: DistroWorld,
): Omit<TargetInventory, 'name'> {
  const release = describeRelease(lock.distribution, world)
  // A lock has no time of its own: it is as new as the newest of what it was made from.
  const created = lock.suites
    .map(({ date }) => date)
    .sort()
    .at(-1)
  return {
    inventory: {
      distribution: release.distribution,
      architecture: platform.slice(platform.indexOf('/') + 1),
      components: packages.map((locked) => component(locked, release)),
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

function component(locked: LockedPackage, { distribution, packageType }: DescribedRelease): Component {
  const { name, version, architecture, source, digest } = locked
  return {
    type: packageType,
    name,
    version,
    purl: packagePurl(locked, distribution, packageType),
    architecture,
    source,
    digest,
    locations: [],
    foundBy: 'lock',
  }
}
