import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { reportContests } from './contest-report.ts'
import { contestsOf, type NamedContest } from './contests.ts'
import {
  addFigures,
  type Figure,
  figuresOf,
  formatFigures,
  type Outcome,
  type Run,
  readFigures,
} from './figures.ts'
import { stopAll } from './measure.ts'
import { type BenchOptions, readOptions, usage } from './options.ts'
import { folder, repositoryRoot } from './place.ts'
import { buildPackage } from './programs.ts'
import { report } from './report.ts'
import { withTables } from './tables.ts'
import { installTools } from './tools.ts'

const options = readOptions(process.argv.slice(2), process.env)
if (options === 'help') process.stdout.write(`${usage}\n`)
else await bench(options)

async function bench(options: BenchOptions): Promise<void> {
  const { json, into, resume, page } = options
  const wanted = contestsOf(options)
  const known = new Set(into === undefined ? [] : (await readFigures(into)).map(({ contest }) => contest))
  const open = resume ? wanted.filter(({ name }) => !known.has(name)) : wanted
  if (open.length === 0) process.stderr.write('Nothing is left to measure.\n')
  const outcomes = open.length === 0 ? [] : await holdAll(open, options)
  const figures = outcomes.flatMap(figuresOf)
  if (page !== undefined) await writePage(page, into === undefined ? figures : await readFigures(into))
  process.stdout.write(json ? formatFigures(figures) : textOf(outcomes))
}

/** One contest after the other; one that fails does not keep the others from being held. */
async function holdAll(
  open: readonly NamedContest[],
  { into, minutes }: BenchOptions,
): Promise<readonly Outcome[]> {
  const started = performance.now()
  const isOver = () => minutes !== undefined && performance.now() - started > minutes * 60_000
  await installTools()
  await buildPackage()
  const commit = await commitOf()
  const scratch = await mkdtemp(join(await folder('runs'), 'run-'))
  const outcomes: Outcome[] = []
  let held = 0
  try {
    for (const contest of open) {
      if (held > 0 && isOver()) break
      held++
      const [load = 0] = loadavg()
      const { runs } = contest
      const run: Run = { commit, node: process.versions.node, cores: availableParallelism(), runs, load }
      try {
        const outcome = { name: contest.name, run, ...(await contest.hold(scratch)) }
        outcomes.push(outcome)
        if (into !== undefined) await addFigures(into, outcome)
      } catch (error) {
        process.stderr.write(
          `${contest.name} failed: ${error instanceof Error ? error.stack : String(error)}\n`,
        )
        process.exitCode = 1
      }
    }
  } finally {
    stopAll()
    await rm(scratch, { recursive: true })
  }
  const left = open.slice(held).map(({ name }) => name)
  if (left.length > 0) process.stderr.write(`Not measured: ${left.join(', ')}\n`)
  return outcomes
}

async function commitOf(): Promise<string> {
  const asked = ['rev-parse', '--short=8', 'HEAD']
  return promisify(execFile)('git', asked, { cwd: repositoryRoot }).then(
    ({ stdout }) => stdout.trim(),
    () => 'no commit',
  )
}

async function writePage(path: string, figures: readonly Figure[]): Promise<void> {
  await writeFile(path, withTables(await readFile(path, 'utf8'), figures))
}

function textOf(outcomes: readonly Outcome[]): string {
  const builds = outcomes.flatMap((outcome) => outcome.builds)
  const contests = outcomes.flatMap((outcome) => outcome.contests)
  return [
    ...(builds.length === 0 ? [] : [report(builds)]),
    ...(contests.length === 0 ? [] : [reportContests(contests)]),
  ].join('\n')
}
