import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256 } from '../../base/digest.ts'

/**
 * Tells this program from others that call themselves by the same version, as a Temper does that is being worked on: sources
 * by name, size and time of their files, the built package by the digest that it was given when it was made.
 */
export function programIdentity(): string {
  known ??= identityOf(fileURLToPath(new URL('../../', import.meta.url)))
  return known
}

let known: string | undefined

/** Of the program in a folder. */
export function identityOf(root: string): string {
  const built = readOr(join(root, 'program.sha256'))
  if (built !== undefined) return built.trim()
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()
  return sha256(names.map((name) => `${name} ${stateOf(join(root, name))}\n`).join(''))
}

function readOr(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats?.isFile() === true ? `${stats.size} ${stats.mtimeMs}` : ''
}
