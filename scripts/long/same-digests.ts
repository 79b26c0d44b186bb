import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { linkCache } from '../../packages/temper/test/support/linked-cache.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Folders of a cache that hold only what was fetched. */
const fetched = ['packages', 'indices', 'releases', 'files-2']

/**
 * Builds the catalogue of an earlier commit with that commit and with this checkout, from one lock that the earlier one writes, and
 * compares digests. Neither has anything in its cache that was made before; what was fetched is shared. Of images that differ it
 * prints what differs inside.
 * @param words a commit, then names of images; without names, all that the catalogue of that commit has
 * @returns true when every digest is the same
 */
export async function compareDigests([commit, ...names]: readonly string[]): Promise<boolean> {
  if (commit === undefined) throw new Error('usage: npm run long -- same-digests COMMIT [NAME…]')
  const folder = await mkdtemp(join(tmpdir(), 'temper-digests-'))
  const earlier = join(folder, 'earlier')
  try {
    await run('git', ['worktree', 'add', '--quiet', '--detach', earlier, commit], { cwd: root })
    let same = 0
    const chosen = names.length > 0 ? names : await recipesIn(join(earlier, 'catalog'))
    for (const name of chosen) {
      const [before, after] = await buildTwice(name, { folder, earlier })
      if (before === after) same++
      else console.log(`${name}: ${before} at ${commit}, ${after} here\n${await difference(folder)}`)
    }
    console.log(`${same} of ${chosen.length} images have the same digest as at ${commit}`)
    return same === chosen.length
  } finally {
    await run('git', ['worktree', 'remove', '--force', earlier], { cwd: root }).catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
}

async function recipesIn(catalog: string): Promise<readonly string[]> {
  const entries = await readdir(catalog, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

async function buildTwice(
  name: string,
  { folder, earlier }: { readonly folder: string; readonly earlier: string },
): Promise<readonly [before: string, after: string]> {
  const recipe = join(earlier, 'catalog', name, 'recipe.yaml')
  const lock = join(folder, `${name}.lock.json`)
  // One cache stays for all images, so that each package is fetched once.
  const downloads = join(folder, 'downloads')
  await temper(earlier, ['lock', recipe, '-o', lock, '--cache-dir', downloads])
  const build = async (checkout: string, layout: string): Promise<string> => {
    const cache = join(folder, 'cache')
    await linkCache(downloads, cache, (each) => fetched.includes(each))
    await rm(layout, { recursive: true, force: true })
    const words = ['build', recipe, '--lock', lock, '-o', layout, '--cache-dir', cache, '--json']
    const { digest }: { digest: string } = JSON.parse(await temper(checkout, words))
    await rm(cache, { recursive: true })
    return digest
  }
  return [await build(earlier, join(folder, 'before')), await build(root, join(folder, 'after'))]
}

async function difference(folder: string): Promise<string> {
  return temper(root, ['diff', `oci:${join(folder, 'before')}`, `oci:${join(folder, 'after')}`])
}

/** What it prints; exit code 1 is an answer too. */
async function temper(checkout: string, words: readonly string[]): Promise<string> {
  const { stdout } = await run(join(checkout, 'temper'), words, { maxBuffer: 64 << 20 }).catch(
    (error: { readonly code?: unknown; readonly stdout?: string }) => {
      if (error.code === 1 && error.stdout) return { stdout: error.stdout }
      throw error
    },
  )
  return stdout
}
