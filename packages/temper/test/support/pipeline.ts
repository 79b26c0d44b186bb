import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { repositoryRoot } from './source-files.ts'

/** One script of a pipeline, with the environment that it would get. */
export interface PipelineStep {
  readonly name: string
  readonly script: string
  readonly env: Readonly<Record<string, string>>
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  readonly runs: {
    readonly steps: readonly {
      readonly name?: string
      readonly if?: string
      readonly run?: string
      readonly env?: Readonly<Record<string, string>>
    }[]
  }
}

interface Component {
  readonly variables: Readonly<Record<string, { readonly value: string; readonly expand?: boolean }>>
  readonly script: readonly string[]
}

export type Values = Readonly<Record<string, string>>

const text = (file: string) => readFileSync(join(repositoryRoot, file), 'utf8')

export function actionInputs(): readonly string[] {
  return Object.keys((parse(text('action.yml')) as Action).inputs)
}

/**
 * The scripts of action.yml as GitHub would run them, in turn: `values` are inputs, and other names of expressions
 * ("github.event_name", "steps.scan.outputs.code"), asked for when a step begins.
 */
export function* actionSteps(values: () => Values): Generator<PipelineStep> {
  const { inputs, runs } = parse(text('action.yml')) as Action
  const defaults = Object.fromEntries(
    Object.entries(inputs).map(([name, { default: value = '' }]) => [`inputs.${name}`, String(value)]),
  )
  for (const { name = '', if: condition, run: script, env = {} } of runs.steps) {
    const known = { ...defaults, ...values() }
    if (script === undefined || !holds(condition ?? "'' == ''", known)) continue
    yield { name, script, env: mapValues(env, (value) => expanded(value, known)) }
  }
}

/** What follows `${{` in an environment or condition of action.yml: a name, or a text in quotes. */
function termValue(term: string, values: Values): string {
  const quoted = /^'([^']*)'$/.exec(term)?.[1]
  return quoted ?? values[term] ?? ''
}

function expanded(value: string, values: Values): string {
  return value.replace(/\$\{\{ ([^}]+) \}\}/g, (_, term: string) => termValue(term, values))
}

/** `a == 'b' && c != ''`, joined by one kind of operator. */
function holds(condition: string, values: Values): boolean {
  const either = condition.includes(' || ')
  const parts = condition.split(either ? ' || ' : ' && ').map((part) => {
    const [, left = '', operator, right = ''] = /^(\S+) (==|!=) (\S+)$/.exec(part) ?? []
    if (operator === undefined) throw new Error(`a condition of another form: ${part}`)
    return (termValue(left, values) === termValue(right, values)) === (operator === '==')
  })
  return either ? parts.includes(true) : !parts.includes(false)
}

export function componentInputs(): readonly string[] {
  const [spec] = parseAllDocuments(text('templates/temper.yml')).map((each) => each.toJS())
  return Object.keys((spec as { spec: { inputs: object } }).spec.inputs)
}

/** The job of the component as one script, with the environment that its variables make. */
export function componentJob(inputs: Values): PipelineStep {
  const [spec, jobs] = parseAllDocuments(text('templates/temper.yml')).map((each) => each.toJS())
  const known = (spec as { spec: { inputs: Record<string, { default?: string }> } }).spec.inputs
  const [job] = Object.values(jobs as Record<string, Component>)
  if (job === undefined) throw new Error('the component has no job')
  const env = mapValues(job.variables, ({ value, expand }) => {
    if (expand !== false) return ''
    return value.replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) =>
      String(inputs[name] ?? known[name]?.default ?? ''),
    )
  })
  return { name: 'temper', script: job.script.join('\n'), env }
}

function mapValues<A, B>(values: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))
}
