import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export const repositoryRoot = resolve(import.meta.dirname, '..')
export const launcher = join(repositoryRoot, 'temper')

/** Everything that the benchmark keeps between runs: packages, locks, apt repositories. */
export const place = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'temper-bench')

/** The cache that packages are downloaded into, never built from. */
export const downloads = join(place, 'downloads')

export async function folder(...names: readonly string[]): Promise<string> {
  const path = join(place, ...names)
  await mkdir(path, { recursive: true })
  return path
}
