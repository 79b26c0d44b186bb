import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TemperError } from '../../base/error.ts'
import type { ConfinedFolder } from '../confined-folder.ts'

/** Most bytes of an account file: room for some hundred thousand accounts. */
export const accountFileLimit = 16 << 20

/**
 * Content of a file in the image's /etc; empty when there is none, or something else than a file. Throws
 * `limit-exceeded` for one that is too large.
 */
export async function accountFile(root: ConfinedFolder, name: string): Promise<string> {
  const folder = root.existing('etc')
  const file = folder === undefined ? undefined : root.stat(`${folder}/${name}`)
  if (folder === undefined || file?.isFile() !== true) return ''
  if (file.size > accountFileLimit)
    throw new TemperError(
      'limit-exceeded',
      `/etc/${name} of the image has ${file.size} bytes; the limit is ${accountFileLimit}`,
    )
  return await readFile(join(root.home, folder, name), 'utf8')
}
