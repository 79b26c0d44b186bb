import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { reportContests } from './contest-report.ts'
import { contestsOf } from './contests.ts'
import { addFigures, figuresOf, formatFigures, type Outcome, readFigures } from './figures.ts'
import { stopAll } from './measure.ts'
import { type BenchOptions, readOptions, usage } from './options.ts'
import { folder } from './place.ts'
import { buildPackage } from './programs.ts'
import { report } from './report.ts'
import { installTools } from './tools.ts'

const options = readOptions(process.argv.slice(2), process.env)
if (options === 'help') process.stdout.write(`${usage}\n`)
else await bench(options)

async function bench(options: BenchOptions): Promise<void> {
  const { json, into, resume, minutes } = options
  const wanted = contestsOf(options)
  const known = new Set(into === undefined ? [] : (await readFigures(into)).map(({ contest }) => contest))
  const open = resume ? wanted.filter(({ name }) => !known.has(name)) : wanted
  const started = performance.now()
  const isOver = () => minutes !== undefined && performance.now() - started > minutes * 60_000
  if (open.length === 0) {
    process.stderr.write('Nothing is left to measure.\n')
    return
  }
  await installTools()
  await buildPackage()
  const scratch = await mkdtemp(join(await folder('runs'), 'run-'))
  const outcomes: Outcome[] = []
  try {
    for (const [index, contest] of open.entries()) {
      if (index > 0 && isOver()) break
      const outcome = { name: contest.name, ...(await contest.hold(scratch)) }
      outcomes.push(outcome)
      if (into !== undefined) await addFigures(into, outcome)
    }
  } finally {
    stopAll()
    await rm(scratch, { recursive: true })
  }
  process.stdout.write(json ? formatFigures(outcomes.flatMap(figuresOf)) : textOf(outcomes))
  const left = open.slice(outcomes.length).map(({ name }) => name)
  if (left.length > 0) process.stderr.write(`Not measured: ${left.join(', ')}\n`)
}

function textOf(outcomes: readonly Outcome[]): string {
  const builds = outcomes.flatMap((outcome) => outcome.builds)
  const contests = outcomes.flatMap((outcome) => outcome.contests)
  return [
    ...(builds.length === 0 ? [] : [report(builds)]),
    ...(contests.length === 0 ? [] : [reportContests(contests)]),
  ].join('\n')
}
