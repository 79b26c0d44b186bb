import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { type Damage, damageAt } from '../../src/base/fixtures/damage.ts'
import { chosen, randomNumbers } from '../support/random.ts'
import { type CacheWorld, makeCacheWorld, type WorldResults } from './world.ts'

export interface DamageOptions {
  readonly rounds: number
  /** Files that are damaged at once, each of which counts as a round. */
  readonly together: number
  /** The same seed damages the same. */
  readonly seed: number
  readonly onRun?: (done: number) => void
}

export interface DamageTally {
  /** What came out otherwise than from a sound cache without anybody being told, with what was damaged. Has to be empty. */
  readonly silent: readonly string[]
  /** What was still otherwise or told when the same was run again. Has to be empty where nothing ended with an error. */
  readonly unhealed: readonly string[]
  /** Runs in which something ended with an error: what cannot be made again is refused. */
  readonly refused: number
  /** Damaged files by kind. */
  readonly kinds: Readonly<Record<string, number>>
}

/** Damages files of a cache at random, and compares what comes out of it. Every kind of file has the same share. */
export async function damageRounds({ rounds, together, seed, onRun }: DamageOptions): Promise<DamageTally> {
  const world = await makeCacheWorld()
  const random = randomNumbers(seed)
  const tally = {
    silent: [] as string[],
    unhealed: [] as string[],
    refused: 0,
    kinds: {} as Record<string, number>,
  }
  try {
    const expected = (await world.results()).results
    const failed = Object.values(expected).find((text) => text.startsWith('error '))
    if (failed !== undefined) throw new Error(`A sound cache gives ${failed}`)
    const sound = await readCache(world.cacheDir)
    for (let done = 0; done < rounds; done += together) {
      const damages = Array.from({ length: together }, () => damageOne(sound, random))
      for (const { kind } of damages) tally.kinds[kind] = (tally.kinds[kind] ?? 0) + 1
      const what = damages.map(({ text }) => text).join(', ')
      await writeCache(
        world.cacheDir,
        new Map([...sound, ...damages.map(({ path, bytes }) => [path, bytes] as const)]),
      )
      await runTwice(world, { expected, what, tally })
      onRun?.(Math.min(rounds, done + together))
    }
    return tally
  } finally {
    await world.close()
  }
}

async function runTwice(
  world: CacheWorld,
  {
    expected,
    what,
    tally,
  }: {
    expected: WorldResults['results']
    what: string
    tally: { silent: string[]; unhealed: string[]; refused: number }
  },
): Promise<void> {
  const first = await world.results()
  const wrong = differing(first, expected)
  const silent = wrong.filter((step) => !first.results[step]?.startsWith('error '))
  if (silent.length > 0) tally.silent.push(`${silent.join(', ')} after ${what}`)
  if (wrong.length > 0) {
    tally.refused++
    return
  }
  const second = await world.results()
  const left = [...differing(second, expected), ...second.warnings]
  if (left.length > 0) tally.unhealed.push(`${left.join(', ')} after ${what}`)
}

function differing({ results }: WorldResults, expected: WorldResults['results']): string[] {
  return Object.keys(expected).filter((step) => results[step] !== expected[step])
}

type Cache = ReadonlyMap<string, Buffer>

async function readCache(folder: string): Promise<Cache> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  const files = paths.map(async (path) => [relative(folder, path), await readFile(path)] as const)
  return new Map(await Promise.all(files))
}

async function writeCache(folder: string, cache: Cache): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  for (const [name, bytes] of cache) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), bytes)
  }
}

/** What a file is one of: its folder, and below feeds its ending. */
function kindOf(path: string): string {
  const [folder = ''] = path.split('/')
  return /^(?:feeds|advisories)/.test(folder) ? `${folder} ${path.slice(path.lastIndexOf('.') + 1)}` : folder
}

function damageOne(sound: Cache, random: () => number) {
  const kinds = Map.groupBy(sound.keys(), kindOf)
  const kind = chosen([...kinds.keys()].sort(), random)
  const path = chosen(kinds.get(kind) ?? [], random)
  const way: Damage['kind'] = chosen(['flip', 'truncate', 'zero', 'append', 'drop'], random)
  const place = random()
  // Power cuts leave whole pages of zeros.
  const length = random() < 0.5 ? 4096 : 1 + Math.floor(random() * 64)
  const bytes = damageAt(way, place, length).apply(sound.get(path) ?? Buffer.alloc(0))
  return { kind, path, bytes, text: `${way} ${path} at ${place.toFixed(4)}` }
}
