import { chmod, lutimes, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesOf } from '../../base/bytes.ts'
import { fileError } from '../../base/file.ts'
import { nonrootUser } from '../../model/account.ts'
import type { SandboxJob } from '../../model/recipe-parts/sandbox.ts'
import { parentOf } from '../../model/tree/path.ts'
import { ConfinedFolder } from '../confined-folder.ts'

const owner = { uid: nonrootUser.uid, gid: nonrootUser.gid }

/** Lays the inputs of a job into an empty folder of ours, all of one time and owned by whoever works there. */
export async function layInputs(folder: string, { inputs, mtime }: SandboxJob): Promise<void> {
  const work = new ConfinedFolder(folder)
  work.placeFolder('', { mode: 0o755, ...owner })
  const paths = new Set<string>()
  const note = (path: string) => {
    for (let at = path; at !== '' && !paths.has(at); at = parentOf(at)) paths.add(at)
  }
  for (const { path, type, mode, content, target = '' } of inputs) {
    note(path)
    makeFolders(work, parentOf(path))
    if (type === 'directory') work.placeFolder(path, { mode: 0o755, ...owner })
    else if (type === 'symlink') work.placeSymlink(path, target, { mode: 0o777, ...owner })
    else await work.placeFile(path, bytesOf(content), { mode: mode & 0o755, ...owner })
  }
  // Folders last: what is put into them changes their time.
  for (const path of [...paths].sort().reverse()) await setTime(join(folder, path), mtime)
  await setTime(folder, mtime)
}

function makeFolders(work: ConfinedFolder, path: string): void {
  if (path === '' || work.stat(path)?.isDirectory()) return
  makeFolders(work, parentOf(path))
  work.placeFolder(path, { mode: 0o755, ...owner })
}

async function setTime(path: string, time: number): Promise<void> {
  try {
    await lutimes(path, time, time)
  } catch (error) {
    throw fileError('write', path, error)
  }
}

/** So that a folder can be removed whatever permissions a job gave to what is in it. */
export async function makeRemovable(folder: string): Promise<void> {
  // Root needs no permissions.
  if (process.getuid?.() === 0) return
  await chmod(folder, 0o700).catch(() => {})
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await makeRemovable(join(folder, entry.name))
}
