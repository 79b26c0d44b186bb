import * as z from 'zod'
import { show } from '../document/problem.ts'
import { form } from './scalar.ts'

/** Keys that make further images out of one recipe: versions that are kept side by side, and images for other tasks. */
export type ChangeKey = 'lines' | 'variants'

/** Name of a line or a variant, which is in its tags: "17", "dev". */
export const changeNameForm = /^[a-z0-9]+([._-][a-z0-9]+)*$/

const lineNamed = 'the name of a version line, like "17"'

/** Name of the recipe's own line. A number that YAML sees is taken as it is written. */
export const lineName = z.union([form(changeNameForm, lineNamed), z.number()], {
  error: ({ input }) => `expected ${lineNamed}, found ${show(input)}`,
})

/** The changes of a line or variant; they are checked once they are laid over the recipe. */
export const changes = z.record(z.string(), z.looseObject({}))

const ofTheRecipe = ['name', 'image', 'extends', 'line', 'lines', 'variant']

/** Keys that they cannot change, since these belong to the recipe. */
export const keptFrom: Readonly<Record<ChangeKey, ReadonlySet<string>>> = {
  lines: new Set(ofTheRecipe),
  variants: new Set([...ofTheRecipe, 'variants', 'vars']),
}
