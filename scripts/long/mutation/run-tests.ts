import type { Group, Test } from './suite.ts'

export interface TestOutcome {
  readonly id: string
  /** Milliseconds of the process's own work: how busy the machine is must not decide which tests are asked. */
  readonly time: number
  /** What went wrong, if anything did. */
  readonly failure?: string
}

export interface RunTestsOptions {
  /** Called before each test. */
  readonly onTest: (id: string) => void
  /** Ends the run with the first failure. */
  readonly bail: boolean
}

/** Runs the tests of one file in their order, with the hooks of their groups. */
export async function runTests(
  tests: readonly Test[],
  { onTest, bail }: RunTestsOptions,
): Promise<TestOutcome[]> {
  const outcomes: TestOutcome[] = []
  const open: Group[] = []
  for (const test of tests) {
    const outcome = await runTest(test, { open, onTest })
    outcomes.push(outcome)
    if (bail && outcome.failure !== undefined) break
  }
  await attempt(() => leave(open, []))
  return outcomes
}

async function runTest(
  { id, body, group }: Test,
  { open, onTest }: { readonly open: Group[]; readonly onTest: (id: string) => void },
): Promise<TestOutcome> {
  const groups = outermostFirst(group)
  const started = process.cpuUsage()
  onTest(id)
  const failure =
    (await attempt(async () => {
      await leave(open, groups)
      await enter(open, groups)
      for (const { hooks } of groups) for (const before of hooks.beforeEach) await before()
      await body()
    })) ??
    (await attempt(async () => {
      for (const { hooks } of groups.toReversed()) for (const after of hooks.afterEach) await after()
    }))
  const { user, system } = process.cpuUsage(started)
  return { id, time: (user + system) / 1000, ...(failure === undefined ? {} : { failure }) }
}

function outermostFirst(group: Group): readonly Group[] {
  return group.parent === undefined ? [group] : [...outermostFirst(group.parent), group]
}

/** Closes the groups that the next test is not in. */
async function leave(open: Group[], next: readonly Group[]): Promise<void> {
  for (let last = open.at(-1); last !== undefined && !next.includes(last); last = open.at(-1)) {
    open.pop()
    for (const after of last.hooks.afterAll) await after()
  }
}

async function enter(open: Group[], groups: readonly Group[]): Promise<void> {
  for (const group of groups) {
    if (open.includes(group)) continue
    open.push(group)
    for (const before of group.hooks.beforeAll) await before()
  }
}

async function attempt(action: () => Promise<void>): Promise<string | undefined> {
  try {
    await action()
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  }
}
