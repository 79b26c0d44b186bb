import { stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { readRecipeText } from '../read-text.ts'
import type { RecipeSource } from '../whole.ts'
import { type ImportedRecipe, importRecipe } from './import.ts'
import { includedBy } from './included.ts'

const longestChain = 8

/**
 * Reads a foreign configuration and those that it includes. They are named from the folder that their builder runs in: the
 * working folder, or one above the file. Throws `not-found`, and what `importRecipe` throws.
 */
export async function importFile(
  name: string,
  options: { readonly workingDir: string; readonly releases?: readonly string[] },
): Promise<ImportedRecipe> {
  const first = resolve(options.workingDir, name)
  const source = await read(first, name)
  const included: RecipeSource[] = []
  const seen = new Set([first])
  for (let last = source; ; ) {
    const wanted = includedBy(last)
    if (wanted === undefined) break
    const path = await find(wanted, { first, ...options })
    if (path === undefined || seen.has(path) || included.length >= longestChain)
      throw new TemperError(
        'not-found',
        `${last.file}: cannot include ${wanted.slice(0, 200)}: ${why(path, seen)}`,
        {
          hint: 'Run the command in the folder that the path is relative to.',
        },
      )
    seen.add(path)
    last = await read(path, relative(options.workingDir, path))
    included.push(last)
  }
  return importRecipe(source, { ...options, included })
}

function why(path: string | undefined, seen: ReadonlySet<string>): string {
  if (path === undefined) return 'there is no such file'
  return seen.has(path) ? 'it includes this one' : `more than ${longestChain} files include each other`
}

async function find(
  wanted: string,
  { first, workingDir }: { readonly first: string; readonly workingDir: string },
): Promise<string | undefined> {
  const folders = [workingDir]
  for (let folder = dirname(first); folder !== dirname(folder); folder = dirname(folder)) folders.push(folder)
  for (const folder of folders) {
    const path = join(folder, wanted)
    const stats = await stat(path).catch(() => undefined)
    if (stats?.isFile() === true) return path
  }
  return undefined
}

async function read(path: string, file: string): Promise<RecipeSource> {
  return { text: await readRecipeText(path, file), file }
}
