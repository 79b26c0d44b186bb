import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import { z } from 'zod'

/* A folder of files as one: a line of JSON with their names and sizes, then their contents, all of it compressed. */

/** Bytes of the contents of a folder at most. */
const limit = 256 << 20

const entrySchema = z.strictObject({
  path: z.string(),
  /** Absent: a folder. */
  size: z.int().nonnegative().exactOptional(),
  /** Bytes that are held: the others are zeros, and files of a database end in millions of them. */
  held: z.int().nonnegative().exactOptional(),
})
type Entry = z.output<typeof entrySchema>

export async function packFolder(folder: string): Promise<Buffer> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const entries: Entry[] = []
  const contents: Buffer[] = []
  const paths = names.map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
  for (const { entry, path } of paths.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const name = path.slice(folder.length + 1)
    if (entry.isDirectory()) entries.push({ path: name })
    else {
      const content = await readFile(path)
      const held = content.subarray(0, endOfContent(content))
      entries.push({ path: name, size: content.length, held: held.length })
      contents.push(held)
    }
  }
  const head = Buffer.from(`${JSON.stringify(entries)}\n`)
  return await promisify(zstdCompress)(Buffer.concat([head, ...contents]), {
    params: { [constants.ZSTD_c_compressionLevel]: 9 },
  })
}

/** Only for images that are part of the program. */
export async function unpackFolder(image: Uint8Array, folder: string): Promise<void> {
  const bytes = await promisify(zstdDecompress)(image, { maxOutputLength: limit })
  const end = bytes.indexOf(10)
  const entries = z.array(entrySchema).parse(JSON.parse(bytes.toString('utf8', 0, end)))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  let at = end + 1
  for (const { path, size, held = 0 } of entries) {
    if (size === undefined) await mkdir(join(folder, path), { mode: 0o700 })
    else {
      await writeWithZeros(join(folder, path), bytes.subarray(at, at + held), size)
      at += held
    }
  }
}

async function writeWithZeros(path: string, content: Uint8Array, size: number): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.write(content)
    if (size > content.length) await file.truncate(size)
  } finally {
    await file.close()
  }
}

/** Where the zeros begin that a file ends in; whole pages are compared, which is fast. */
function endOfContent(content: Buffer): number {
  const page = Buffer.alloc(8192)
  let end = content.length
  while (end > 0) {
    const begin = Math.max(0, end - page.length)
    if (content.compare(page, 0, end - begin, begin, end) !== 0) return end
    end = begin
  }
  return 0
}
