import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MutantResult } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import { openCompiler, textAt } from './compiler.ts'
import { changedLines, joinedRanges, linesWith } from './doubtful.ts'
import { percent, withResult } from './quality-page.ts'
import { type MutationRoom, mutationRooms } from './rooms.ts'
import { changeText, readReasons, sortOut, type UnnoticedChange, unnoticedText } from './unnoticed.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Below the folder that git leaves out. */
const scratch = '.temper/mutation'
const lists = `${root}/docs/mutation`

/** Percent of mutants that tests or the compiler have to notice in each room. */
const goal = 90

/** What a run leaves for the next. */
interface Measured {
  readonly killed: number
  readonly refused: number
  readonly commit: string
  /** The commit at which doubtful places were asked about again. */
  readonly again?: string
  readonly unnoticed: readonly UnnoticedChange[]
}

/**
 * Mutates the rooms that are named, or all; true when enough is noticed in each, and the lists of changes that make no
 * difference fit. With `--again` only lines are asked about that the last run left something in, and those that changed
 * since: a few minutes in place of many; how many changes there are is not counted anew. With `--list` nothing is run:
 * what the last run left is held against the lists again.
 */
export async function mutateRooms(words: readonly string[]): Promise<boolean> {
  const names = words.filter((word) => !word.startsWith('--'))
  const unknown = names.find((name) => mutationRooms.every((room) => room.name !== name))
  if (unknown !== undefined)
    throw new Error(`no room ${unknown}; there are ${mutationRooms.map(({ name }) => name)}`)
  let good = true
  for (const room of mutationRooms) {
    if (names.length > 0 && !names.includes(room.name)) continue
    if (!words.includes('--list')) {
      const measured = words.includes('--again') ? await mutateAgain(room) : await mutate(room)
      await writeFile(measuredFile(room), JSON.stringify(measured))
    }
    if (!(await keep(room))) good = false
  }
  return good
}

function measuredFile({ name }: MutationRoom): string {
  return `${root}/${scratch}/${name}.unnoticed.json`
}

/** Writes what was measured into docs/; true when it is good enough. */
async function keep(room: MutationRoom): Promise<boolean> {
  const { killed, refused, commit, again, unnoticed } = await lastOf(room)
  const reasons = `${lists}/equivalent/${room.name}.txt`
  const sorted = sortOut(unnoticed, readReasons(existsSync(reasons) ? await readFile(reasons, 'utf8') : ''))
  await mkdir(lists, { recursive: true })
  await writeFile(`${lists}/${room.name}.txt`, unnoticedText(sorted))
  const total = killed + refused + unnoticed.length
  const at = again === undefined ? commit : `${commit}, again ${again}`
  const result = { room: room.name, killed, refused, gaps: sorted.gaps.length, total, commit: at }
  const page = `${root}/docs/quality.md`
  await writeFile(page, withResult(await readFile(page, 'utf8'), result))
  console.log(`${room.name}: ${percent(result)} noticed, ${result.gaps} gaps`)
  for (const fault of sorted.faults) console.log(`${reasons.slice(root.length)} ${fault}`)
  return sorted.faults.length === 0 && 100 * (killed + refused) >= goal * total
}

async function lastOf(room: MutationRoom): Promise<Measured> {
  return JSON.parse(await readFile(measuredFile(room), 'utf8'))
}

function git(...words: readonly string[]): string {
  return execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim()
}

/** The last run's result, with what its doubtful places give now. */
async function mutateAgain(room: MutationRoom): Promise<Measured> {
  const last = await lastOf(room)
  const { unnoticed, commit } = await mutate(room, await doubtfulPlaces(room, last))
  const total = last.killed + last.refused + last.unnoticed.length
  return { ...last, killed: total - last.refused - unnoticed.length, again: commit, unnoticed }
}

/** Lines that the last run left something in, and those that changed since, as the mutator takes them. */
async function doubtfulPlaces(room: MutationRoom, last: Measured): Promise<readonly string[]> {
  const places: string[] = []
  const sources = room.sources.filter((each) => !each.startsWith('!'))
  const left = room.sources.filter((each) => each.startsWith('!')).map((each) => each.slice(1))
  for await (const file of glob(sources, { cwd: root, exclude: left })) {
    const changes = last.unnoticed.filter((change) => change.file === file)
    const diff = git('diff', '--unified=0', last.again ?? last.commit, 'HEAD', '--', file)
    const ranges = [...changedLines(diff), ...linesWith(readFileSync(`${root}/${file}`, 'utf8'), changes)]
    for (const { from, to } of joinedRanges(ranges)) places.push(`${file}:${from}-${to}`)
  }
  return places
}

async function mutate(room: MutationRoom, places?: readonly string[]): Promise<Measured> {
  const commit = git('rev-parse', '--short', 'HEAD')
  const results = await new Stryker({
    mutate: [...(places ?? room.sources)],
    testRunner: 'in-process',
    plugins: [fileURLToPath(new URL('runner.ts', import.meta.url))],
    // For the runner: files with tests.
    roomTests: await testsOf(room),
    coverageAnalysis: 'perTest',
    ignoreStatic: true,
    // Texts that decide are of union types, where the compiler is the test; the others are for people.
    mutator: { excludedMutations: ['StringLiteral'] },
    concurrency: 1,
    // Modules of earlier runs stay in memory.
    maxTestRunnerReuse: 200,
    inPlace: false,
    symlinkNodeModules: true,
    tempDirName: `${scratch}/sandbox`,
    ignorePatterns: ['bench', '.git', 'packages/temper/dist'],
    incremental: places === undefined,
    incrementalFile: `${scratch}/${room.name}.incremental.json`,
    reporters: ['progress-append-only', 'clear-text', 'json'],
    jsonReporter: { fileName: `${scratch}/${room.name}.json` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: true },
    thresholds: { high: 95, low: goal, break: null },
    timeoutMS: 3_000,
    warnings: false,
  }).runMutationTest()
  const killed = results.filter(({ status }) => status === 'Killed' || status === 'Timeout').length
  const alive = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  const compiler = openCompiler(root)
  const left = alive.filter(({ fileName, location, replacement }) => {
    const file = relative(root, fileName)
    return !compiler.refuses({ file, ...location, replacement: replacement ?? '' })
  })
  return {
    killed,
    refused: alive.length - left.length,
    commit,
    unnoticed: left.map(unnoticedOf).sort(byPlace),
  }
}

function unnoticedOf({ fileName, location, replacement = '' }: MutantResult): UnnoticedChange {
  const file = relative(root, fileName)
  const text = readFileSync(fileName, 'utf8')
  const { line } = location.start
  return {
    file,
    line,
    change: changeText(file, { original: textAt(text, location), replacement }),
    within: text.split('\n')[line - 1]?.trim() ?? '',
    lines: location.end.line - line + 1,
  }
}

function byPlace(a: UnnoticedChange, b: UnnoticedChange): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line
}

async function testsOf({ tests }: MutationRoom): Promise<readonly string[]> {
  const files: string[] = []
  for await (const file of glob([...tests], { cwd: root })) files.push(file)
  return files.sort()
}
