import { TemperError } from '../../base/error.ts'
import type { Lock, LockedPlatform } from '../../model/lock.ts'
import { formatPlatform, type Platform } from '../../model/platform.ts'
import type { Recipe } from '../../model/recipe.ts'
import { recipeChecksum } from '../normalise/checksum.ts'

/** Checks that a lock was made from this very recipe; throws `bad-lock`. */
export function checkLockFits(lock: Lock, recipe: Recipe, options: { readonly file: string }): void {
  const expected = recipeChecksum(recipe)
  if (lock.recipe.checksum === expected) return
  const other = lock.recipe.name !== recipe.name
  throw new TemperError(
    'bad-lock',
    other
      ? `${options.file}: is the lock of "${lock.recipe.name}", not of "${recipe.name}"`
      : `${options.file}: the recipe changed since this lock was made (expected the recipe ${lock.recipe.checksum}, found ${expected})`,
    {
      ...(other
        ? { hint: 'Give the lock that belongs to the recipe.' }
        : {
            hint: 'Vars and certificates that were given when the lock was made have to be given again.',
            next: { action: 'make-lock' },
          }),
      details: { file: options.file, expected: lock.recipe.checksum, found: expected },
    },
  )
}

/** The part of a lock for one platform; throws `bad-lock` when the lock was made without it. */
export function lockedPlatform(
  lock: Lock,
  platform: Platform,
  options: { readonly file: string },
): LockedPlatform {
  const name = formatPlatform(platform)
  const entry = lock.platforms.find((locked) => locked.platform === name)
  if (entry !== undefined) return entry
  const has = lock.platforms.map((locked) => locked.platform).join(', ') || 'none'
  throw new TemperError('bad-lock', `${options.file}: has no packages for ${name}; it has ${has}`, {
    hint: 'Make the lock with that platform, or list it under platforms in the recipe.',
    next: { action: 'make-lock' },
    details: { file: options.file, platform: name },
  })
}
