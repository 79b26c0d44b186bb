import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { TemperError } from '../../temper.ts'

/** Entries that one build may leave. */
const entriesLimit = 500_000

/**
 * Checks what a build left before anything of it is read: only files and folders are allowed. A link would lead the
 * next reader or writer to where the build itself cannot go, and a pipe would block it. Throws `gate-refused`.
 */
export async function demandPlain(folder: string): Promise<void> {
  let count = 0
  const look = async (path: string): Promise<void> => {
    for (const name of await readdir(path)) {
      const at = join(path, name)
      const stat = await lstat(at)
      count += 1
      const what = stat.isDirectory() || stat.isFile() ? undefined : 'neither a file nor a folder'
      const wrong = count > entriesLimit ? `one of more than ${entriesLimit} files` : what
      if (wrong !== undefined)
        throw new TemperError(
          'gate-refused',
          `The build left ${JSON.stringify(relative(folder, at)).slice(0, 200)}, which is ${wrong}`,
          { hint: 'Only files are taken out of a build. Check the build steps of the recipe.' },
        )
      if (stat.isDirectory()) await look(at)
    }
  }
  await look(folder)
}

/** Deletes a folder, whatever permissions a build gave to its contents. */
export async function discard(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true })
  } catch {
    await open(folder)
    await rm(folder, { recursive: true, force: true })
  }
}

async function open(folder: string): Promise<void> {
  await chmod(folder, 0o700)
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await open(join(folder, entry.name))
}
