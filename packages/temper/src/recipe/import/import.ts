import { distributions } from '../../model/recipe.ts'
import { parseYaml, type RecipeDocument, readDocument } from '../document/document.ts'
import { overlay, withoutKeys } from '../document/overlay.ts'
import { ProblemList, show } from '../document/problem.ts'
import { yamlText } from '../document/write.ts'
import type { RecipeSource } from '../whole.ts'
import { translateApko } from './apko.ts'
import { Draft, type Unmapped } from './draft.ts'
import { fit } from './fit.ts'

export interface ImportedRecipe {
  /** The recipe, as YAML. */
  readonly text: string
  /** How many values of the file were taken over. */
  readonly mapped: number
  /** What was not taken over, in the order of the file. */
  readonly unmapped: readonly Unmapped[]
}

export interface ImportOptions {
  /** The files that this one includes, the nearest first. */
  readonly included?: readonly RecipeSource[]
  /** Ids of the available releases, the default one first. */
  readonly releases?: readonly string[]
}

/**
 * A recipe from a configuration of apko, or a definition of a Docker Hardened Image. Everything with the same meaning
 * in a recipe is taken over; everything else is listed with its line. Throws `bad-recipe` for what is not YAML.
 */
export function importRecipe(source: RecipeSource, options: ImportOptions = {}): ImportedRecipe {
  const { included = [], releases = distributions } = options
  const documents = [source, ...included].map(readForeign)
  const document = withoutKeys(
    documents.reduceRight((base, top) => overlay(base, top)),
    new Set(['include']),
  )
  const draft = new Draft(document)
  const all = leaves(document.value)
  translateApko(draft, releases)
  fit(draft, releases)
  const unmapped = draft.unmapped.toSorted((a, b) => a.line - b.line || (a.key < b.key ? -1 : 1))
  const { value } = draft.finished()
  return {
    text: `${heading(source.file, unmapped)}${yamlText(value)}`,
    mapped: Math.max(0, all - unmapped.length),
    unmapped,
  }
}

function readForeign({ text, file }: RecipeSource): RecipeDocument {
  const problems = new ProblemList(file, text)
  const root = parseYaml(text, problems)
  problems.throwIfAny()
  const document = readDocument(
    root,
    problems,
    Object.assign((same: string) => same, { values: new Map() }),
  )
  const { value } = document
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    problems.add(0, [], `expected a mapping, found ${show(value)}`)
  problems.throwIfAny()
  return document
}

function leaves(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce((sum: number, each) => sum + leaves(each), 0)
}

function heading(file: string, unmapped: readonly Unmapped[]): string {
  const name = file.split(/[/\\]/).at(-1)
  const lines = unmapped.map(({ line, key, reason }) => `#   line ${line}, ${key}: ${reason}`)
  const left = lines.length === 0 ? [] : ['#', '# Not taken over:', ...lines]
  return `${[`# From ${name}.`, ...left].join('\n').replaceAll('\r', ' ')}\n\n`
}
