import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256 } from '../../base/digest.ts'

/**
 * Tells this program from others that call themselves by the same version, as a Temper does that is being worked on: by
 * size and time of its files. Those of the built package are all made at once, so one says it.
 */
export function programIdentity(): string {
  known ??= identity()
  return known
}

let known: string | undefined

function identity(): string {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const isSource = import.meta.url.endsWith('.ts')
  const names = isSource ? readdirSync(root, { recursive: true, encoding: 'utf8' }).sort() : ['main.js']
  return sha256(names.map((name) => `${name} ${stateOf(join(root, name))}\n`).join(''))
}

function stateOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found?.isFile() === true ? `${found.size} ${found.mtimeMs}` : ''
}
