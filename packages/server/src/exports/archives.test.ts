import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type ArchiveFile, tarGz } from './tar.ts'
import { zip } from './zip.ts'

/* What others unpack of it. */

const folder = mkdtempSync(join(tmpdir(), 'temper-archives-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const long = `pkg/oci/${'n'.repeat(100)}/vex.json`
const files: readonly ArchiveFile[] = [
  { path: 'index.json', content: Buffer.from('{}') },
  { path: long, content: Buffer.from('x'.repeat(512)) },
  { path: 'a/umlaut-ü', content: new Uint8Array() },
]

function unpacked(into: string): readonly (readonly [string, number])[] {
  const names = readdirSync(into, { recursive: true, withFileTypes: true })
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(into.length + 1), readFileSync(path).length] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

const expected = [
  ['a/umlaut-ü', 0],
  ['index.json', 2],
  [long, 512],
]

describe('an archive', () => {
  it('as tar is what tar reads, and the same each time', () => {
    const [archive, into] = [join(folder, 'a.tar.gz'), join(folder, 'tar')]
    writeFileSync(archive, tarGz(files))
    execFileSync('mkdir', [into])
    execFileSync('tar', ['-xzf', archive, '-C', into])
    expect(unpacked(into)).toEqual(expected)
    expect(tarGz(files)).toEqual(tarGz(files))
    expect(() => tarGz([{ path: 'n'.repeat(101), content: new Uint8Array() }])).toThrow('too long')
  })

  it('as zip is what Python reads', () => {
    const [archive, into] = [join(folder, 'a.zip'), join(folder, 'zip')]
    writeFileSync(archive, zip(files))
    const program =
      'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])'
    execFileSync('python3', ['-c', program, archive, into])
    expect(unpacked(into)).toEqual(expected)
    expect(() =>
      zip(Array.from({ length: 65_536 }, () => ({ path: 'a', content: new Uint8Array() }))),
    ).toThrow('too many')
  })
})
