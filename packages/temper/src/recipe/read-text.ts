import { stat } from 'node:fs/promises'
import { tryUtf8 } from '../base/bytes.ts'
import { TemperError } from '../base/error.ts'
import { fileError, readFileIfExists } from '../base/file.ts'

/** Enough for any text that the parsers take; they have the exact limit. */
const largest = 1024 * 1024

/**
 * The text of a file that people write: a recipe, or a configuration of another builder. `shown` is what errors call it.
 * Throws `not-found` when there is no file, `limit-exceeded` above a mebibyte and `bad-recipe` for what is not UTF-8.
 */
export async function readRecipeText(path: string, shown: string): Promise<string> {
  const stats = await stat(path).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw fileError('read', path, error)
  })
  if (stats?.isFile() !== true)
    throw new TemperError('not-found', `${shown}: expected a recipe, found ${stats ? 'a folder' : 'no file'}`)
  if (stats.size > largest)
    throw new TemperError(
      'limit-exceeded',
      `${shown}: a recipe has at most ${largest} bytes, found ${stats.size}`,
      {
        hint: 'Give the path of a recipe, which is a short YAML file.',
      },
    )
  const bytes = await readFileIfExists(path)
  const text = bytes === undefined ? undefined : tryUtf8(bytes)
  if (text !== undefined) return text
  throw new TemperError('bad-recipe', `${shown}: is not UTF-8 text`, {
    hint: 'A recipe is a YAML file. Give the path of the recipe, or its name in the catalogue.',
  })
}
