import { TemperError } from '../base/error.ts'
import { closest } from '../base/suggestion.ts'
import { isDockerfile, movingHint } from './dockerfile.ts'
import { parseYaml, type RecipeDocument, readDocument } from './document/document.ts'
import { addAt } from './document/issue.ts'
import { constant, overlay, within, withoutKeys } from './document/overlay.ts'
import { ProblemList, show } from './document/problem.ts'
import { createSubstitution } from './document/vars.ts'
import { type ChangeKey, changeNameForm, keptFrom } from './schema/changes.ts'

/** One of the texts that a recipe is made of. */
export interface RecipeSource {
  readonly text: string
  /** Name of the file, for errors. */
  readonly file: string
}

/** Which image of a recipe is meant, and what is read along with it. */
export interface WholeOptions {
  /** Name of the file, for errors. */
  readonly file: string
  /** Values that replace those of the recipe's `vars`. */
  readonly vars?: Readonly<Record<string, string>>
  /** The version line to read; default: the recipe itself. */
  readonly line?: string
  /** The variant to read; "runtime", the default, is the recipe itself. */
  readonly variant?: string
  /** The recipes that this one extends, the nearest first. */
  readonly extended?: readonly RecipeSource[]
}

/** A recipe with what it extends and one of its version lines laid over it: plain values that know their places. */
export interface WholeRecipe {
  /** The image to run, "runtime". */
  readonly plain: RecipeDocument
  /** Names of the variants, in the order of the recipe. */
  readonly variants: readonly string[]
  /** The image of a variant. */
  variantOf(name: string): RecipeDocument
  /** Names of the version lines, the recipe's own first, then the newest first. */
  readonly lines: readonly string[]
  /** What each var stands for. */
  readonly vars: Readonly<Record<string, string>>
  /** Throws the problems so far. Each list belongs to one text; the first list that has any decides. */
  throwProblems(): void
}

/** The variant that is the recipe itself, in the words of DHI definitions. */
export const runtime = 'runtime'

/** What a recipe does not take over from one that it extends: it is another image. */
const identity = new Set(['name', 'image', 'extends'])

/**
 * Reads the texts of a recipe and puts them together. Throws `bad-recipe` for what is not YAML or has the wrong
 * shape, and `bad-usage` when there is no such line or variant.
 */
export function readWhole(text: string, options: WholeOptions): WholeRecipe {
  const { extended = [], file, line, variant = runtime } = options
  const { documents, throwProblems, vars } = readTexts([{ text, file }, ...extended], options)
  const all = documents.reduceRight((base, top) => overlay(atLineOf(top, withoutKeys(base, identity)), top))
  const further = namesOf(all, 'lines')
  const own = ownLine(all)
  if (own !== undefined && further.includes(own))
    addAt(all.keyPlaceOf(['lines', own]), `"${own}" is the recipe itself: its line says so`)
  if (own === undefined && further.length > 0)
    addAt(
      all.keyPlaceOf(['lines']),
      'the recipe itself has no line: write the one that it is, such as line: "17"',
    )
  throwProblems()
  const lines = [...(own === undefined ? [] : [own]), ...further.toSorted(newerFirst)]
  if (line !== undefined && !lines.includes(line)) throw unknownName('lines', line, lines, file)
  const whole = line === undefined || line === own ? all : lineOf(all, line)
  const variants = namesOf(whole, 'variants')
  throwProblems()
  if (variant !== runtime && !variants.includes(variant))
    throw unknownName('variants', variant, variants, file)
  const plain = withoutKeys(whole, new Set(['variants', 'lines', 'extends']))
  return {
    plain,
    variants,
    lines,
    vars,
    throwProblems,
    variantOf: (name) => withoutKeys(overlay(plain, within(whole, ['variants', name])), new Set(['variant'])),
  }
}

/**
 * A recipe that says a line of the one that it extends is of that line: the others are not its own. A line of the same name that
 * it has itself is another.
 */
function atLineOf(top: RecipeDocument, base: RecipeDocument): RecipeDocument {
  const wanted = ownLine(top)
  if (wanted === undefined || !hasLine(base, wanted) || hasLine(top, wanted)) return base
  const change = within(base, ['lines', wanted])
  return withoutKeys(overlay(withoutKeys(base, new Set(['tags'])), change), new Set(['lines']))
}

function hasLine({ value }: RecipeDocument, name: string): boolean {
  const { lines } = value as { readonly lines?: unknown }
  if (typeof lines !== 'object' || lines === null || !Object.hasOwn(lines, name)) return false
  const line = (lines as Readonly<Record<string, unknown>>)[name]
  return typeof line === 'object' && line !== null && !Array.isArray(line)
}

