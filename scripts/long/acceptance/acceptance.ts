import { mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { mapLimit } from '../../../packages/temper/src/base/concurrency.ts'
import { silentProgress } from '../../../packages/temper/src/base/progress.ts'
import { createContext } from '../../../packages/temper/src/cli/context.ts'
import { processHost } from '../../../packages/temper/src/cli/host.ts'
import { type PackageOutcome, ResultFile } from './outcome.ts'
import { planPackage } from './plan.ts'
import { summary } from './summary.ts'
import { tryPackage } from './trial.ts'

const usage = `usage: acceptance LIST [--json FILE] [--resume] [--plan] [--jobs N] [--distribution ID] [--work FOLDER]
  LIST            names of packages, one a line, # comments
  --json FILE     where the outcomes go (default: standard output)
  --resume        keep the outcomes that FILE has already
  --jobs N        how many packages at once (2)
  --distribution  what to build from (debian-13)
  --plan          choose, plan and judge, but compose and start nothing: tells the same in a tenth of the time
  --work FOLDER   for recipes and layouts, each removed when its package is done; with --plan locks stay there and are
                  taken again`

/**
 * Makes a recipe of each package of a list alone, builds it, and starts its main program: what Temper does with packages
 * that nobody has prepared for. False when the list cannot be read; refusals are outcomes.
 */
export async function acceptPackages(words: readonly string[]): Promise<boolean> {
  const request = readRequest(words)
  if (request === undefined) {
    console.error(usage)
    return false
  }
  const { list, jobs, distribution, work, plan } = request
  const names = readList(list)
  const results = new ResultFile(request.json, { resume: request.resume, order: names })
  const host = processHost()
  const context = await createContext(host, {}, silentProgress)
  mkdirSync(work, { recursive: true })
  await mapLimit(
    names.filter((name) => !results.has(name)),
    jobs,
    async (name) => {
      context.signal.throwIfAborted()
      const trial = { name, distribution, folder: join(work, name) }
      const outcome = await (plan ? planPackage(trial, context) : tryPackage(trial, context, host.machine))
      results.add(outcome)
      console.error(progressLine(outcome, results.count, names.length))
    },
  )
  const outcomes = results.inOrder()
  if (request.json === undefined) console.log(JSON.stringify(outcomes, undefined, 2))
  console.error(summary(outcomes))
  return true
}

/** Names of packages, one a line; `#` begins a comment. */
export function parseList(text: string): readonly string[] {
  const names = text.split('\n').map((line) => line.replace(/#.*/, '').trim())
  return [...new Set(names.filter((name) => name !== ''))]
}

function readList(path: string): readonly string[] {
  return parseList(readFileSync(path, 'utf8'))
}

function readRequest(words: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      resume: { type: 'boolean', default: false },
      jobs: { type: 'string', default: '2' },
      distribution: { type: 'string', default: 'debian-13' },
      plan: { type: 'boolean', default: false },
      work: { type: 'string', default: join(tmpdir(), `temper-acceptance-${process.pid}`) },
    },
  })
  const [list] = positionals
  const jobs = Number(values.jobs)
  if (list === undefined || positionals.length !== 1 || !Number.isInteger(jobs) || jobs < 1) return undefined
  // npm and scripts/acceptance.sh say where the person is; this runs in the root of the repository.
  const from = (path: string) => resolve(process.env['INIT_CWD'] ?? process.cwd(), path)
  return {
    list: from(list),
    jobs,
    distribution: values.distribution,
    work: from(values.work),
    plan: values.plan,
    resume: values.resume,
    json: values.json === undefined ? undefined : from(values.json),
  }
}

function progressLine({ package: name, ...outcome }: PackageOutcome, done: number, all: number): string {
  const what =
    outcome.result === 'built' ? `built, ${outcome.unmodelled} unmodelled` : `refused: ${outcome.code}`
  const starts =
    outcome.starts === null ? '' : outcome.starts ? ', starts' : `, DOES NOT START: ${outcome.reason}`
  return `[${done}/${all}] ${name}: ${what}${starts}`
}
