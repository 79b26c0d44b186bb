import { isMap, isScalar } from 'yaml'
import { TemperError } from '../../base/error.ts'
import { closest } from '../../base/suggestion.ts'
import type { ProblemList, RecipePlace } from './problem.ts'
import type { YamlNode } from './yaml-node.ts'

/**
 * Replaces `${{vars.NAME}}` in a text. The syntax is melange's: `${` alone is left for the programs whose
 * configuration a recipe holds (nginx, Spring, shells). `$${{` stands for a literal `${{`.
 */
export interface Substitution {
  (text: string, place: RecipePlace): string
  /** What each var stands for. */
  readonly values: ReadonlyMap<string, string>
}

const pattern = /(\$?)\$\{\{([^{}]*)(\}\})?/g
const namePattern = /^[A-Za-z_][A-Za-z0-9_.-]*$/
/** Characters of one value after substitution. */
const longest = 64 * 1024

interface Definition {
  readonly text: string
  readonly problems: ProblemList
  readonly offset: number
  /** Values given on the command line, which are taken literally. */
  readonly literal: boolean
}

/** A text that defines vars. */
export interface VarsText {
  readonly root: YamlNode | undefined
  readonly problems: ProblemList
}

/**
 * Reads the `vars` of a recipe and of those that it extends (these first), applies those of the version line and then
 * the overrides, and resolves vars that use other vars. A var has one value in all of the texts. Throws `bad-usage`
 * for an override of a var that does not exist.
 */
export function createSubstitution(
  texts: readonly VarsText[],
  {
    overrides,
    line,
  }: { readonly overrides: Readonly<Record<string, string>>; readonly line?: string | undefined },
): Substitution {
  const definitions = new Map<string, Definition>()
  for (const { text, place } of placesOf(texts, line))
    for (const [name, definition] of readDefinitions(text, place)) definitions.set(name, definition)
  for (const [name, text] of Object.entries(overrides)) {
    const old = definitions.get(name)
    if (old === undefined) throw unknownOverride(name, definitions.keys(), texts.at(-1)?.problems.file ?? '')
    definitions.set(name, { ...old, text, literal: true })
  }
  const values = new Map<string, string>()
  const broken = new Set<string>()
  for (const name of definitions.keys()) resolve(name, { definitions, values, broken, open: [] })
  const substitute = (text: string, { problems, offset, path }: RecipePlace) =>
    replace(
      text,
      (name) => {
        const value = values.get(name)
        if (value === undefined && !definitions.has(name))
          problems.add(offset, path, unknownVar(name, definitions.keys()))
        if (broken.has(name)) problems.expect(path)
        return value ?? ''
      },
      (message) => problems.add(offset, path, message),
    )
  return Object.assign(substitute, { values })
}

/** Where vars are defined, the weakest first. A recipe that says a line of those that it extends has what that line says below its own. */
function placesOf(
  texts: readonly VarsText[],
  line: string | undefined,
): readonly { readonly text: VarsText; readonly place: readonly string[] }[] {
  const own = texts.flatMap((text, i) => {
    const said = memberOf(text.root, 'line')
    const name = isScalar(said) ? String(said.source ?? said.value) : undefined
    const isOwn = name === undefined || memberOf(memberOf(text.root, 'lines'), name) !== undefined
    const below = isOwn
      ? []
      : texts.slice(0, i).map((each) => ({ text: each, place: ['lines', name, 'vars'] }))
    return [...below, { text, place: ['vars'] }]
  })
  const isSaid = line !== undefined && own.some(({ place }) => place[1] === line)
  return line === undefined || isSaid
    ? own
    : [...own, ...texts.map((text) => ({ text, place: ['lines', line, 'vars'] }))]
}

function readDefinitions({ root, problems }: VarsText, place: readonly string[]): Map<string, Definition> {
  const definitions = new Map<string, Definition>()
  if (!isMap(root)) return definitions
  const vars = place.reduce<unknown>(memberOf, root)
  if (!isMap(vars)) return definitions
  for (const { key, value } of vars.items) {
    if (!isScalar(key) || !isScalar(value)) continue
    const text = typeof value.value === 'string' ? value.value : (value.source ?? '')
    const offset = value.range?.[0] ?? 0
    definitions.set(String(key.source ?? key.value), { text, problems, offset, literal: false })
  }
  return definitions
}

/** By the name as it is written: a key may be a number. */
function memberOf(node: unknown, name: string): unknown {
  if (!isMap(node)) return undefined
  return node.items.find(({ key }) => isScalar(key) && String(key.source ?? key.value) === name)?.value
}

interface Resolving {
  readonly definitions: ReadonlyMap<string, Definition>
  readonly values: Map<string, string>
  /** Vars whose value could not be determined. */
  readonly broken: Set<string>
  readonly open: readonly string[]
}

function resolve(name: string, state: Resolving): string | undefined {
  const done = state.values.get(name)
  const definition = state.definitions.get(name)
  if (done !== undefined || definition === undefined) return done
  const report = (message: string) => {
    state.broken.add(name)
    definition.problems.add(definition.offset, ['vars', name], message)
  }
  if (state.open.includes(name)) {
    report(`this var needs itself: ${[...state.open.slice(state.open.indexOf(name)), name].join(' → ')}`)
    state.values.set(name, '')
    return ''
  }
  if (state.open.length >= 20) {
    report('vars that use vars: nested deeper than 20')
    return ''
  }
  const inner = { ...state, open: [...state.open, name] }
  const value = definition.literal
    ? definition.text
    : replace(
        definition.text,
        (other) => {
          if (!state.definitions.has(other)) report(unknownVar(other, state.definitions.keys()))
          const used = resolve(other, inner) ?? ''
          if (state.broken.has(other)) state.broken.add(name)
          return used
        },
        report,
      )
  const known = state.values.get(name)
  if (known !== undefined) return known
  state.values.set(name, value)
  return value
}

function replace(text: string, lookUp: (name: string) => string, report: (message: string) => void): string {
  let grown = 0
  return text.replaceAll(pattern, (whole, dollar: string, inside: string, close: string | undefined) => {
    if (dollar !== '') return whole.slice(1)
    const name = /^\s*vars\.(.*?)\s*$/s.exec(inside)?.[1]
    if (close === undefined || name === undefined || !namePattern.test(name)) {
      report(malformed(whole))
      return ''
    }
    const value = lookUp(name)
    grown += value.length
    if (grown <= longest) return value
    report(`longer than ${longest} characters with vars written out`)
    return ''
  })
}

function malformed(found: string): string {
  return `expected \${{vars.NAME}}, found "${found.slice(0, 60)}"; write $\${{ for a literal \${{`
}

function unknownVar(name: string, known: Iterable<string>): string {
  const names = [...known]
  const near = closest(name, names)
  if (near !== undefined) return `there is no var "${name}": did you mean "${near}"?`
  return `there is no var "${name}": ${names.length === 0 ? 'the recipe has no vars' : `the recipe has ${names.slice(0, 10).join(', ')}`}`
}

function unknownOverride(name: string, known: Iterable<string>, file: string): TemperError {
  return new TemperError('bad-usage', `Cannot set a var: ${file}: ${unknownVar(name, known)}`, {
    hint: 'Only vars that the recipe lists under "vars" can be set.',
  })
}
