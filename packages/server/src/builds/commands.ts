import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RecipeRow } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { folderOf } from '../recipes/recipes.ts'
import { ChildFailed, runTemper } from './child.ts'
import { Skipped } from './steps.ts'

type World = Pick<FactoryWorld, 'data' | 'recipes' | 'program' | 'environment'>

/** What the commands of one build share. */
export interface Workplace {
  readonly recipe: Pick<RecipeRow, 'name' | 'path'>
  /** Folder that is thrown away afterwards. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly onLine: (line: string) => void
}

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
  await run(world, place, ['lock', place.recipe.path, '--output', file, '--no-prepare'])
  return await readFile(file, 'utf8')
}

/** Builds the lock of the workplace into its layout. */
export async function buildLock(world: World, place: Workplace): Promise<Built> {
  const words = ['build', place.recipe.path, '--lock', lockFile(place), '--output', layoutOf(place)]
  const { digest, platforms } = builtSchema.parse(await run(world, place, words))
  return { digest, platforms: platforms.map(({ platform }) => platform) }
}

/** Runs the recipe's tests, where there is something to run containers with. */
export async function testRecipe(world: World, place: Workplace): Promise<number | Skipped> {
  const words = [
    'test',
    place.recipe.path,
    '--lock',
    lockFile(place),
    '--output',
    join(place.folder, 'tested'),
  ]
  try {
    const { results, passed } = testedSchema.parse(await run(world, place, words))
    const failed = results.filter((each) => !each.passed)
    if (!passed)
      throw new ChildFailed(`${failed.length} of ${results.length} tests failed`, {
        code: 'test-failed',
        exitCode: 1,
      })
    return results.length
  } catch (error) {
    if (!(error instanceof ChildFailed)) throw error
    if (error.code === 'bad-recipe' && error.details['tests'] === 0)
      return new Skipped('the recipe has no tests')
    if (error.code === 'tool-missing') return new Skipped('there is nothing here that runs containers')
    throw error
  }
}

export function lockFile({ folder }: Pick<Workplace, 'folder'>): string {
  return join(folder, 'lock.json')
}

export function layoutOf({ folder }: Pick<Workplace, 'folder'>): string {
  return join(folder, 'image')
}

async function run(world: World, place: Workplace, words: readonly string[]): Promise<unknown> {
  const { data, program, environment } = world
  const cache = join(data, 'builds-cache')
  await mkdir(cache, { recursive: true, mode: 0o700 })
  const { json } = await runTemper({
    words: [...program, ...words, '--json', '--cache-dir', cache],
    folder: folderOf(world, place.recipe),
    environment: { ...environment, TMPDIR: place.folder },
    signal: place.signal,
    onLine: place.onLine,
  })
  return json
}
