import * as z from 'zod'
import { distributions, type Recipe } from '../model/recipe.ts'
import type { RecipeDocument } from './document/document.ts'
import { addAt, addIssues } from './document/issue.ts'
import type { Report } from './document/problem.ts'
import { normalise } from './normalise/normalise.ts'
import { nameFromFile } from './recipe-name.ts'
import { keysAt } from './schema/keys.ts'
import { recipeSchema } from './schema/schema.ts'
import { readWhole, runtime, type WholeOptions, type WholeRecipe } from './whole.ts'

export interface ParseOptions extends WholeOptions {
  /** Name of the image when the recipe gives none. Default: the file's or folder's own name. */
  readonly name?: string
  /** Ids of the releases that a recipe may name, the default one first. Absent: those that Temper knows. */
  readonly releases?: readonly string[]
}

export interface ReadRecipe {
  readonly recipe: Recipe
  /** Names of its version lines, its own first; empty when it says nothing of lines. */
  readonly lines: readonly string[]
  /** Names of the variants that there are besides "runtime", in the order of the recipe. */
  readonly variants: readonly string[]
  /** What `certificates` names: files, or PEM texts. */
  readonly certificates: readonly string[]
  /** The recipe with line, variant, extension and vars written out, for `writeRecipe`. */
  readonly value: unknown
  /** Whether the text that was read already says the same by itself. */
  readonly isPlain: boolean
}

/** A recipe, as `readRecipe` reads it. */
export function parseRecipe(text: string, options: ParseOptions): Recipe {
  return readRecipe(text, options).recipe
}

/**
 * Reads a recipe: YAML, vars, what it extends, its lines and variants, schema, defaults. Throws `bad-recipe` that names every
 * problem with its line and column, `limit-exceeded` for texts beyond the limits of document.ts, and `bad-usage` when
 * `vars` sets one that the recipe does not have, or there is no such line or variant.
 */
export function readRecipe(text: string, options: ParseOptions): ReadRecipe {
  const { extended = [], line, variant = runtime } = options
  const { read, chosen, whole } = readLine(text, options)
  // The others too: a mistake in a line is told to whoever makes it, not to whoever builds it.
  for (const other of whole.lines)
    if (other !== line) readLine(text, { ...options, line: other, variant: runtime })
  return {
    ...read,
    lines: whole.lines,
    variants: whole.variants,
    value: { ...(chosen.value as object), vars: whole.vars },
    isPlain: line === undefined && variant === runtime && extended.length === 0,
  }
}

/** One version line, and all of its variants, of which one was asked for. */
function readLine(
  text: string,
  options: ParseOptions,
): { readonly read: ReadDocument; readonly chosen: RecipeDocument; readonly whole: WholeRecipe } {
  const { variant = runtime } = options
  const whole = readWhole(text, options)
  const { plain, vars } = whole
  let read = readOne(plain, { ...options, vars })
  whole.throwProblems()
  let chosen = plain
  for (const name of whole.variants) {
    const document = whole.variantOf(name)
    const other = readOne(document, { ...options, vars, variant: name })
    if (name === variant) [read, chosen] = [other, document]
  }
  whole.throwProblems()
  return { read, chosen, whole }
}

/**
 * A recipe as plain values that know their places in the texts that it is made of: vars, extension, line and variant are
 * written out, the schema is not asked. Throws as `readRecipe` does for what is not YAML.
 */
export function readPlaces(text: string, options: ParseOptions): RecipeDocument {
  const { plain, variants, variantOf } = readWhole(text, options)
  const { variant = runtime } = options
  return variants.includes(variant) ? variantOf(variant) : plain
}

type ReadDocument = Pick<ReadRecipe, 'recipe' | 'certificates'>

/** A document as a recipe; meaningless when problems were added. */
function readOne(document: RecipeDocument, options: ParseOptions): ReadDocument {
  const { releases = distributions, variant = runtime, vars = {} } = options
  const schema = recipeSchema.extend({ distribution: z.enum(releases).optional() })
  const result = schema.safeParse(document.value, { error: () => '', reportInput: true })
  if (!result.success) addIssues(result.error.issues, document, (path) => keysAt(document.value, path))
  const distribution = result.data?.distribution ?? releases[0]
  const input = { ...result.data, vars, distribution, ...(variant === runtime ? {} : { variant }) }
  const name = options.name ?? nameFromFile(options.file)
  const report: Report = (path, message) => addAt(document.placeOf(path), message)
  const recipe = result.success
    ? normalise(input, name, report)
    : normalise({ distribution }, 'image', report)
  return { recipe, certificates: result.data?.certificates ?? [] }
}
