import { setTimeout as delay } from 'node:timers/promises'
import type { ContainerResult, ContainerRuntime, RunningContainer } from '../../model/container.ts'
import type { Image } from '../../model/image.ts'
import type { RecipeTest } from '../../model/recipe.ts'
import type { Context } from '../context.ts'
import { containerSpec } from './container-spec.ts'

export interface TestResult {
  readonly name: string
  readonly passed: boolean
  /** What was expected and what was found, when it failed. */
  readonly reason?: string
  /** The end of what the container printed, when it failed. */
  readonly output?: string
}

/** Milliseconds between two tries while a service is starting. */
const pause = 200

/** Statuses that services give while they, or what they depend on, are starting (RFC 9110, section 15.6). */
const notYet: ReadonlySet<number> = new Set([502, 503, 504])

/** Runs every test of a recipe in containers of the image, one after the other. */
export async function runTests(
  image: Image,
  tests: readonly RecipeTest[],
  environment: { readonly runtime: ContainerRuntime; readonly context: Pick<Context, 'progress' | 'signal'> },
): Promise<TestResult[]> {
  const { runtime, context } = environment
  const results: TestResult[] = []
  for (const test of tests) {
    context.signal.throwIfAborted()
    const progress = context.progress.start(`Test: ${test.name}`)
    try {
      results.push(await runTest(test, image, runtime))
    } finally {
      progress.done()
    }
  }
  return results
}

async function runTest(test: RecipeTest, image: Image, runtime: ContainerRuntime): Promise<TestResult> {
  const spec = containerSpec(image, test)
  if (test.http === undefined && test.exec.length === 0) {
    const result = await runtime.run(spec)
    return judge(test, result, commandFault(test, result))
  }
  const container = await runtime.start(spec)
  try {
    const service = { test, container, deadline: AbortSignal.timeout(test.timeout * 1000) }
    const fault = (await httpFault(service)) ?? (await execFault(service))
    const end = await container.stop()
    return judge(test, end, fault ?? missingOutput(test.output, end.output))
  } finally {
    await container.stop()
  }
}

function commandFault(test: RecipeTest, result: ContainerResult): string | undefined {
  if (result.exitCode === undefined)
    return `expected it to end within ${test.timeout} s, found it still running`
  if (result.exitCode !== test.exitCode)
    return `expected exit code ${test.exitCode}, found ${result.exitCode}`
  return missingOutput(test.output, result.output)
}

/** A container that should serve, and when it has failed to. */
interface Service {
  readonly test: RecipeTest
  readonly container: RunningContainer
  readonly deadline: AbortSignal
}

/** Asks until the service answers, it ends, or the time is up. */
async function httpFault({ test, container, deadline }: Service): Promise<string | undefined> {
  const { http } = test
  if (http === undefined) return undefined
  const place = `http://127.0.0.1:${http.port}${http.path}`
  let last = 'nothing'
  do {
    const answer = await container.request(http.port, http.path)
    const ended = container.ended()
    if (answer?.status === http.status) {
      if (http.body === undefined || answer.body.includes(http.body)) return undefined
      return `${place}: expected "${http.body}" in the body, found "${answer.body.slice(0, 200)}"`
    }
    if (answer !== undefined && !notYet.has(answer.status))
      return `${place}: expected status ${http.status}, found ${answer.status}`
    if (ended) return `expected ${place} to answer, found the container ended (${exitText(ended)})`
    if (answer !== undefined) last = `status ${answer.status}`
    await delay(pause)
  } while (!deadline.aborted)
  return `expected ${place} to answer within ${test.timeout} s, found ${last}`
}

/**
 * Commands beside the service. Only the first is tried again, while the service may still be starting; when
 * something has already answered, whatever fails then is final.
 */
async function execFault({ test, container, deadline }: Service): Promise<string | undefined> {
  let ready = test.http !== undefined
  for (const { command, output } of test.exec) {
    for (;;) {
      const result = await container.exec(command, { timeout: test.timeout })
      const fault =
        result.exitCode === 0
          ? missingOutput(output, result.output)
          : [exitText(result), ...lastLines(result)].join(': ')
      if (fault === undefined) break
      const ended = container.ended()
      if (ended) return `expected the service to run, found it ended (${exitText(ended)})`
      if (ready || !result.started || deadline.aborted) return `${command.join(' ')}: ${fault}`
      await delay(pause)
    }
    ready = true
  }
  return undefined
}

function lastLines({ output }: ContainerResult): readonly string[] {
  const text = output.trim().slice(-500)
  return text === '' ? [] : [text]
}

function exitText({ exitCode }: ContainerResult): string {
  return exitCode === undefined ? 'did not end in time' : `exit code ${exitCode}`
}

function missingOutput(expected: readonly string[], output: string): string | undefined {
  const missing = expected.find((text) => !output.includes(text))
  return missing === undefined ? undefined : `expected "${missing}" in the output`
}

function judge(test: RecipeTest, result: ContainerResult, fault: string | undefined): TestResult {
  if (fault === undefined) return { name: test.name, passed: true }
  return { name: test.name, passed: false, reason: fault, output: result.output.slice(-4000) }
}
