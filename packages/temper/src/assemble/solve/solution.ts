import type { IndexedPackage } from '../../model/package/package.ts'

/** A package that the solver chose. */
export interface ChosenPackage {
  readonly package: IndexedPackage
  /** "recipe", or the name of the package that first asked for it. */
  readonly wantedBy: string
  /**
   * For each Pre-Depends and Depends in order: names of the chosen packages that satisfy it, preferred first; then
   * packages that are there because this one is.
   */
  readonly needs: readonly (readonly string[])[]
}

/** What to install: satisfies every dependency and no conflict. Equal input gives an equal solution. */
export interface Solution {
  /** Sorted by name; one version of a name. */
  readonly packages: readonly ChosenPackage[]
}

/** `wantedBy` of what the recipe itself asks for. */
export const wantedByRecipe = 'recipe'
