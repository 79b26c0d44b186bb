import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Stryker } from '@stryker-mutator/core'
import { type MutationRoom, mutationRooms } from './mutation-rooms.ts'
import { percent, type RoomResult, withResult } from './quality-page.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Below the folder that git leaves out. */
const scratch = '.temper/mutation'

/** Percent of mutants that tests have to kill in each room. */
const goal = 90

/** Mutates the rooms that are named, or all; true when the tests of each kill enough. */
export async function mutateRooms(names: readonly string[]): Promise<boolean> {
  const unknown = names.find((name) => mutationRooms.every((room) => room.name !== name))
  if (unknown !== undefined)
    throw new Error(`no room ${unknown}; there are ${mutationRooms.map(({ name }) => name)}`)
  let good = true
  for (const room of mutationRooms) {
    if (names.length > 0 && !names.includes(room.name)) continue
    const result = await mutate(room)
    await keep(result)
    console.log(`${room.name}: ${percent(result)} killed`)
    if (100 * result.killed < goal * result.total) good = false
  }
  return good
}

/** Writes a result into docs/quality.md. */
async function keep(result: RoomResult): Promise<void> {
  const page = `${root}/docs/quality.md`
  await writeFile(page, withResult(await readFile(page, 'utf8'), result))
}

async function mutate(room: MutationRoom): Promise<RoomResult> {
  await mkdir(`${root}/${scratch}`, { recursive: true })
  const config = `${scratch}/${room.name}.config.ts`
  await writeFile(`${root}/${config}`, vitestConfig(room))
  const results = await new Stryker({
    mutate: [...room.sources],
    testRunner: 'vitest',
    plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/vitest-runner'))],
    vitest: { configFile: config },
    coverageAnalysis: 'perTest',
    ignoreStatic: true,
    // Texts that decide are of union types, where the compiler is the test; the others are for people.
    mutator: { excludedMutations: ['StringLiteral'] },
    concurrency: 1,
    inPlace: false,
    symlinkNodeModules: true,
    tempDirName: `${scratch}/sandbox`,
    ignorePatterns: ['bench', '.git', 'packages/temper/dist', `!${config}`],
    incremental: true,
    incrementalFile: `${scratch}/${room.name}.incremental.json`,
    reporters: ['progress-append-only', 'clear-text', 'json'],
    jsonReporter: { fileName: `${scratch}/${room.name}.json` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: true },
    thresholds: { high: 95, low: goal, break: null },
    timeoutMS: 20_000,
  }).runMutationTest()
  const killed = results.filter(({ status }) => status === 'Killed' || status === 'Timeout').length
  const alive = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').length
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  return { room: room.name, killed, total: killed + alive, commit }
}

/** The tests of the room alone, without what whole runs set up. */
function vitestConfig({ tests }: MutationRoom): string {
  return `import { defineConfig } from 'vitest/config'
export default defineConfig({ test: { include: ${JSON.stringify(tests)}, testTimeout: 300_000 } })
`
}
