import { join, posix } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'
import type { Glob } from '../../base/glob.ts'
import { ignorePattern } from './ignore-pattern.ts'

/** What stays out of what is copied, by paths below the folder, without a slash at their start. */
export interface Ignores {
  (path: string): boolean
  /** Whether all below a folder stays out, so that nobody has to look. */
  readonly whole: (folder: string) => boolean
}

export const ignoresNothing: Ignores = Object.assign(() => false, { whole: () => false })

/** What one of several leaves out. */
export function ignoredByAny(all: readonly Ignores[]): Ignores {
  return Object.assign((path: string) => all.some((ignores) => ignores(path)), {
    whole: (folder: string) => all.some(({ whole }) => whole(folder)),
  })
}

interface Rule {
  readonly fits: Glob
  /** It includes again what an earlier rule left out. */
  readonly negated: boolean
}

/** Bytes and rules of one file, which are compared with every path. */
const limits = { bytes: 256 * 1024, rules: 1000 }

/**
 * The `.dockerignore` of a folder (docs.docker.com/build/concepts/context, "Syntax"): one pattern per line, relative
 * to the folder; `*`, `?` and `[a-z]` match within a name, `**` across several; `!` includes again. The last pattern
 * that matches the path or a folder above it decides. Without such a file nothing is ignored. Throws
 * `limit-exceeded`.
 */
export async function readIgnoreFile(folder: string): Promise<Ignores> {
  const bytes = await readFileIfExists(join(folder, '.dockerignore'))
  if (bytes === undefined) return ignoresNothing
  const rules = bytes.length > limits.bytes ? [] : rulesOf(Buffer.from(bytes).toString('utf8'))
  if (bytes.length > limits.bytes || rules.length > limits.rules)
    throw new TemperError(
      'limit-exceeded',
      `${join(folder, '.dockerignore')}: expected at most ${limits.rules} patterns in ${limits.bytes} bytes`,
    )
  return ignoresOf(rules)
}

/** The same for patterns that lie in no file. */
export function readIgnores(patterns: readonly string[]): Ignores {
  return ignoresOf(rulesOf(patterns.join('\n')))
}

function ignoresOf(rules: readonly Rule[]): Ignores {
  const ignores = (path: string) => {
    const parts = path.split('/')
    const paths = parts.map((_, i) => parts.slice(0, i + 1).join('/'))
    let ignored = false
    for (const { fits, negated } of rules) if (ignored === negated && paths.some(fits)) ignored = !negated
    return ignored
  }
  const isFinal = rules.every(({ negated }) => !negated)
  return Object.assign(ignores, { whole: (folder: string) => isFinal && ignores(folder) })
}

function rulesOf(text: string): readonly Rule[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line): Rule[] => {
      if (line.startsWith('#')) return []
      const trimmed = line.trim()
      const negated = trimmed.startsWith('!')
      const said = negated ? trimmed.slice(1).trim() : trimmed
      const pattern = said === '' ? '' : posix.normalize(`/${said}`).replace(/^\/+|\/+$/g, '')
      // Of the folder itself nothing is said, nor of what is not below it.
      if (pattern === '' || /^(?:\.\/)*\.\.(?:\/|$)/.test(said)) return []
      return [{ negated, fits: ignorePattern(pattern) }]
    })
}
