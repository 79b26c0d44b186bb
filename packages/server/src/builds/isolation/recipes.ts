import { cp, lstat, readdir, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** Files and bytes up to which recipes are copied. */
const limits = { files: 5000, bytes: 256 << 20 }

/**
 * A copy of a folder of recipes that can be given to another user, or the folder itself where it is too large to be
 * copied for each build: then everybody has to be able to read it.
 */
export async function copyOfRecipes(folder: string, to: string): Promise<string> {
  if (!(await isSmall(folder))) return folder
  // Recipes of a repository are reached by a link to the commit that counts: what it leads to is copied.
  const from = await realpath(folder)
  await cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => path === from || !isLeftOut(basename(path)),
  })
  return to
}

async function isSmall(folder: string): Promise<boolean> {
  const rest = { ...limits }
  const look = async (path: string): Promise<boolean> => {
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (isLeftOut(entry.name)) continue
      const at = join(path, entry.name)
      rest.files -= 1
      if (entry.isFile()) rest.bytes -= (await lstat(at)).size
      if (rest.files < 0 || rest.bytes < 0) return false
      if (entry.isDirectory() && !(await look(at))) return false
    }
    return true
  }
  return await look(folder)
}

/** What is under way, and the history of a repository. */
function isLeftOut(name: string): boolean {
  return name === '.git' || name.startsWith('.incoming-')
}
