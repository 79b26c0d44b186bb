import { resolve } from 'node:path'
import { TemperError } from '../../../base/error.ts'
import { readFileIfExists, writeFileAtomic } from '../../../base/file.ts'
import { temperVersion } from '../../../base/version.ts'
import { defaultCompressor } from '../../../formats/compress/compress.ts'
import type { Lock, LockedPackage, LockedSuite } from '../../../model/lock.ts'
import { formatPlatform } from '../../../model/platform.ts'
import { revisions } from '../../../model/revision.ts'
import { formatLock, parseLock } from '../../../recipe/lock/lock-file.ts'
import type { Context } from '../../context.ts'
import type { BaseImage } from '../base-image.ts'

/** The packages that were chosen from the archive for one image, so that the same ones can be used again. */
export interface UpdateLock {
  readonly suites: readonly LockedSuite[]
  readonly packages: readonly LockedPackage[]
}

/**
 * The lock of an image's updates; undefined when there is no such file. Errors: `bad-lock`, also for the lock of
 * another image.
 */
export async function readUpdateLock(
  path: string,
  { image }: BaseImage,
  { workingDir }: Pick<Context, 'workingDir'>,
): Promise<UpdateLock | undefined> {
  const file = resolve(workingDir, path)
  const bytes = await readFileIfExists(file)
  if (bytes === undefined) return undefined
  const lock = parseLock(Buffer.from(bytes).toString('utf8'), { file: path })
  const platform = formatPlatform(image.config)
  const match = lock.platforms.find((each) => each.platform === platform)
  if (lock.recipe.checksum === image.descriptor.digest && match !== undefined)
    return { suites: lock.suites, packages: match.packages }
  throw new TemperError('bad-lock', `${path} is the lock of a different image`, {
    hint: 'Remove it, or name another file, to have packages chosen for this image.',
    details: { file: path, expected: image.descriptor.digest, found: lock.recipe.checksum },
  })
}

/** Writes what was chosen. */
export async function writeUpdateLock(
  path: string,
  { suites, packages }: UpdateLock,
  { base, workingDir }: { readonly base: BaseImage; readonly workingDir: string },
): Promise<void> {
  const { image, distribution } = base
  const lock: Lock = {
    formatVersion: 1,
    maker: { version: temperVersion(), revision: revisions.current },
    // In the place of a recipe: the image that is hardened.
    recipe: { name: 'harden', checksum: image.descriptor.digest, files: [] },
    distribution: `${distribution?.id ?? ''}-${distribution?.version ?? ''}`,
    compressor: defaultCompressor('gzip'),
    suites,
    platforms: [
      {
        platform: formatPlatform(image.config),
        packages,
        pruned: [],
        effects: [],
        unmodelledEffects: [],
      },
    ],
  }
  await writeFileAtomic(resolve(workingDir, path), formatLock(lock))
}
