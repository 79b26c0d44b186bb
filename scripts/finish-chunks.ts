import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What the bundler cannot do to the files that it wrote, so that they are read faster: imports go past doors (see `doorOf`),
 * and there is no character beyond ASCII. Returns how many files are gone.
 */
export async function finishChunks(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'))
  const codes = new Map<string, string>()
  for (const name of names) codes.set(name, await readFile(join(folder, name), 'utf8'))
  const doors = new Map([...codes].flatMap(([name, code]) => doorOf(name, code)))
  for (const [name, code] of codes) {
    const finished = singleBytes(pastDoors(code, doors))
    if (doors.has(name)) await rm(join(folder, name))
    else if (finished !== code) await writeFile(join(folder, name), finished)
  }
  return doors.size
}

/** What is written in place of an import of a door: an expression. */
type Doors = ReadonlyMap<string, string>

/**
 * For a module that is imported when it is needed and lies in a file with others the bundler writes a door: a file of
 * one line that exports its names out of the shared file. Each costs a start as much as any small file. Only files with
 * a hash in their names are none of anybody else's business.
 */
export function doorOf(name: string, code: string): readonly (readonly [string, string])[] {
  const [, members, shared] = /^export \{ ([^}]*) \} from "(\.\/[^"]+\.js)";\s*$/.exec(code) ?? []
  if (members === undefined || shared === undefined || !/-[A-Za-z0-9_-]{8}\.js$/.test(name)) return []
  const taken = members.split(', ').map((member) => {
    const [inside, outside = inside] = member.split(' as ')
    return `${outside}: found.${inside}`
  })
  return [[name, `import("${shared}").then((found) => ({ ${taken.join(', ')} }))`]]
}

export function pastDoors(code: string, doors: Doors): string {
  return code.replaceAll(/\bimport\("\.\/([^"]+)"\)/g, (whole, name) => doors.get(name) ?? whole)
}

/**
 * V8 holds text with one character beyond Latin-1 in two bytes a character, and Node takes longer to read it: hundreds of
 * kilobytes for an ellipsis. In strings, templates and expressions an escape means the same.
 */
export function singleBytes(code: string): string {
  if (/\bString\.raw`[^`]*[^\0-\x7f]/.test(code)) throw new Error('a raw string has characters beyond ASCII')
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
