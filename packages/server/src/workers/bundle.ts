import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { TemperError } from '../temper.ts'
import type { Bundle } from './task.ts'

/** Files and bytes that recipes may have that are built elsewhere. */
const limits = { files: 5000, bytes: 64 << 20 }

/** All files below a folder of recipes, so that whoever builds one of them finds the recipes that it extends. */
export async function bundleOf(folder: string, recipe: string): Promise<Bundle> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split('/').some((name) => name.startsWith('.')))
    .sort()
  let bytes = 0
  const files: Bundle['files'] = []
  for (const path of paths) {
    bytes += (await stat(join(folder, path))).size
    if (files.length >= limits.files || bytes > limits.bytes)
      throw new TemperError('limit-exceeded', `${folder}: too large to be built elsewhere`, {
        hint: `At most ${limits.files} files with ${limits.bytes} bytes. Keep files that are not part of recipes elsewhere.`,
      })
    files.push({ path, content: (await readFile(join(folder, path))).toString('base64') })
  }
  return { recipe: relative(folder, recipe), files }
}

/** Writes the files of a bundle. Throws `bad-usage` for a file that would lie outside the folder. */
export async function unpackBundle({ files, recipe }: Bundle, folder: string): Promise<void> {
  for (const { path, content } of [...files, { path: recipe, content: undefined }]) {
    const parts = path.split('/')
    if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0')))
      throw new TemperError('bad-usage', `A file of the task would lie outside of it: ${path.slice(0, 100)}`)
    if (content === undefined) continue
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), Buffer.from(content, 'base64'), { mode: 0o600 })
  }
}
