import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MutantCoverage, StrykerOptions } from '@stryker-mutator/api/core'
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin'
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner'
import { serveFreshModules } from './fresh-modules.ts'
import { runTests, type TestOutcome } from './run-tests.ts'
import { collect, type Test } from './suite.ts'

/** What the mutated sources read and write. */
interface Instruments {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
  mutantCoverage?: MutantCoverage
}

/** Runs the tests in the process of the runner, with modules that are new for each mutant. */
class InProcessRunner implements TestRunner {
  readonly #files: readonly string[]
  readonly #instruments: Instruments
  /** Milliseconds by the ids of tests. */
  #times: Readonly<Record<string, number>> = {}
  #runs = 0
  #stray: unknown

  constructor(files: readonly string[], instruments: Instruments) {
    this.#files = files
    this.#instruments = instruments
  }

  capabilities(): { readonly reloadEnvironment: boolean } {
    return { reloadEnvironment: true }
  }

  async init(): Promise<void> {
    serveFreshModules(pathToFileURL(`${process.cwd()}/`).href)
    if (existsSync(timesFile)) this.#times = JSON.parse(readFileSync(timesFile, 'utf8'))
    process.on('unhandledRejection', (reason) => {
      this.#stray = reason
    })
  }

  async dryRun(options: DryRunOptions): Promise<DryRunResult> {
    this.#instruments.activeMutant = undefined
    const result = await this.#run(this.#files, { bail: !options.disableBail })
    const { mutantCoverage } = this.#instruments
    if (result.status !== DryRunStatus.Complete || mutantCoverage === undefined) return result
    this.#times = Object.fromEntries(result.tests.map(({ id, timeSpentMs }) => [id, timeSpentMs]))
    writeFileSync(timesFile, JSON.stringify(this.#times))
    // How long a mutant may take comes of these times.
    const tests = result.tests.map((test) => (test.timeSpentMs > slow ? { ...test, timeSpentMs: 0 } : test))
    return { ...result, tests, mutantCoverage }
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { testFilter, hitLimit, activeMutant, mutantActivation, disableBail } = options
    const wanted = testFilter === undefined ? undefined : new Set(testFilter)
    const files = this.#files.filter((file) => !wanted || testFilter?.some((id) => id.startsWith(`${file}#`)))
    this.#instruments.hitCount = 0
    this.#instruments.hitLimit = soonerLimit(hitLimit)
    this.#instruments.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined
    const result = await this.#run(files, {
      bail: !disableBail,
      mutant: activeMutant.id,
      ...(wanted === undefined ? {} : { wanted }),
    })
    const limit = determineHitLimitReached(this.#instruments.hitCount, this.#instruments.hitLimit)
    return toMutantRunResult(limit ?? result)
  }

  async #run(
    files: readonly string[],
    options: { readonly bail: boolean; readonly mutant?: string; readonly wanted?: ReadonlySet<string> },
  ): Promise<DryRunResult> {
    const instruments = this.#instruments
    this.#runs++
    this.#stray = undefined
    const tests: Test[] = []
    const outcomes: TestOutcome[] = []
    try {
      instruments.currentTestId = undefined
      for (const file of files)
        for (const test of await collect(() => import(`${addressOf(file)}?run=${this.#runs}`)))
          tests.push({ ...test, id: `${file}#${test.id}` })
      if (options.mutant !== undefined) instruments.activeMutant = options.mutant
      for (const part of this.#quickFirst(tests.filter(({ id }) => options.wanted?.has(id) ?? true))) {
        outcomes.push(...(await this.#runPart(part, options)))
        if (options.bail && outcomes.some(({ failure }) => failure !== undefined)) break
      }
    } catch (error) {
      return {
        status: DryRunStatus.Error,
        errorMessage: String(error instanceof Error ? error.stack : error),
      }
    }
    return { status: DryRunStatus.Complete, tests: outcomes.map(resultOf) }
  }

  async #runPart(
    tests: readonly Test[],
    options: { readonly bail: boolean; readonly mutant?: string },
  ): Promise<readonly TestOutcome[]> {
    const instruments = this.#instruments
    const outcomes = await runTests(tests, {
      bail: options.bail,
      onTest: (id) => {
        instruments.currentTestId = options.mutant === undefined ? id : undefined
      },
    })
    instruments.currentTestId = undefined
    const last = outcomes.at(-1)
    if (this.#stray === undefined || last === undefined) return outcomes
    return [...outcomes.slice(0, -1), { ...last, failure: String(this.#stray) }]
  }

  /**
   * Most mutants are noticed by a quick test, and none of the slow ones has to run then. The slowest do not run at all:
   * what only they would notice counts as unnoticed.
   */
  #quickFirst(tests: readonly Test[]): readonly (readonly Test[])[] {
    const timeOf = ({ id }: Test) => this.#times[id] ?? 0
    const quick = tests.filter((test) => timeOf(test) <= 50)
    return [quick, tests.filter((test) => timeOf(test) > 50 && timeOf(test) <= slow)]
  }
}

/**
 * How often a mutant may be met before its loop counts as endless. The mutator allows a hundred times what the dry run
 * had, which properties that try thousands of inputs make a matter of minutes; twenty times tell as well.
 */
function soonerLimit(limit: number | undefined): number | undefined {
  return limit === undefined ? undefined : Math.min(limit, Math.max(limit / 5, 1_000_000))
}

/** Milliseconds past which a test is not asked about mutants. */
const slow = 1000

/** How long tests took in the dry run: for the processes that come after it. */
const timesFile = 'test-times.json'

function addressOf(file: string): string {
  return pathToFileURL(join(process.cwd(), file)).href
}

function resultOf({ id, time, failure }: TestOutcome): TestResult {
  const base = { id, name: id, timeSpentMs: time, fileName: join(process.cwd(), id.split('#')[0] ?? '') }
  return failure === undefined
    ? { ...base, status: TestStatus.Success }
    : { ...base, status: TestStatus.Failed, failureMessage: failure }
}

function createRunner(options: StrykerOptions): TestRunner {
  const files = options['roomTests'] as readonly string[]
  const scope = globalThis as unknown as Record<string, Instruments | undefined>
  // The name that mutated sources use unless several mutators run in one process.
  const instruments: Instruments = {}
  scope['__stryker__'] ??= instruments
  return new InProcessRunner(files, scope['__stryker__'] ?? instruments)
}
createRunner.inject = tokens(commonTokens.options)

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'in-process', createRunner)]
