import type { Solution } from '../../assemble/solve/solution.ts'
import { TemperError } from '../../base/error.ts'
import type { Distro } from '../../model/distro.ts'
import type { LockedPackage } from '../../model/lock.ts'
import type { PackageIndex, PackageRequest } from '../../model/package/package.ts'
import type { PackageSource } from '../../model/package/package-source.ts'
import type { Architecture } from '../../model/platform.ts'
import type { Recipe } from '../../model/recipe.ts'
import { indexOver, withoutBroken } from '../harden/update/choose.ts'
import { requestsOf } from '../lock/requests.ts'
import type { OpenBase } from './open-base.ts'

/** The packages to choose from over a base: its own unchanged, and those of the archive that it does not have. */
export interface BaseChoice {
  readonly index: PackageIndex
  /** The requests besides the recipe's own: everything in the base stays. */
  readonly present: readonly PackageRequest[]
}

/** Errors: `bad-recipe` where the recipe excludes packages that the base has. */
export function choiceOver(
  base: Pick<OpenBase, 'packages'>,
  index: PackageIndex,
  about: {
    readonly distro: Distro
    readonly architecture: Architecture
    readonly recipe: Pick<Recipe, 'contents' | 'base'>
  },
): BaseChoice {
  const { distro, architecture, recipe } = about
  const own = base.packages.filter(({ package: installed }) =>
    distro.rules.fitsArchitecture(installed, architecture),
  )
  const present = withoutBroken(own, { distro, architecture })
  const unwanted = [
    ...recipe.contents.packages.filter(({ excluded }) => excluded).map(({ name }) => name),
    ...(recipe.contents.without ?? []),
  ].filter((name) => present.has(name))
  if (unwanted.length > 0)
    throw new TemperError(
      'bad-recipe',
      `contents: the recipe excludes ${unwanted.join(', ')}, which its base ${recipe.base?.image} has`,
      { hint: 'The layers of a base stay as they are: start from another base, or harden this one first.' },
    )
  return {
    index: indexOver(present, index, (_, installed) => installed === undefined),
    present: [...present.keys()].sort().map((name) => ({ name, excluded: false })),
  }
}

/** The packages of a solution that the base does not have. */
export function newPackages({ packages }: Solution): Solution {
  return { packages: packages.filter(({ package: candidate }) => candidate.origin.location !== '') }
}

/** The packages of a base as installed packages, which have no repository. */
export function basePackages(base: Pick<OpenBase, 'packages'> | undefined): readonly LockedPackage[] {
  return (base?.packages ?? []).map(({ package: installed }) => {
    const { name, version, architecture, source, digest, size, installedSize, origin } = installed
    return { name, version, architecture, source, digest, size, installedSize, origin, wantedBy: 'base' }
  })
}

const empty: PackageIndex = { versions: () => [], providers: () => [], names: () => [] }

/** A source for recipes that need no package besides those of their base, so that no archive is asked. */
export const noSource: PackageSource = {
  index: async () => empty,
  suites: () => [],
  keys: () => [],
}

/** Whether any package has to come from an archive. */
export function needsArchive(recipe: Recipe, distro: Distro): boolean {
  if (recipe.base === undefined || recipe.steps !== undefined) return true
  return requestsOf(recipe, distro).some(({ excluded }) => !excluded)
}
