import { copyFile, link, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Gives a test a cache of its own with what another has: links to its files, which Temper never changes in place. Other
 * test files may be writing to it meanwhile, so what goes away while it is read is left out.
 * @param wanted chooses among the folders of the cache, by name
 */
export async function linkCache(
  from: string,
  to: string,
  wanted: (folder: string) => boolean,
): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true }))
    if (entry.isDirectory() && wanted(entry.name))
      await linkFolder(join(from, entry.name), join(to, entry.name))
}

async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    try {
      if (entry.isDirectory()) await linkFolder(source, target)
      else await link(source, target)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EXDEV') await copyFile(source, target)
      else if (code !== 'ENOENT') throw error
    }
  }
}
