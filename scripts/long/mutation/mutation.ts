import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MutantResult } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import { named } from '../named.ts'
import { askAgain, isGone } from './again.ts'
import { openCompiler, textAt } from './compiler.ts'
import { percent, withResult } from './quality-page.ts'
import { type MutationRoom, mutationRooms } from './rooms.ts'
import {
  changeText,
  type Reasons,
  readReasons,
  sortOut,
  type UnnoticedChange,
  unnoticedText,
} from './unnoticed.ts'

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
  /** The commit at which gaps were asked about again. */
  readonly again?: string
  readonly unnoticed: readonly UnnoticedChange[]
}

/**
 * Mutates the rooms that are named, or all; true when enough is noticed in each, and the lists of changes that make no
 * difference fit. With `--again` the tests are asked only about the gaps that the last run left: a minute in place of many;
 * sources that changed meanwhile are not. With `--list` nothing is run:
 * what the last run left is held against the lists again.
 */
export async function mutateRooms(words: readonly string[]): Promise<boolean> {
  const names = words.filter((word) => !word.startsWith('--'))
  let good = true
  for (const room of named(mutationRooms, names, ({ name }) => name)) {
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
  const sorted = sortOut(unnoticed, await reasonsOf(room))
  await mkdir(lists, { recursive: true })
  await writeFile(`${lists}/${room.name}.txt`, unnoticedText(sorted))
  const total = killed + refused + unnoticed.length
  const at = again === undefined ? commit : `${commit}, again ${again}`
  const result = { room: room.name, killed, refused, gaps: sorted.gaps.length, total, commit: at }
  const page = `${root}/docs/quality.md`
  await writeFile(page, withResult(await readFile(page, 'utf8'), result))
  console.log(`${room.name}: ${percent(result)} noticed, ${result.gaps} gaps`)
  for (const fault of sorted.faults) console.log(`${reasonsFile(room)}: ${fault}`)
  return sorted.faults.length === 0 && 100 * (killed + refused) >= goal * total
}

async function lastOf(room: MutationRoom): Promise<Measured> {
  return JSON.parse(await readFile(measuredFile(room), 'utf8'))
}

function head(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
}

function reasonsFile({ name }: MutationRoom): string {
  return `docs/mutation/equivalent/${name}.txt`
}

async function reasonsOf(room: MutationRoom): Promise<Reasons> {
  const file = `${root}/${reasonsFile(room)}`
  return readReasons(existsSync(file) ? await readFile(file, 'utf8') : '')
}

/** The last run's result, with what its gaps give now. */
async function mutateAgain(room: MutationRoom): Promise<Measured> {
  const last = await lastOf(room)
  const there = last.unnoticed.filter((change) => !isGone(root, change))
  const { gaps, equivalent } = sortOut(there, await reasonsOf(room))
  const left = await askAgain(gaps, { root, tests: await testsOf(room) })
  const unnoticed = [...left, ...[...equivalent.values()].flat()].sort(byPlace)
  const total = last.killed + last.refused + there.length
  return { ...last, killed: total - last.refused - unnoticed.length, again: head(), unnoticed }
}

async function mutate(room: MutationRoom): Promise<Measured> {
  const commit = head()
  const results = await new Stryker({
    mutate: [...room.sources],
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
    incremental: true,
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
  const original = textAt(text, location)
  return {
    file,
    line,
    change: changeText(file, { original, replacement }),
    within: text.split('\n')[line - 1]?.trim() ?? '',
    original,
    replacement,
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
