import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { CatalogEntry, Measures } from '../../packages/temper/src/flows/catalog/list.ts'
import type { TestOutcome } from '../../packages/temper/src/flows/test/test.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Builds and tests every image of the catalogue with all of its variants, and keeps what each measures where
 * `temper catalog` finds it. True when all tests passed.
 */
export async function testCatalog(names: readonly string[]): Promise<boolean> {
  const entries = (await temper<readonly CatalogEntry[]>(['catalog'])).filter(
    ({ name }) => names.length === 0 || names.includes(name),
  )
  const folder = await mkdtemp(join(tmpdir(), 'temper-catalog-'))
  const measured: Record<string, Measures[string]> = {}
  let passed = true
  try {
    for (const { name, variants, tests } of entries)
      for (const variant of variants) {
        const args = [name, '--variant', variant, '-o', join(folder, `${name}-${variant}`)]
        const build = tests === 0 ? await temper<TestOutcome['build']>(['build', ...args]) : undefined
        const outcome = build ? undefined : await temper<TestOutcome>(['test', ...args])
        const failed = outcome?.results.filter((result) => !result.passed) ?? []
        if (failed.length > 0) passed = false
        const told =
          failed.length === 0 ? 'passed' : `failed: ${failed.map((result) => result.name).join(', ')}`
        console.log(`${name} ${variant}: ${told}`)
        if (variant !== 'runtime') continue
        const { platforms } = build ?? outcome?.build ?? { platforms: [] }
        measured[name] = Object.fromEntries(
          platforms.map(({ platform, packages, size }) => [platform, { packages, size }]),
        )
      }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  if (names.length === 0)
    await writeFile(join(root, 'catalog/measured.json'), `${JSON.stringify(measured, undefined, 2)}\n`)
  return passed
}

/** The answer of a command, in JSON; a test that fails is an answer too. */
async function temper<T>(args: readonly string[]): Promise<T> {
  const program = join(root, 'packages/temper/src/cli/main.ts')
  const { stdout } = await run(process.execPath, [program, ...args, '--json'], { maxBuffer: 64 << 20 }).catch(
    (error: { readonly code?: unknown; readonly stdout?: string }) => {
      if (error.code === 1 && error.stdout !== undefined) return { stdout: error.stdout }
      throw error
    },
  )
  return JSON.parse(stdout) as T
}
