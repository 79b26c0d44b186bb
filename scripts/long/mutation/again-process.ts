import { pathToFileURL } from 'node:url'
import { type Answer, changedSource, type Progress, type Question } from './again.ts'
import { changeSource, serveFreshModules } from './fresh-modules.ts'
import { runTests } from './run-tests.ts'
import { collect, type Test } from './suite.ts'
import type { UnnoticedChange } from './unnoticed.ts'

/** Milliseconds of work past which a test is not asked, as in a whole run: what only such a one would notice stays a gap. */
const slow = 1000

/** Runs the tests of files, each change in modules of its own. */
class Asker {
  readonly #question: Question
  /** Milliseconds by test that passes without any change, by file. */
  readonly #times = new Map<string, ReadonlyMap<string, number>>()
  #runs = 0

  constructor(question: Question) {
    this.#question = question
  }

  /** The test that notices a change. */
  async noticing(change: UnnoticedChange): Promise<string | undefined> {
    const { root, tests } = this.#question
    const text = changedSource(root, change)
    if (text === undefined) return undefined
    const run = ++this.#runs
    for (const file of nearest(tests, change.file)) {
      process.send?.('tests' satisfies Progress)
      const times = this.#times.get(file) ?? (await this.#measure(file))
      changeSource(this.#addressOf(change.file), text)
      const by = await this.#firstFailure(file, { run, times })
      changeSource(this.#addressOf(change.file), undefined)
      if (by !== undefined) return by
    }
    return undefined
  }

  #addressOf(file: string): string {
    return pathToFileURL(`${this.#question.root}/${file}`).href
  }

  async #testsIn(file: string, run: number): Promise<readonly Test[]> {
    return await collect(() => import(`${this.#addressOf(file)}?run=${run}`))
  }

  async #measure(file: string): Promise<ReadonlyMap<string, number>> {
    const outcomes = await runTests(await this.#testsIn(file, ++this.#runs), {
      bail: false,
      onTest: () => undefined,
    })
    const good = outcomes.filter(({ failure }) => failure === undefined)
    const times = new Map(good.map(({ id, time }) => [id, time]))
    this.#times.set(file, times)
    return times
  }

  async #firstFailure(
    file: string,
    { run, times }: { readonly run: number; readonly times: ReadonlyMap<string, number> },
  ): Promise<string | undefined> {
    try {
      const quick = (await this.#testsIn(file, run)).filter(({ id }) => (times.get(id) ?? slow) < slow)
      const outcomes = await runTests(quick, { bail: true, onTest: () => undefined })
      const failed = outcomes.find(({ failure }) => failure !== undefined)
      return failed && `${file}:${failed.id}`
    } catch (error) {
      return `${file}: ${String(error)}`
    }
  }
}

/** Tests that lie nearest to a source first. */
function nearest(tests: readonly string[], source: string): readonly string[] {
  const shared = (file: string) => {
    let length = 0
    while (length < file.length && file[length] === source[length]) length++
    return length
  }
  return [...tests].sort((a, b) => shared(b) - shared(a))
}

process.on('unhandledRejection', () => undefined)
process.once('message', async (question: Question) => {
  serveFreshModules(pathToFileURL(`${question.root}/`).href)
  const asker = new Asker(question)
  for (const [index, change] of question.changes.entries())
    process.send?.({ index, by: await asker.noticing(change) } satisfies Answer)
  process.disconnect()
})
