import { posix } from 'node:path'
import type { PlacementOptions } from '../../assemble/root/decide.ts'
import { glob } from '../../base/glob.ts'
import type { Distro } from '../../model/distro.ts'
import type { Exclusion, Hardening } from '../../model/hardening/hardening.ts'
import type { LockedPackage } from '../../model/lock.ts'
import type { PackageEntry } from '../../model/package/package-content.ts'
import type { Recipe, Relaxation } from '../../model/recipe.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { parentOf } from '../../model/tree/path.ts'
import { hardeningWith, likelyUnneeded } from '../../rules/hardening/strip.ts'

/** What is known about an image before its packages are read, as plain values that another thread can receive. */
export interface ReadingFacts {
  readonly allow: readonly Relaxation[]
  readonly locales: readonly string[] | undefined
  /** Names of all packages of the image. */
  readonly names: readonly string[]
  /** The newest time that a file of the image may have, in seconds since 1970. */
  readonly latest: number | undefined
  /** Patterns of paths that the recipe deletes, as it names them; all that there are, when it minimises. */
  readonly deleted: readonly string[]
  /** Paths where it puts something of its own. */
  readonly own: readonly string[]
}

export function readingFacts(
  packages: readonly Pick<LockedPackage, 'name'>[],
  recipe: Recipe,
  latest: number | undefined,
): ReadingFacts {
  const names = packages.map(({ name }) => name)
  return {
    allow: recipe.hardening.allow,
    locales: recipe.locales,
    names,
    latest,
    deleted: deletedBy(recipe),
    own: ownOf(recipe),
  }
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
    hardening: foreseeing(hardeningWith(facts.allow, facts.locales), facts, world),
    hasInterpreter: guessInterpreters(facts, world),
    ...(facts.latest === undefined ? {} : { latest: facts.latest }),
  }
}

/** Which files a recipe that minimises keeps of a package follows from all others, so that none is worth a guess. */
function deletedBy({ paths, minimize }: Recipe): readonly string[] {
  if (minimize !== undefined) return ['/**']
  const deleted = paths.flatMap((request) => (request.type === 'delete' ? wherever(request.path) : []))
  return deleted.flatMap((path) => [path, `${path}/**`])
}

function ownOf({ paths, contents, steps = [] }: Recipe): readonly string[] {
  const own = [
    ...contents.files.filter(({ unpack }) => unpack === undefined),
    ...paths.filter(({ type }) => type === 'file' || type === 'symlink' || type === 'hardlink'),
    ...steps.flatMap(({ outputs }) => outputs),
  ]
  return own.flatMap(({ path }) => wherever(path))
}

/**
 * A path, and the places where it may lead through links that packages bring: the same name in a folder of the same name below the
 * same two folders. /usr/lib/jvm/default-java/lib/modules is /usr/lib/jvm/java-21-openjdk-amd64/lib/modules.
 */
function wherever(path: string): readonly string[] {
  const parts = path.replace(/^\/+/, '').split('/')
  return parts.length < 5 ? [path] : [path, ['', ...parts.slice(0, 2), '**', ...parts.slice(-2)].join('/')]
}

const notInRecipe: Exclusion = { reason: 'not in the recipe', relaxable: false }

/**
 * Leaves out as well what will only be known to be left out once all packages are read, so that it is not compressed for nothing:
 * what the recipe leaves no place for, and conversions of text that probably nobody asks for.
 */
function foreseeing(
  hardening: Hardening,
  { allow, locales, names, deleted, own }: ReadingFacts,
  { distro }: ReadingWorld,
): Hardening {
  const [isDeleted, isOwn] = [anyOf(deleted, distro), anyOf(own, distro)]
  const converts = names.some((name) => distro.convertsText?.(name))
  const unneeded = converts ? undefined : likelyUnneeded(allow, locales)
  const exclusionOf: Hardening['exclusionOf'] = (entry, hasInterpreter) =>
    (isDeleted(entry) ? notInRecipe : unneeded?.(entry)) ?? hardening.exclusionOf(entry, hasInterpreter)
  return {
    ...hardening,
    exclusionOf: (entry, hasInterpreter) => {
      if (isOwn(entry)) return notInRecipe
      const target = targetOf(entry, distro)
      return (
        exclusionOf(entry, hasInterpreter) ??
        (target === undefined || isOwn(target) ? undefined : exclusionOf(target, hasInterpreter))
      )
    },
  }
}

/** Whether one of the patterns fits the path of an entry. Every entry of every package is asked about; most patterns are plain paths. */
function anyOf(patterns: readonly string[], { mergedPath }: Distro): (entry: PackageEntry) => boolean {
  const merged = patterns.map((pattern) => mergedPath(pattern.replace(/^\/+/, '')))
  const plain = new Set(merged)
  const globs = merged.filter((pattern) => /[*?]/.test(pattern)).map((pattern) => glob(pattern))
  return ({ path }) => plain.has(path) || globs.some((fits) => fits(path))
}

/**
 * The file that a link leads to, by its path alone: a link to what is left out leads nowhere, and is left out as well. One to a
 * folder that has a licence stays, as that folder does.
 */
function targetOf({ type, path, target, ...entry }: PackageEntry, distro: Distro): PackageEntry | undefined {
  if (type !== 'symlink' || target === undefined) return undefined
  const end = distro.mergedPath(posix.resolve('/', parentOf(path), target).slice(1))
  return distro.statesLicence(`${end}/copyright`) ? undefined : { ...entry, type: 'file', path: end }
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
