import { readdir } from 'node:fs/promises'

/** Names of the recipes that ship with Temper, sorted; none when the folder is missing. */
export async function catalogNames(catalogDir: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(catalogDir, { withFileTypes: true })
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
    return folders.sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
