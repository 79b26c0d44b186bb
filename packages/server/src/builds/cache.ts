import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { constants, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FactoryWorld } from '../factory/world.ts'
import { discard } from './isolation/left.ts'

/** Packages in a cache lie under their digests, by which they are checked; nothing else of a recipe's builds is given to those of another. */
const packages = ['packages', 'sha256'] as const

/**
 * Fills a cache with the packages that a lock names, where an older cache has them. They are copied, so that no build
 * writes to another's cache.
 */
export async function seedCache(from: string, to: string, lock: string): Promise<void> {
  await mkdir(join(to, packages[0]), { recursive: true, mode: 0o700 })
  const wanted = new Set([...lock.matchAll(/"sha256:([0-9a-f]{64})"/g)].map(([, hex = '']) => hex))
  for (const hex of wanted) {
    const shard = join(...packages, hex.slice(0, 2))
    const there = await namesIn(join(to, shard))
    for (const name of await namesIn(join(from, shard)))
      if (name.startsWith(`${hex}.`) && !there.includes(name)) {
        await mkdir(join(to, shard), { recursive: true, mode: 0o700 })
        await copyFile(join(from, shard, name), join(to, shard, name), constants.COPYFILE_FICLONE)
      }
  }
}

/**
 * Takes over packages that a build fetched, if their content matches their names: whoever had the cache meanwhile is
 * not trusted.
 */
export async function harvestCache(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const shard of await namesIn(join(from, ...packages)))
    for (const name of await namesIn(join(from, ...packages, shard))) {
      const [path, target] = [join(from, ...packages, shard, name), join(to, ...packages, shard)]
      if (!/^[0-9a-f]{64}\.[a-z]+$/.test(name) || (await namesIn(target)).includes(name)) continue
      const before = join(target, `.${name}.${process.pid}`)
      await mkdir(target, { recursive: true, mode: 0o700 })
      await copyFile(path, before, constants.COPYFILE_FICLONE)
      // What was copied is looked at, not what may still change.
      if ((await digestOf(before)) === name.slice(0, 64)) await rename(before, join(target, name))
      else await rm(before, { force: true })
    }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => [])
}

/** Deletes the caches of recipes that are no more. */
export async function dropCaches({ data, db }: Pick<FactoryWorld, 'data' | 'db'>): Promise<void> {
  const folder = join(data, 'builds-caches')
  const kept = await db.selectFrom('recipes').select('name').where('removed', '=', false).execute()
  const names = new Set(kept.map(({ name }) => name))
  for (const name of await namesIn(folder)) if (!names.has(name)) await discard(join(folder, name))
}
