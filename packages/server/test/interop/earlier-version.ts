import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot } from '../../../temper/test/support/source-files.ts'
import { migrations } from '../../src/database/migrate.ts'

const run = promisify(execFile)

/** Packages of this project, which a copy of it has to find in itself. */
const workspaces = { server: 'packages/server', temper: 'packages/temper' } as const

/**
 * The commit before the newest migration came: what an upgrade begins at. Undefined where the history is not there, as in a shallow
 * checkout.
 */
export async function commitBeforeNewestMigration(): Promise<string | undefined> {
  const [newest = ''] = Object.keys(migrations).sort().reverse()
  const file = `packages/server/src/database/migrations/${newest.replace(/^\d+-/, '')}.ts`
  const git = async (...words: readonly string[]) =>
    (await run('git', ['-c', 'safe.directory=*', ...words], { cwd: repositoryRoot })).stdout.trim()
  try {
    const added = await git('log', '-1', '--diff-filter=A', '--format=%H', '--', file)
    // Not committed yet.
    return added === '' ? await git('rev-parse', 'HEAD') : await git('rev-parse', '--verify', `${added}^`)
  } catch {
    return undefined
  }
}

/** Writes the sources of a commit into a folder, with the packages of this checkout; returns the words that run its program. */
export async function programOf(commit: string, folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true })
  const archive = join(folder, 'sources.tar')
  const git = [
    '-c',
    'safe.directory=*',
    'archive',
    '-o',
    archive,
    commit,
    'packages',
    'catalog',
    'package.json',
  ]
  await run('git', git, { cwd: repositoryRoot })
  await run('tar', ['-xf', archive, '-C', folder])
  await rm(archive)
  await linkPackages(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'))
  await mkdir(join(folder, 'node_modules/@temper-images'))
  for (const [name, place] of Object.entries(workspaces)) {
    await symlink(join(folder, place), join(folder, 'node_modules/@temper-images', name))
    await linkPackages(join(repositoryRoot, place, 'node_modules'), join(folder, place, 'node_modules'))
  }
  return ['--conditions=temper-source', join(folder, 'packages/temper/src/cli/main.ts')]
}

async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of await readdir(from).catch(() => []))
    if (name !== '@temper-images' && !name.startsWith('.')) await symlink(join(from, name), join(to, name))
}
