import { parentPort, workerData } from 'node:worker_threads'
import { type CelInput, celEnv, isCelError, parse, plan } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { celValue } from './cel-value.ts'
import { type ExpressionAnswer, type ExpressionJob, type ExpressionQuestion, ready } from './job.ts'

/** Most items that are told of one question which could not be answered. */
const mostFaults = 20

const job = workerData as ExpressionJob
const variables: Record<string, CelInput> = Object.fromEntries(
  Object.entries(job.input ?? {}).map(([name, value]) => [name, celValue(value)]),
)
const environment = celEnv({ funcs: strings })
parentPort?.postMessage(ready)
for (const question of job.questions) parentPort?.postMessage(answer(question))

/** One message for each question, so that those that were answered count when a later one takes too long. */
function answer(question: ExpressionQuestion): ExpressionAnswer {
  const { id, each, text } = question
  const ask = understood(text)
  if (typeof ask === 'string') return { id, met: [], faults: [], wrong: ask }
  if (job.input === undefined) return { id, met: [], faults: [] }
  try {
    const items = each === 'image' ? [undefined] : [...(variables[each] as CelInput[])]
    return { id, ...askAll(ask, items, question) }
  } catch (error) {
    return { id, met: [], faults: [{ message: messageOf(error) }] }
  }
}

type Ask = (bindings: Record<string, CelInput>) => unknown

/** The expression ready to be asked, or why it cannot be. */
function understood(text: string): Ask | string {
  try {
    return plan(environment, parse(text)) as Ask
  } catch (error) {
    return messageOf(error)
  }
}

function askAll(
  ask: Ask,
  items: readonly (CelInput | undefined)[],
  { each }: ExpressionQuestion,
): Pick<ExpressionAnswer, 'met' | 'faults'> {
  const met: number[] = []
  const faults: { readonly index: number; readonly message: string }[] = []
  for (const [index, item] of items.entries()) {
    const result = ask(item === undefined ? variables : { ...variables, [each.slice(0, -1)]: item })
    if (result === true) met.push(index)
    if (typeof result === 'boolean') continue
    const message = isCelError(result) ? messageOf(result) : 'it is neither true nor false'
    if (faults.length < mostFaults) faults.push({ index, message })
  }
  return { met, faults }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
