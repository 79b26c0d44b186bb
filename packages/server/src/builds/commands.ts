import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { FactoryWorld } from '../factory/world.ts'
import { describe, folderOf } from '../recipes/recipes.ts'
import { runElsewhere } from '../workers/elsewhere.ts'
import type { TaskCommand } from '../workers/task.ts'
import { harvestCache, seedCache } from './cache.ts'
import { demandPlain, discard } from './isolation/left.ts'
import { runApart } from './isolation/run.ts'
import { layoutOf, lockFile, type Workplace } from './places.ts'
import { ChildFailed } from './result.ts'
import { Skipped } from './steps.ts'

type World = Pick<
  FactoryWorld,
  | 'db'
  | 'now'
  | 'data'
  | 'recipes'
  | 'program'
  | 'environment'
  | 'context'
  | 'workers'
  | 'isolation'
  | 'scratch'
  | 'reachable'
>

const builtSchema = z.looseObject({
  digest: z.string(),
  platforms: z.array(z.looseObject({ platform: z.string() })),
})
const testedSchema = z.looseObject({
  passed: z.boolean(),
  results: z.array(z.looseObject({ name: z.string().optional(), passed: z.boolean() })),
})

export interface Built {
  readonly digest: string
  readonly platforms: readonly string[]
}

/** Chooses packages anew; returns the lock's text. */
export async function lockRecipe(world: World, place: Workplace): Promise<string> {
  const file = lockFile(place)
  await runCommand(world, place, 'lock')
  return await readFile(file, 'utf8')
}

/** Builds the lock of the workplace into its layout. */
export async function buildLock(world: World, place: Workplace): Promise<Built> {
  const { digest, platforms } = builtSchema.parse(await runCommand(world, place, 'build'))
  return { digest, platforms: platforms.map(({ platform }) => platform) }
}

const noTests = 'the recipe has no tests'

/** Runs the recipe's tests where a container runtime is available. */
export async function testRecipe(world: World, place: Workplace): Promise<number | Skipped> {
  // No process is started to find that out, nor a worker asked.
  const known = await describe(world, place.recipe).catch(() => undefined)
  if (known?.tests === 0) return new Skipped(noTests)
  try {
    const { results, passed } = testedSchema.parse(await runCommand(world, place, 'test'))
    const failed = results.filter((each) => !each.passed)
    if (!passed)
      throw new ChildFailed(`${failed.length} of ${results.length} tests failed`, {
        code: 'test-failed',
        exitCode: 1,
      })
    return results.length
  } catch (error) {
    if (!(error instanceof ChildFailed)) throw error
    if (error.code === 'bad-recipe' && error.details['tests'] === 0) return new Skipped(noTests)
    if (error.code === 'tool-missing') return new Skipped('there is no container runtime here')
    throw error
  }
}

/** Runs one here or, where workers do that, elsewhere. */
async function runCommand(world: World, place: Workplace, command: TaskCommand): Promise<unknown> {
  if (world.workers !== undefined)
    return await runElsewhere({ ...world, workers: world.workers }, place, command)
  const shared = join(world.data, 'builds-cache')
  const { isForeign, archives } = await whatRuns(world, place, command)
  const cache = isForeign ? join(place.folder, 'cache') : await keptCache(world, place.recipe.name)
  await mkdir(cache, { recursive: true, mode: 0o700 })
  if (command !== 'lock') {
    await seedCache(shared, cache, await readFile(lockFile(place), 'utf8'))
    await world.isolation.sandbox?.give(join(cache, 'packages'))
  }
  const { json } = await runApart(world.isolation, {
    command,
    archives,
    place: place.folder,
    cache,
    context: world.context,
    scratch: world.scratch,
    reachable: world.reachable,
    words: [...world.program, ...wordsOf(command, place), '--json', '--cache-dir', cache],
    folder: folderOf(world, place.recipe),
    environment: world.environment,
    signal: place.signal,
    onLine: place.onLine,
  })
  await harvestCache(cache, shared)
  return json
}

/**
 * The cache of a recipe that runs nothing foreign, which its next build uses too. No other recipe's builds read it: most
 * of what is kept there is keyed by what it was made of, and only the build that made it can say what came out.
 */
async function keptCache({ data }: Pick<World, 'data'>, recipe: string): Promise<string> {
  const cache = join(data, 'builds-caches', recipe)
  await mkdir(cache, { recursive: true, mode: 0o700 })
  // The build before may have been killed before anybody looked at what it left.
  await demandPlain(cache).catch(() => discard(cache))
  return cache
}

/** Assembling runs nothing of what is in packages; build steps and tests do. */
async function whatRuns(
  world: World,
  { recipe }: Workplace,
  command: TaskCommand,
): Promise<{ readonly isForeign: boolean; readonly archives: readonly string[] }> {
  // What is wrong with a recipe the command says better.
  const known = await describe(world, recipe).catch(() => undefined)
  if (known === undefined) return { isForeign: true, archives: [] }
  const { steps, tests, archives } = known
  return { isForeign: steps > 0 || (command === 'test' && tests > 0), archives }
}

/** The words of a command, whose paths lie below the folder of one build. */
export function wordsOf(
  command: TaskCommand,
  { recipe: { path }, ...place }: Pick<Workplace, 'folder'> & { readonly recipe: { readonly path: string } },
): readonly string[] {
  const lock = lockFile(place)
  switch (command) {
    case 'lock':
      return ['lock', path, '--output', lock, '--no-prepare']
    case 'build':
      return ['build', path, '--lock', lock, '--output', layoutOf(place)]
    case 'test':
      return ['test', path, '--lock', lock, '--output', join(place.folder, 'tested')]
  }
}
