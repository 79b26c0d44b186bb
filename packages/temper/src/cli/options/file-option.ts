import { resolve } from 'node:path'
import type { NamedBytes } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'
import type { TrustedRoot } from '../../flows/trust/policy.ts'
import type { IgnoreRule } from '../../policy/ignore/rule.ts'

/** Where relative paths of the command line start. */
interface Folder {
  readonly workingDir: string
}

/** A file that was named; `what` is what it should be, as "VEX file". Throws `not-found`. */
export async function readNamedFile(file: string, what: string, { workingDir }: Folder): Promise<NamedBytes> {
  const bytes = await readFileIfExists(resolve(workingDir, file))
  if (bytes !== undefined) return { name: file, bytes }
  throw new TemperError('not-found', `There is no ${what} ${file}`)
}

/** The rules of the files, in their order. Throws `not-found`, `bad-configuration`. */
export async function readIgnoreRules(
  files: readonly string[],
  folder: Folder,
): Promise<readonly IgnoreRule[]> {
  const rules: IgnoreRule[] = []
  for (const file of files) {
    const { bytes } = await readNamedFile(file, 'file of ignore rules', folder)
    // YAML and its schema are loaded by those who have rules only.
    const { parseIgnoreFile } = await import('../../policy/ignore/ignore-file.ts')
    rules.push(...parseIgnoreFile(bytes, file))
  }
  return rules
}

/** Read without being named when it is in the working folder. */
export const defaultIgnoreFile = '.temper/ignore.yaml'

/** The rules of that file; none without it. */
export async function defaultIgnoreRules(folder: Folder): Promise<readonly IgnoreRule[]> {
  const there = await readFileIfExists(resolve(folder.workingDir, defaultIgnoreFile))
  return there === undefined ? [] : await readIgnoreRules([defaultIgnoreFile], folder)
}

/** A trusted root in a file, which is read when something is judged by it. */
export function trustedRootFile(file: string, { workingDir }: Folder): TrustedRoot {
  return { name: file, read: () => readFileIfExists(resolve(workingDir, file)) }
}
