import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { CatalogEntry } from '../../packages/temper/src/flows/catalog/list.ts'
import type { TestOutcome } from '../../packages/temper/src/flows/test/test.ts'
import { loadRecipe } from '../../packages/temper/src/recipe/load.ts'
import type { Measured } from '../catalog/measured.ts'
import { currentCommit, keepTested } from '../catalog/tested.ts'
import { openClosures } from './catalog-closure.ts'
import { named } from './named.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const measuredFile = join(root, 'catalog/measured.json')

/**
 * Builds and tests images of the catalogue with all of their lines and variants, all images when none is named, and the first of each
 * for the other platform too (with `--other` for that alone), and keeps what they measure where `temper catalog` and the pages find it. Every container has a
 * read-only root, and nothing to write to but /tmp and the volumes that the image declares. True when all tests passed.
 */
export async function testCatalog(words: readonly string[]): Promise<boolean> {
  const names = words.filter((word) => word !== '--other')
  const all = await temper<readonly CatalogEntry[]>(['catalog'])
  const closureOf = await openClosures()
  const folder = await mkdtemp(join(tmpdir(), 'temper-catalog-'))
  let passed = true
  try {
    for (const entry of named(all, names, ({ name }) => name)) {
      if (!words.includes('--other') && !(await testOwnPlatform(entry))) passed = false
      if (!(await testOtherPlatform(entry))) passed = false
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return passed

  async function testOwnPlatform(entry: CatalogEntry): Promise<boolean> {
    const { name } = entry
    let succeeded = true
    for (const [i, chosen] of imagesOf(entry).entries()) {
      const layout = join(folder, name)
      const outcome = await testImage(name, chosen, layout).catch((error: Error) => error)
      if (outcome instanceof Error) {
        // One archive that cannot be reached is no reason to know nothing of the other images.
        console.log(
          `${[name, chosen.line, chosen.variant].filter(Boolean).join(' ')}: not built\n${outcome.message}`,
        )
        succeeded = false
        continue
      }
      const { build, failed, tests } = outcome
      if (failed.length > 0) succeeded = false
      await keepResult(name, chosen, { tests, failed })
      const told = failed.length === 0 ? 'passed' : `failed: ${failed.join(', ')}`
      console.log(`${[name, chosen.line, chosen.variant].filter(Boolean).join(' ')}: ${told}`)
      if (i === 0) await keep(name, await measure(name, layout, build))
      await rm(layout, { recursive: true, force: true })
    }
    return succeeded
  }

  async function keepResult(
    name: string,
    { line, variant, platform = ownPlatform }: Chosen,
    result: { readonly tests: number; readonly failed: readonly string[] },
  ): Promise<void> {
    const what = { ...(line === undefined ? {} : { line }), variant, platform }
    await keepTested(root, name, { ...what, ...result, commit: await currentCommit(root) })
  }

  /** In the order of the names. Read now: another run may have measured others meanwhile. */
  async function keep(name: string, fresh: Measured): Promise<void> {
    const before: Record<string, Measured> = JSON.parse(await readFile(measuredFile, 'utf8'))
    const kept = { ...before, [name]: { ...before[name], ...fresh } }
    const shipped = all.map((each) => each.name).filter((each) => Object.hasOwn(kept, each))
    const measured = Object.fromEntries(shipped.map((each) => [each, kept[each]]))
    await writeFile(measuredFile, `${JSON.stringify(measured, undefined, 2)}\n`)
  }

  /**
   * The first image of a recipe for the other platform, and those with build steps, which may make something else there; tested where the
   * kernel knows an emulator, else built, if no step has to be run.
   */
  async function testOtherPlatform(entry: CatalogEntry): Promise<boolean> {
    const { name } = entry
    let succeeded = true
    for (const [i, chosen] of (await imagesForOther(entry)).entries()) {
      const layout = join(folder, `${name}-${otherPlatform.replace('/', '-')}-${chosen.variant}`)
      const { build, failed, tests } = await testImage(name, { ...chosen, platform: otherPlatform }, layout)
      await keepResult(name, { ...chosen, platform: otherPlatform }, { tests, failed })
      const told = failed.length > 0 ? `failed: ${failed.join(', ')}` : canEmulate ? 'passed' : 'built'
      console.log(
        `${[name, chosen.line, chosen.variant].filter(Boolean).join(' ')} ${otherPlatform}: ${told}`,
      )
      if (i === 0) await keep(name, await measure(name, layout, build))
      await rm(layout, { recursive: true, force: true })
      if (failed.length > 0) succeeded = false
    }
    return succeeded
  }

  async function measure(name: string, layout: string, build: TestOutcome['build']): Promise<Measured> {
    const { images } = await temper<Inspected>(['inspect', `oci:${layout}`])
    const { recipe } = await loadRecipe(name, { workingDir: root, catalogDir: join(root, 'catalog') })
    const debian = await closureOf(recipe.contents.packages.map((each) => each.name))
    return Object.fromEntries(
      build.platforms.map(({ platform, packages, size, unpackedSize }) => {
        const inside = images.find((image) => image.platform === platform)?.packages ?? []
        const list = inside.map((each) => each.name).join(' ')
        const own = { packages, size, unpacked: unpackedSize, inside: list }
        // What Debian would install was counted for this machine.
        return [platform, debian === undefined || platform === otherPlatform ? own : { ...own, debian }]
      }),
    )
  }
}

interface Inspected {
  readonly images: readonly {
    readonly platform: string
    readonly packages: readonly { readonly name: string }[]
  }[]
}

/** What was built, and the names of tests that failed. */
async function testImage(name: string, { platform, ...chosen }: Chosen, layout: string) {
  const { recipe } = await loadRecipe(name, {
    workingDir: root,
    catalogDir: join(root, 'catalog'),
    ...chosen,
  })
  const line = chosen.line === undefined ? [] : ['--line', chosen.line]
  const other = platform === undefined ? [] : ['--platform', platform]
  const args = [name, ...line, ...other, '--variant', chosen.variant, '-o', layout]
  if (recipe.tests.length === 0 || (platform !== undefined && !canEmulate))
    return { build: await temper<TestOutcome['build']>(['build', ...args]), failed: [], tests: 0 }
  const { build, results } = await temper<TestOutcome>(['test', ...args])
  const failed = results.filter((result) => !result.passed).map((result) => result.name)
  return { build, failed, tests: results.length }
}

interface Chosen {
  readonly line?: string
  readonly variant: string
  /** Default: this machine's. */
  readonly platform?: string
}

const ownPlatform = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64'
const otherPlatform = process.arch === 'arm64' ? 'linux/amd64' : 'linux/arm64'

/** The kernel knows an emulator of it (qemu-user-static). */
const canEmulate = existsSync(
  `/proc/sys/fs/binfmt_misc/qemu-${process.arch === 'arm64' ? 'x86_64' : 'aarch64'}`,
)

async function imagesForOther(entry: CatalogEntry): Promise<readonly Chosen[]> {
  const [first = { variant: 'runtime' }, ...others] = imagesOf(entry)
  const chosen = [first]
  for (const each of canEmulate ? others : []) {
    const { recipe } = await loadRecipe(entry.name, {
      workingDir: root,
      catalogDir: join(root, 'catalog'),
      ...each,
    })
    if (recipe.steps !== undefined) chosen.push(each)
  }
  return chosen
}

/** Every image of one recipe; the first is what is built when nothing else is said. */
function imagesOf({ lines, variants }: CatalogEntry): readonly Chosen[] {
  const all = lines.length === 0 ? [{}] : lines.map((line) => ({ line }))
  return all.flatMap((line) => variants.map((variant) => ({ ...line, variant })))
}

/** The answer of a command, in JSON; a test that fails is an answer too. */
async function temper<T>(args: readonly string[]): Promise<T> {
  const program = join(root, 'packages/temper/src/cli/main.ts')
  const words = ['--conditions=temper-source', program, ...args, '--json']
  const { stdout } = await run(process.execPath, words, { maxBuffer: 64 << 20 }).catch(
    (error: { readonly code?: unknown; readonly stdout?: string }) => {
      if (error.code === 1 && error.stdout !== undefined) return { stdout: error.stdout }
      throw error
    },
  )
  return JSON.parse(stdout) as T
}