/** Its tags are its name and what it adds: those of the recipe itself are of another version. */
function lineOf(all: RecipeDocument, name: string): RecipeDocument {
  const change = within(all, ['lines', name])
  const base = overlay(withoutKeys(all, new Set(['tags'])), constant({ line: name, tags: [name] }, change))
  return overlay(base, change)
}

function ownLine({ value }: RecipeDocument): string | undefined {
  const { line } = value as { readonly line?: unknown }
  return line === undefined || line === null ? undefined : String(line)
}

/** "17" before "15", "3.10" before "3.9". */
function newerFirst(a: string, b: string): number {
  const [left, right] = [a.split(/[._-]/), b.split(/[._-]/)]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x = '', y = ''] = [left[i], right[i]]
    const isNumber = /^\d+$/.test(x) && /^\d+$/.test(y)
    if (isNumber && Number(x) !== Number(y)) return Number(y) - Number(x)
    if (!isNumber && x !== y) return x < y ? 1 : -1
  }
  return 0
}

function readTexts(
  sources: readonly RecipeSource[],
  { vars = {}, line }: WholeOptions,
): Pick<WholeRecipe, 'throwProblems' | 'vars'> & { readonly documents: readonly RecipeDocument[] } {
  const texts = sources.map(({ text, file }) => {
    if (isDockerfile(text))
      throw new TemperError('bad-recipe', `${file}: expected a recipe, found a Dockerfile`, {
        hint: movingHint,
      })
    const problems = new ProblemList(file, text)
    return { problems, root: parseYaml(text, problems) }
  })
  const throwProblems = () => {
    for (const { problems } of texts) problems.throwIfAny()
  }
  throwProblems()
  const substitution = createSubstitution(texts.toReversed(), { overrides: vars, line })
  const documents = texts.map(({ root, problems }) => readDocument(root, problems, substitution))
  for (const [i, { value }] of documents.entries()) {
    if (value === null)
      texts[i]?.problems.add(0, [], 'the recipe is empty: it needs at least contents: {packages: […]}')
    else if (typeof value !== 'object' || Array.isArray(value))
      texts[i]?.problems.add(0, [], `expected a mapping, found ${show(value)}`)
  }
  throwProblems()
  const last = documents.at(-1)
  if (last !== undefined && Object.hasOwn(last.value as object, 'extends'))
    addAt(last.placeOf(['extends']), 'what it extends can only be found from where the recipe lies')
  throwProblems()
  return { documents, throwProblems, vars: Object.fromEntries(substitution.values) }
}

/** What one of them is called, and how many a recipe may have: each is read whenever the recipe is. */
const kinds = {
  variants: { one: 'variant', example: '"dev"', most: 20 },
  lines: { one: 'line', example: '"17"', most: 10 },
} as const

/** Names of the variants or lines; what is wrong with them is added to the problems. */
function namesOf(document: RecipeDocument, key: ChangeKey): readonly string[] {
  const changes = (document.value as Readonly<Record<string, unknown>>)[key]
  const { one, example, most } = kinds[key]
  if (changes === undefined) return []
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) {
    addAt(document.placeOf([key]), `expected a mapping of names to ${key}, found ${show(changes)}`)
    return []
  }
  const names = Object.keys(changes)
  if (names.length > most)
    addAt(document.placeOf([key]), `expected at most ${most} ${key}, found ${names.length}`)
  for (const name of names) {
    const path = [key, name]
    const value = (changes as Readonly<Record<string, unknown>>)[name]
    if (name === runtime) addAt(document.keyPlaceOf(path), '"runtime" is the recipe itself')
    else if (!changeNameForm.test(name))
      addAt(document.keyPlaceOf(path), `expected a short name like ${example}`)
    else if (typeof value !== 'object' || value === null || Array.isArray(value))
      addAt(document.placeOf(path), `expected what the ${one} changes, found ${show(value)}`)
    else
      for (const kept of keptFrom[key])
        if (Object.hasOwn(value, kept))
          addAt(document.keyPlaceOf([...path, kept]), `a ${one} cannot change this`)
  }
  return names
}

function unknownName(key: ChangeKey, name: string, known: readonly string[], file: string): TemperError {
  const { one } = kinds[key]
  const near = closest(name, known)
  const has = known.length === 0 ? `The recipe has no ${key}` : `The recipe has ${known.join(', ')}`
  const itself = key === 'variants' ? '; "runtime" is the recipe itself' : ''
  return new TemperError('bad-usage', `${file}: there is no ${one} "${name.slice(0, 80)}"`, {
    hint: near === undefined ? `${has}${itself}.` : `Did you mean "${near}"?`,
    details: { [one]: name, [key]: known },
  })
}
