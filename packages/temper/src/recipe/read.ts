import * as z from 'zod'
import { TemperError } from '../base/error.ts'
import { closest } from '../base/suggestion.ts'
import { distributions, type Recipe } from '../model/recipe.ts'
import { isDockerfile, movingHint } from './dockerfile.ts'
import { parseYaml, type RecipeDocument, readDocument } from './document/document.ts'
import { addAt, addIssues } from './document/issue.ts'
import { overlay, within, withoutKeys } from './document/overlay.ts'
import { ProblemList, type Report, show } from './document/problem.ts'
import { createSubstitution } from './document/vars.ts'
import { normalise } from './normalise/normalise.ts'
import { nameFromFile } from './recipe-name.ts'
import { keysAt } from './schema/keys.ts'
import { recipeSchema } from './schema/schema.ts'
import { ofTheRecipe, variantName } from './schema/variants.ts'

/** One of the texts that a recipe is made of. */
export interface RecipeSource {
  readonly text: string
  /** Name of the file, for errors. */
  readonly file: string
}

export interface ParseOptions {
  /** Name of the file, for errors. */
  readonly file: string
  /** Name of the image when the recipe gives none. Default: the file's or folder's own name. */
  readonly name?: string
  /** Ids of the releases that a recipe may name, the default one first. Absent: those that Temper knows. */
  readonly releases?: readonly string[]
  /** Values that replace those of the recipe's `vars`. */
  readonly vars?: Readonly<Record<string, string>>
  /** The variant to read; "runtime", the default, is the recipe itself. */
  readonly variant?: string
  /** The recipes that this one extends, the nearest first. */
  readonly extended?: readonly RecipeSource[]
}

export interface ReadRecipe {
  readonly recipe: Recipe
  /** Names of the variants that there are besides "runtime", in the order of the recipe. */
  readonly variants: readonly string[]
  /** What `certificates` names: files, or PEM texts. */
  readonly certificates: readonly string[]
  /** The recipe with variant, extension and vars written out, for `writeRecipe`. */
  readonly value: unknown
  /** Whether the text that was read says the same by itself. */
  readonly isPlain: boolean
}

/** A recipe, as `readRecipe` reads it. */
export function parseRecipe(text: string, options: ParseOptions): Recipe {
  return readRecipe(text, options).recipe
}

/**
 * Reads a recipe: YAML, vars, what it extends, its variants, schema, defaults. Throws `bad-recipe` that names every
 * problem with its line and column, `limit-exceeded` for texts beyond the limits of document.ts, and `bad-usage` when
 * `vars` sets one that the recipe does not have, or there is no such variant.
 */
export function readRecipe(text: string, options: ParseOptions): ReadRecipe {
  const { extended = [], variant = runtime } = options
  const { whole, plain, variants, lists, vars } = readWhole(text, options)
  let read = readOne(plain, { ...options, vars })
  throwProblems(lists)
  let chosen = plain
  // The others too: a mistake in a variant is told to whoever makes it, not to whoever builds it.
  for (const name of variants) {
    const document = variantOf(whole, plain, name)
    const other = readOne(document, { ...options, vars, variant: name })
    if (name === variant) [read, chosen] = [other, document]
  }
  throwProblems(lists)
  return {
    ...read,
    variants,
    value: { ...(chosen.value as object), vars },
    isPlain: variant === runtime && extended.length === 0,
  }
}

/**
 * A recipe as plain values that know their places in the texts that it is made of: vars, extension and variant are
 * written out, the schema is not asked. Throws as `readRecipe` does for what is not YAML.
 */
export function readPlaces(text: string, options: ParseOptions): RecipeDocument {
  const { whole, plain, variants } = readWhole(text, options)
  const { variant = runtime } = options
  return variants.includes(variant) ? variantOf(whole, plain, variant) : plain
}

interface WholeRecipe {
  /** With its variants, and with what it extends. */
  readonly whole: RecipeDocument
  readonly plain: RecipeDocument
  readonly variants: readonly string[]
  readonly lists: readonly ProblemList[]
  /** What each var stands for. */
  readonly vars: Readonly<Record<string, string>>
}

function readWhole(text: string, options: ParseOptions): WholeRecipe {
  const { extended = [], variant = runtime } = options
  const { documents, lists, vars } = readTexts([{ text, file: options.file }, ...extended], options)
  const whole = documents.reduceRight((base, top) => overlay(withoutKeys(base, identity), top))
  const variants = variantsOf(whole)
  throwProblems(lists)
  if (variant !== runtime && !variants.includes(variant))
    throw unknownVariant(variant, variants, options.file)
  return { whole, plain: withoutKeys(whole, new Set(['variants', 'extends'])), variants, lists, vars }
}

