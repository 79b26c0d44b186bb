import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Digest, sha256 } from '../base/digest.ts'
import { canonicalJson } from '../base/json/canonical-json.ts'
import { temperVersion } from '../base/version.ts'
import type { ReadRecipe } from './read.ts'
import { looksSecret } from './used-vars.ts'
import type { RecipeSource } from './whole.ts'

/**
 * Keeps parsed recipes between runs: loading the YAML and schema libraries and parsing cost more than the
 * rest of an unchanged build. Parsing depends on nothing but what is in the key.
 */
export interface RecipeMemory {
  /** Gives exactly what was put; a memory detects damage by itself. */
  getJson<T>(key: Digest): Promise<T | undefined>
  put(key: Digest, text: string): Promise<void>
}

export interface RecipeText {
  readonly text: string
  readonly name: string
  readonly file: string
  readonly vars: Readonly<Record<string, string>>
  readonly releases?: readonly string[]
  readonly line?: string
  readonly variant?: string
  readonly extended?: readonly RecipeSource[]
}

/** Reads a recipe, or takes it from the memory. */
export async function rememberedRecipe(
  source: RecipeText,
  memory: RecipeMemory | undefined,
): Promise<ReadRecipe> {
  // What is remembered can be read: a value that is meant to stay secret has no business there.
  const isOpen = !Object.keys(source.vars).some(looksSecret)
  const key = memory !== undefined && isOpen ? memoryKey(source) : undefined
  const known = key === undefined ? undefined : await memory?.getJson<ReadRecipe>(key)
  if (known !== undefined) return known
  const { readRecipe } = await import('./read.ts')
  const read = readRecipe(source.text, source)
  if (key !== undefined) await memory?.put(key, JSON.stringify(read))
  return read
}

/** Names of files only stand in errors, and recipes with errors are not kept. */
function memoryKey(source: RecipeText): Digest {
  const { text, name, vars, releases = [], line, variant, extended = [] } = source
  const texts = [text, ...extended.map((other) => other.text)]
  return sha256(
    canonicalJson({ parser: parserIdentity(), texts, name, vars, releases: [...releases], line, variant }),
  )
}

/** Version of Temper, and names, sizes and times of the sources that parse: another parser must not find what this one kept. */
function parserIdentity(): readonly string[] {
  const here = import.meta.dirname
  const sources = [here, join(here, '../model'), join(here, '../base')].flatMap((folder, i) => {
    try {
      return readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.m?[jt]s$/.test(name) && !name.includes('.test.'))
        .sort()
        .map((name) => {
          const { size, mtimeMs } = statSync(join(folder, name))
          return `${i}/${name}:${size}:${mtimeMs}`
        })
    } catch (error) {
      // Another packaging may have other folders; the version below still tells parsers apart.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  })
  return [temperVersion(), ...sources]
}
