import * as z from 'zod'
import { distributions, type Recipe } from '../model/recipe.ts'
import { parseYaml, readDocument } from './document/document.ts'
import { addIssues } from './document/issue.ts'
import { ProblemList } from './document/problem.ts'
import { createSubstitution } from './document/vars.ts'
import { normalise } from './normalise/normalise.ts'
import { nameFromFile } from './recipe-name.ts'
import { keysAt } from './schema/keys.ts'
import { recipeSchema } from './schema/schema.ts'

export interface ParseOptions {
  /** Name of the file, for errors. */
  readonly file: string
  /** Name of the image when the recipe gives none. Default: the file's or folder's own name. */
  readonly name?: string
  /** Ids of the releases that a recipe may name, the default one first. Absent: those that Temper knows. */
  readonly releases?: readonly string[]
  /** Values that replace those of the recipe's `vars`. */
  readonly vars?: Readonly<Record<string, string>>
}

/**
 * Reads a recipe: YAML, vars, schema, defaults. Throws `bad-recipe` that names every problem with its line
 * and column, `limit-exceeded` for texts beyond the limits of document.ts, and `bad-usage` when `vars`
 * sets one that the recipe does not have.
 */
export function parseRecipe(text: string, options: ParseOptions): Recipe {
  const problems = new ProblemList(options.file, text)
  const root = parseYaml(text, problems)
  problems.throwIfAny()
  const document = readDocument(root, problems, createSubstitution(root, problems, options.vars ?? {}))
  if (document.value === null) {
    problems.add(0, [], 'the recipe is empty: it needs at least contents: {packages: […]}')
    problems.throwIfAny()
  }
  const { releases = distributions } = options
  const schema = recipeSchema.extend({ distribution: z.enum(releases).optional() })
  const result = schema.safeParse(document.value, { error: () => '', reportInput: true })
  if (!result.success) {
    addIssues(result.error.issues, document, { problems, keysAt: (path) => keysAt(document.value, path) })
    problems.throwIfAny()
  }
  const input = { ...result.data, distribution: result.data?.distribution ?? releases[0] }
  const recipe = normalise(input, options.name ?? nameFromFile(options.file), (path, message) =>
    problems.addUnlessKnown(document.offsetOf(path), path, message),
  )
  problems.throwIfAny()
  return recipe
}
