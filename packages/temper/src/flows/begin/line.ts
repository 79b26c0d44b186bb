import { loadRecipe } from '../../recipe/load.ts'
import type { Context } from '../context.ts'
import { type Beginning, releasesToBeginWith } from './begin.ts'
import type { AppLanguage } from './language.ts'
import { startingPoint, versionOf } from './runtimes.ts'

/** Which version of its language an application begins with. */
export interface ChosenLine {
  /** The version line of the recipe that it begins with; absent: the recipe's own. */
  readonly line?: string
  /** The line that it is in the end, where the recipe has lines. */
  readonly whole?: string
  /** What a person should know about it, as one sentence. */
  readonly note?: string
}

const titles: Readonly<Record<AppLanguage, string>> = {
  python: 'Python',
  node: 'Node.js',
  java: 'Java',
  ruby: 'Ruby',
  php: 'PHP',
  go: 'Go',
  rust: 'Rust',
}

/**
 * The line that the project's own files ask for: the one that they name, else the newest that they allow. Says so where it is not the
 * recipe's own, and where none is. Reads recipes of the catalogue alone.
 */
export async function chooseLine(
  { language, build, distribution, wish }: Beginning,
  context: Pick<Context, 'workingDir' | 'catalogDir'>,
): Promise<ChosenLine> {
  if (language === undefined) return {}
  const release = distribution ?? releasesToBeginWith()[0] ?? ''
  const isDefault = release === releasesToBeginWith()[0]
  // What is compiled begins with a recipe that has lines of its own.
  const isCompiled = language === 'go' || language === 'rust'
  const runs = isCompiled ? undefined : startingPoint(language, build)
  const point = build?.isPages === true ? 'node' : runs
  const lines = isDefault && point !== undefined ? (await loadRecipe(point, context)).lines : []
  const only = versionOf(language, release)
  const [own, ...others] = lines.length > 0 ? lines : only === undefined ? [] : [only]
  const whole = lines.length > 0 && own !== undefined ? { whole: own } : {}
  if (wish === undefined || own === undefined) return whole
  const title = titles[language]
  const { file, said, fits } = wish
  const named = [own, ...others].find((line) => line === said) ?? [own, ...others].find((line) => fits(line))
  if (named === own) return whole
  if (named !== undefined)
    return { line: named, whole: named, note: `${title} ${named}: ${file} asks for ${said}` }
  return {
    ...whole,
    note: `${file} asks for ${title} ${said}, which is not to be had here: it is ${title} ${own}${others.length === 0 ? '' : ` (others: ${others.join(', ')})`}. Try it, and change what the project says`,
  }
}