function variantOf(whole: RecipeDocument, plain: RecipeDocument, name: string): RecipeDocument {
  return withoutKeys(overlay(plain, within(whole, ['variants', name])), new Set(['variant']))
}

/** The variant that is the recipe itself, in the words of DHI definitions. */
export const runtime = 'runtime'

/** What a recipe does not take over from one that it extends: it is another image. */
const identity = new Set(['name', 'image', 'extends'])

function readTexts(
  sources: readonly RecipeSource[],
  { vars = {} }: ParseOptions,
): {
  readonly documents: readonly RecipeDocument[]
  readonly lists: readonly ProblemList[]
  /** What each var stands for. */
  readonly vars: Readonly<Record<string, string>>
} {
  const texts = sources.map(({ text, file }) => {
    if (isDockerfile(text))
      throw new TemperError('bad-recipe', `${file}: expected a recipe, found a Dockerfile`, {
        hint: movingHint,
      })
    const problems = new ProblemList(file, text)
    return { problems, root: parseYaml(text, problems) }
  })
  const lists = texts.map(({ problems }) => problems)
  throwProblems(lists)
  const substitution = createSubstitution(texts.toReversed(), vars)
  const documents = texts.map(({ root, problems }) => readDocument(root, problems, substitution))
  for (const [i, { value }] of documents.entries()) {
    if (value === null)
      lists[i]?.add(0, [], 'the recipe is empty: it needs at least contents: {packages: […]}')
    else if (typeof value !== 'object' || Array.isArray(value))
      lists[i]?.add(0, [], `expected a mapping, found ${show(value)}`)
  }
  throwProblems(lists)
  const last = documents.at(-1)
  if (last !== undefined && Object.hasOwn(last.value as object, 'extends'))
    addAt(last.placeOf(['extends']), 'what it extends can only be found from where the recipe lies')
  throwProblems(lists)
  return { documents, lists, vars: Object.fromEntries(substitution.values) }
}

/** Each list belongs to one text; the first that has something to say says it. */
function throwProblems(lists: readonly ProblemList[]): void {
  for (const problems of lists) problems.throwIfAny()
}

const mostVariants = 20

/** Names of the variants; what is wrong with them is added to the problems. */
function variantsOf(document: RecipeDocument): readonly string[] {
  const { variants } = document.value as { readonly variants?: unknown }
  if (variants === undefined) return []
  if (typeof variants !== 'object' || variants === null || Array.isArray(variants)) {
    addAt(document.placeOf(['variants']), `expected a mapping of names to variants, found ${show(variants)}`)
    return []
  }
  const names = Object.keys(variants)
  if (names.length > mostVariants)
    addAt(document.placeOf(['variants']), `expected at most ${mostVariants} variants, found ${names.length}`)
  for (const name of names) {
    const path = ['variants', name]
    const value = (variants as Readonly<Record<string, unknown>>)[name]
    if (name === runtime) addAt(document.keyPlaceOf(path), '"runtime" is the recipe itself')
    else if (!variantName.test(name)) addAt(document.keyPlaceOf(path), 'expected a short name like "dev"')
    else if (typeof value !== 'object' || value === null || Array.isArray(value))
      addAt(document.placeOf(path), `expected what the variant changes, found ${show(value)}`)
    else
      for (const key of ofTheRecipe)
        if (Object.hasOwn(value, key))
          addAt(document.keyPlaceOf([...path, key]), 'a variant cannot change this')
  }
  return names
}

function unknownVariant(name: string, variants: readonly string[], file: string): TemperError {
  const near = closest(name, variants)
  const has = variants.length === 0 ? 'The recipe has no variants' : `The recipe has ${variants.join(', ')}`
  return new TemperError('bad-usage', `${file}: there is no variant "${name.slice(0, 80)}"`, {
    hint: near === undefined ? `${has}; "runtime" is the recipe itself.` : `Did you mean "${near}"?`,
    details: { variant: name, variants },
  })
}

/** A document as a recipe; meaningless when problems were added. */
function readOne(
  document: RecipeDocument,
  options: ParseOptions,
): Pick<ReadRecipe, 'recipe' | 'certificates'> {
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
