import { resolve } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'
import type { IgnoreRule } from '../../policy/ignore/rule.ts'
import type { Context } from '../context.ts'

/** Read without being named when it is in the working folder. */
export const defaultIgnoreFile = '.temper/ignore.yaml'

/** The rules of the files, in their order. Throws `not-found` for a file that was named, `bad-configuration`. */
export async function ignoreRules(
  files: readonly string[] | undefined,
  context: Pick<Context, 'workingDir'>,
): Promise<readonly IgnoreRule[]> {
  const rules: IgnoreRule[] = []
  for (const file of files ?? [defaultIgnoreFile]) {
    const bytes = await readFileIfExists(resolve(context.workingDir, file))
    if (bytes === undefined) {
      if (files === undefined) return []
      throw new TemperError('not-found', `There is no file of ignore rules ${file}`)
    }
    // YAML and its schema are loaded by those who have rules only.
    const { parseIgnoreFile } = await import('../../policy/ignore/ignore-file.ts')
    rules.push(...parseIgnoreFile(bytes, file))
  }
  return rules
}
