import { setTimeout as delay } from 'node:timers/promises'
import { TemperError } from '../base/error.ts'
import type {
  ContainerResult,
  ContainerRuntime,
  ContainerSpec,
  RunningContainer,
} from '../model/container.ts'
import type { Image } from '../model/image.ts'
import type { RecipeTest } from '../model/recipe.ts'
import type { Context } from './context.ts'

export interface TestResult {
  readonly name: string
  readonly passed: boolean
  /** What was expected and what was found, when it failed. */
  readonly reason?: string
  /** What the container printed, its end, when it failed. */
  readonly output?: string
}

/** Where the image says that it needs to write, from its annotations. */
export const writablePathsLabel = 'io.temper.writable-paths'

/** Runs every test of a recipe in containers of the image, one after the other. */
export async function runTests(
  image: Image,
  tests: readonly RecipeTest[],
  environment: { readonly runtime: ContainerRuntime; readonly context: Context },
): Promise<TestResult[]> {
  const results: TestResult[] = []
  for (const test of tests) {
    const progress = environment.context.progress.start(`Test: ${test.name}`)
    try {
      if (environment.context.signal.aborted) throw new TemperError('interrupted', 'Stopped while testing')
      results.push(await runTest(test, containerSpec(image, test), environment.runtime))
    } finally {
      progress.done()
    }
  }
  return results
}

async function runTest(
  test: RecipeTest,
  spec: ContainerSpec,
  runtime: ContainerRuntime,
): Promise<TestResult> {
  if (test.http === undefined && test.exec.length === 0) {
    const result = await runtime.run(spec)
    return judge(test, result, commandFault(test, result))
  }
  const container = await runtime.start(spec)
  try {
    const fault = (await httpFault(test, container)) ?? (await execFault(test, container))
    const end = await container.stop()
    return judge(test, end, fault ?? missingOutput(test.output, end.output))
  } finally {
    await container.stop()
  }
}

function containerSpec(image: Image, test: RecipeTest): ContainerSpec {
  const { config = {} } = image.config
  const args = test.command ?? [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])]
  if (args.length === 0) {
    throw new TemperError(
      'bad-recipe',
      `tests: "${test.name}" has no command, and the image has no entrypoint or cmd`,
      {
        hint: 'Give the test a command.',
      },
    )
  }
  const declared = (config.Labels?.[writablePathsLabel] ?? '').split(' ').filter((path) => path !== '')
  const writable = new Set([...declared, ...Object.keys(config.Volumes ?? {}), ...test.writable])
  const [uid = 0, gid = uid] = (config.User ?? '0').split(':').map(Number)
  return {
    args,
    environment: [
      ...(config.Env ?? []),
      ...Object.entries(test.environment).map(([name, value]) => `${name}=${value}`),
    ],
    workDir: config.WorkingDir ?? '/',
    user: { uid, gid },
    writable: [...writable].sort(),
    timeout: test.timeout,
    ...(test.stdin === undefined ? {} : { stdin: test.stdin }),
  }
}

function commandFault(test: RecipeTest, result: ContainerResult): string | undefined {
  if (result.exitCode === undefined) return `expected an end within ${test.timeout} s, found it still running`
  if (result.exitCode !== test.exitCode)
    return `expected exit code ${test.exitCode}, found ${result.exitCode}`
  return missingOutput(test.output, result.output)
}

/** Asks until the service answers, it ends, or the time is up. */
async function httpFault(test: RecipeTest, container: RunningContainer): Promise<string | undefined> {
  const { http } = test
  if (http === undefined) return undefined
  const place = `http://127.0.0.1:${http.port}${http.path}`
  for (let waited = 0; waited < test.timeout; waited += 0.2) {
    const ended = container.ended()
    if (ended)
      return `expected ${place} to answer, found the container ended (exit code ${ended.exitCode ?? 'none'})`
    const answer = await container.request(http.port, http.path)
    if (answer) {
      if (answer.status !== http.status)
        return `${place}: expected status ${http.status}, found ${answer.status}`
      if (http.body !== undefined && !answer.body.includes(http.body)) {
        return `${place}: expected "${http.body}" in the body, found "${answer.body.slice(0, 200)}"`
      }
      return undefined
    }
    await delay(200)
  }
  return `expected ${place} to answer within ${test.timeout} s, found nothing`
}

/** Commands beside the service: tried again while it is still starting. */
async function execFault(test: RecipeTest, container: RunningContainer): Promise<string | undefined> {
  for (const { command, output } of test.exec) {
    let fault: string | undefined = 'not run'
    for (let waited = 0; fault !== undefined && waited < test.timeout; waited += 0.5) {
      const ended = container.ended()
      if (ended) {
        const end = ended.exitCode === undefined ? 'the time was over' : `it ended with ${ended.exitCode}`
        return `expected the service to run, found that ${end}; ${command.join(' ')}: ${fault}`
      }
      const result = await container.exec(command, { timeout: test.timeout })
      fault =
        result.exitCode === 0
          ? missingOutput(output, result.output)
          : `exit code ${result.exitCode ?? 'none'}: ${result.output.trim().slice(-500)}`
      if (fault !== undefined) await delay(500)
    }
    if (fault !== undefined) return `${command.join(' ')}: ${fault}`
  }
  return undefined
}

function missingOutput(expected: readonly string[], output: string): string | undefined {
  const missing = expected.find((text) => !output.includes(text))
  return missing === undefined ? undefined : `expected "${missing}" in the output`
}

function judge(test: RecipeTest, result: ContainerResult, fault: string | undefined): TestResult {
  if (fault === undefined) return { name: test.name, passed: true }
  return { name: test.name, passed: false, reason: fault, output: result.output.slice(-4000) }
}
