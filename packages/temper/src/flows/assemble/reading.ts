import type { PlacementOptions } from '../../assemble/root/decide.ts'
import type { Distro } from '../../model/distro.ts'
import type { LockedPackage } from '../../model/lock.ts'
import type { Recipe, Relaxation } from '../../model/recipe.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { hardeningWith } from '../../rules/hardening/strip.ts'

/** What is known about an image before its packages are read, as plain values that another thread can receive. */
export interface ReadingFacts {
  readonly allow: readonly Relaxation[]
  readonly locales: readonly string[] | undefined
  /** Names of all packages of the image. */
  readonly names: readonly string[]
  /** The newest time that a file of the image may have, in seconds since 1970. */
  readonly latest: number | undefined
}

export function readingFacts(
  packages: readonly Pick<LockedPackage, 'name'>[],
  recipe: Recipe,
  latest: number | undefined,
): ReadingFacts {
  const names = packages.map(({ name }) => name)
  return { allow: recipe.hardening.allow, locales: recipe.locales, names, latest }
}

export interface ReadingWorld {
  readonly distro: Distro
  /** The tree of the image to which the packages are added, if any. */
  readonly base?: FileTree | undefined
}

/** The likely decisions about the entries of packages. */
export function decideBy(facts: ReadingFacts, world: ReadingWorld): PlacementOptions {
  const { distro } = world
  return {
    mergedPath: distro.mergedPath,
    hardening: hardeningWith(facts.allow, facts.locales),
    hasInterpreter: guessInterpreters(facts, world),
    ...(facts.latest === undefined ? {} : { latest: facts.latest }),
  }
}

/** A guess by package names, before any file is known. Shells count only when the recipe allows one. */
function guessInterpreters(
  { names, allow }: ReadingFacts,
  { distro, base }: ReadingWorld,
): (path: string) => boolean {
  const known = new Set(names)
  const shellAllowed = allow.some((relaxation) => relaxation.rule === 'shell')
  return (path) => {
    if (base?.resolve(path.replace(/^\/+/, '')) !== undefined) return true
    const needed = distro.interpreterPackage(path)
    if (needed === undefined) return true
    if (needed.shell && !shellAllowed) return false
    return known.has(needed.name)
  }
}
