import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MutantResult } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import { openCompiler, textAt } from './compiler.ts'
import { percent, type RoomResult, withResult } from './quality-page.ts'
import { type MutationRoom, mutationRooms } from './rooms.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Below the folder that git leaves out. */
const scratch = '.temper/mutation'

/** Percent of mutants that tests or the compiler have to notice in each room. */
const goal = 90

/** Mutates the rooms that are named, or all; true when enough is noticed in each. */
export async function mutateRooms(names: readonly string[]): Promise<boolean> {
  const unknown = names.find((name) => mutationRooms.every((room) => room.name !== name))
  if (unknown !== undefined)
    throw new Error(`no room ${unknown}; there are ${mutationRooms.map(({ name }) => name)}`)
  let good = true
  for (const room of mutationRooms) {
    if (names.length > 0 && !names.includes(room.name)) continue
    const result = await mutate(room)
    await keep(result)
    console.log(`${room.name}: ${percent(result)} noticed`)
    if (100 * (result.killed + result.refused) < goal * result.total) good = false
  }
  return good
}

/** Writes a result into docs/quality.md. */
async function keep(result: RoomResult): Promise<void> {
  const page = `${root}/docs/quality.md`
  await writeFile(page, withResult(await readFile(page, 'utf8'), result))
}

async function mutate(room: MutationRoom): Promise<RoomResult> {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
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
  await mkdir(`${root}/docs/mutation`, { recursive: true })
  await writeFile(`${root}/docs/mutation/${room.name}.txt`, left.map(lineOf).join(''))
  const refused = alive.length - left.length
  return { room: room.name, killed, refused, total: killed + alive.length, commit }
}

/** "tree/proof/need.ts:61: provider === undefined → false", for people. */
function lineOf({ fileName, location, replacement }: MutantResult): string {
  const file = relative(root, fileName)
  const old = textAt(readFileSync(fileName, 'utf8'), location).replaceAll(/\s+/g, ' ').slice(0, 100)
  return `${file}:${location.start.line}: ${old} → ${(replacement ?? '').replaceAll(/\s+/g, ' ').slice(0, 100)}\n`
}

async function testsOf({ tests }: MutationRoom): Promise<readonly string[]> {
  const files: string[] = []
  for await (const file of glob([...tests], { cwd: root })) files.push(file)
  return files.sort()
}
