import type { IndexedPackage } from '../../model/package/package.ts'

/** A package that the solver chose. */
export interface ChosenPackage {
  readonly package: IndexedPackage
  /** "recipe", or the name of the package that first asked for it. */
  readonly wantedBy: string
  /**
   * For each Pre-Depends and Depends in order, the names of the chosen packages that satisfy it, preferred first;
   * then packages that are installed because this one is.
   */
  readonly needs: readonly (readonly string[])[]
}

/**
 * What to install: a set of packages that satisfies every dependency without any conflict. Equal input gives an equal
 * solution.
 */
export interface Solution {
  /** Sorted by name; one version of each name. */
  readonly packages: readonly ChosenPackage[]
}

/** The `wantedBy` of packages that the recipe itself requests. */
export const wantedByRecipe = 'recipe'
