import * as z from 'zod'

/** Name of a variant, which ends its tags: "dev". */
export const variantName = /^[a-z0-9]+([._-][a-z0-9]+)*$/

/** What variants change is checked where they are laid over the recipe. */
export const variants = z.record(z.string(), z.looseObject({}))

/** Keys that a variant does not change: they belong to the recipe. */
export const ofTheRecipe: ReadonlySet<string> = new Set([
  ...['name', 'image', 'extends', 'variant', 'variants', 'vars'],
])
