import * as z from 'zod'
import { show } from '../document/problem.ts'
import { form } from './scalar.ts'

/** What makes further images of one recipe: versions that are kept side by side, and images for other tasks. */
export type ChangeKey = 'lines' | 'variants'

/** Name of a line or a variant, which is in its tags: "17", "dev". */
export const changeNameForm = /^[a-z0-9]+([._-][a-z0-9]+)*$/

const lineNamed = 'the name of a version line, like "17"'

/** Of the recipe itself. A number is one that YAML sees in what was written: it is taken as it is written. */
export const lineName = z.union([form(changeNameForm, lineNamed), z.number()], {
  error: ({ input }) => `expected ${lineNamed}, found ${show(input)}`,
})

/** What lines and variants change is checked where it is laid over the recipe. */
export const changes = z.record(z.string(), z.looseObject({}))

const ofTheRecipe = ['name', 'image', 'extends', 'line', 'lines', 'variant']

/** Keys that they do not change: those belong to the recipe. */
export const keptFrom: Readonly<Record<ChangeKey, ReadonlySet<string>>> = {
  lines: new Set(ofTheRecipe),
  variants: new Set([...ofTheRecipe, 'variants', 'vars']),
}
