import * as z from 'zod'
import type { RecipeDocument } from '../document/document.ts'
import { addAt, addIssues } from '../document/issue.ts'
import { ProblemList, type RecipePath } from '../document/problem.ts'
import { normalise } from '../normalise/normalise.ts'
import { keysAt } from '../schema/keys.ts'
import { recipeSchema } from '../schema/schema.ts'
import type { Draft } from './draft.ts'

/** Rounds of taking out what does not fit: what was wrong around it shows only then. */
const rounds = 100

/** Removes from a draft everything that a recipe cannot have, each with what the recipe reader says about it. */
export function fit(draft: Draft, releases: readonly string[]): void {
  for (let round = 0; round < rounds; round++) {
    const { value, pathOf } = draft.finished()
    const problems = problemsOf(value, releases)
    if (problems.length === 0) return
    // From the end: what is taken out first moves nothing that comes later.
    for (const { path, message } of problems.toReversed()) {
      const wrong = present(draft, pathOf(path))
      if (wrong.length > 0) draft.leave(wrong, message)
    }
  }
}

/** What is there of a path: where something is missing, what lacks it is wrong. */
function present(draft: Draft, path: RecipePath): RecipePath {
  let known = path
  while (known.length > 0 && draft.get(known) === undefined) known = known.slice(0, -1)
  return known
}

function problemsOf(value: unknown, releases: readonly string[]): ReturnType<ProblemList['list']> {
  const problems = new ProblemList('', '')
  const placeOf = (path: RecipePath) => ({ problems, offset: 0, path })
  const document: RecipeDocument = { value, placeOf, keyPlaceOf: placeOf }
  const schema = recipeSchema.extend({ distribution: z.enum(releases).optional() })
  const result = schema.safeParse(value, { error: () => '', reportInput: true })
  if (!result.success) addIssues(result.error.issues, document, (path) => keysAt(value, path))
  else normalise(result.data, 'image', (path, message) => addAt(placeOf(path), message))
  return problems.list()
}
