import type { StringTable } from './dynamic.ts'

/** Most records visited in one table: glibc itself defines about 40 versions. */
const recordLimit = 65_536
const weak = 2

/** A table that ends early, points outside itself or has bad names. */
export class VersionTableDamage extends Error {}

/**
 * Reads DT_VERNEED (LSB core, "Symbol version requirements"): library file name → versions. Weak needs are
 * left out, since the loader only warns about them. `next` fields are unsigned and added, so that a chain
 * can only go forward; the limits on records bound it.
 */
export function parseVersionNeeds(bytes: Buffer, count: number, strings: StringTable): Map<string, string[]> {
  const needs = new Map<string, string[]>()
  let visited = 0
  let at = 0
  for (let i = 0; i < count; i++) {
    requireRecord(bytes, at, ++visited)
    const file = requireString(strings, bytes.readUInt32LE(at + 4))
    const versions = needs.get(file) ?? []
    needs.set(file, versions)
    let auxiliary = at + bytes.readUInt32LE(at + 8)
    for (let left = bytes.readUInt16LE(at + 2); left > 0; left--) {
      requireRecord(bytes, auxiliary, ++visited)
      if ((bytes.readUInt16LE(auxiliary + 4) & weak) === 0) {
        versions.push(requireString(strings, bytes.readUInt32LE(auxiliary + 8)))
      }
      const next = bytes.readUInt32LE(auxiliary + 12)
      if (next === 0) break
      auxiliary += next
    }
    const next = bytes.readUInt32LE(at + 12)
    if (next === 0) break
    at += next
  }
  return needs
}

/**
 * Reads DT_VERDEF (LSB core, "Symbol version definitions"): every version name, including the object's own name as
 * base version, since the loader compares with all of them.
 */
export function parseVersionDefinitions(bytes: Buffer, count: number, strings: StringTable): string[] {
  const names: string[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    requireRecord(bytes, at, i + 1, 20)
    const auxiliary = at + bytes.readUInt32LE(at + 12)
    requireRecord(bytes, auxiliary, i + 1, 8)
    names.push(requireString(strings, bytes.readUInt32LE(auxiliary)))
    const next = bytes.readUInt32LE(at + 16)
    if (next === 0) break
    at += next
  }
  return names
}

function requireRecord(bytes: Buffer, at: number, visited: number, size = 16): void {
  if (visited > recordLimit) throw new VersionTableDamage(`more than ${recordLimit} version records`)
  if (at + size > bytes.length)
    throw new VersionTableDamage('a version record lies outside the file or the kept range')
}

function requireString(strings: StringTable, offset: number): string {
  const text = strings.at(offset)
  if (text === undefined) throw new VersionTableDamage('a version record has a name outside the string table')
  return text
}
