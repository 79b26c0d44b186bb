import type { ByteStream } from '../../../base/bytes.ts'
import { nameOf } from '../../../model/tree/path.ts'

/** A package that has a file, and how sure it is that it is the one meant: lower is better. */
interface Owner {
  readonly package: string
  readonly rank: number
}

/** What is longer is no line of such a file. */
const longestLine = 16 * 1024

/**
 * Reads a Contents index (wiki.debian.org/DebianRepository/Format, "Contents" indices), which has a path and its
 * packages on each line, for certain files: paths ("/usr/bin/perl"), names of libraries, or names of programs.
 * Results are added to `found`. Libraries in folders of the loader are preferred; programs are looked for only in
 * program folders.
 */
export async function searchContents(
  text: ByteStream,
  files: readonly string[],
  owners: Map<string, Owner>,
): Promise<void> {
  const wanted = Map.groupBy(files, nameOf)
  const take = (line: string) => {
    const [path, packages] = splitLine(line)
    const named = wanted.get(nameOf(path))
    if (named === undefined || packages === '') return
    for (const file of named) {
      const rank = rankOf(path, file)
      const before = owners.get(file)
      if (rank === undefined || (before !== undefined && before.rank <= rank)) continue
      const [first] = packages.split(',').map(nameOf).sort(byLength)
      if (first !== undefined) owners.set(file, { package: first, rank })
    }
  }
  let rest = ''
  for await (const chunk of text) {
    const block = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')
    let start = 0
    for (let end = block.indexOf('\n'); end >= 0; end = block.indexOf('\n', start)) {
      if (end - start <= longestLine) take(block.slice(start, end))
      start = end + 1
    }
    rest = block.length - start > longestLine ? '' : block.slice(start)
  }
  take(rest)
}

/** The packages are what stands behind the last blanks: paths may have some. */
function splitLine(line: string): readonly [path: string, packages: string] {
  const at = Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t'))
  return [line.slice(0, Math.max(at, 0)).trimEnd(), line.slice(at + 1)]
}

/** How well a path is what was asked for; undefined when it is something else of the same name. */
function rankOf(path: string, file: string): number | undefined {
  const whole = merged(path)
  if (file.includes('/')) return whole === merged(file.replace(/^\/+/, '')) ? 0 : undefined
  if (/\.so(?:\.|$)/.test(file))
    return /^usr\/lib\/(?:[\w-]+-linux-gnu\/)?[^/]+$/.test(whole) ? 0 : path.split('/').length
  return /^usr\/s?bin\/[^/]+$/.test(whole) ? 0 : undefined
}

/** Programs and libraries stand below /usr whatever they are called by. */
function merged(path: string): string {
  return path.replace(/^(?=s?bin\/|lib\w*\/)/, 'usr/')
}

/** The package that is not a variant of another is mostly the one with the shorter name. */
function byLength(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1)
}
