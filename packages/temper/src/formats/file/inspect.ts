import type { ByteStream } from '../../base/bytes.ts'
import type { FileEntry, PackageEntry } from '../../model/package/package-content.ts'
import { createElfCollector } from '../elf/collect.ts'
import { FipsModuleCollector, isFipsModulePath } from '../elf/fips-module.ts'
import { parseShebang } from '../shebang.ts'
import { FileDigests } from './digests.ts'

/** Most bytes that are kept of one file. */
const captureLimit = 4 * 1024 * 1024

export interface InspectOptions {
  /** Whether the content of the file at this path is kept, unless it is larger than 4 MiB. */
  readonly capture: (path: string) => boolean
}

/** What was learned about an entry, and its bytes if they are kept. */
export interface InspectedFile {
  readonly entry: PackageEntry
  readonly captured?: Uint8Array
}

/** Learns everything that is recorded about one file while its bytes go by. */
export class FileInspector {
  readonly #entry: FileEntry
  readonly #digests: FileDigests
  readonly #elf: ReturnType<typeof createElfCollector>
  readonly #fips: FipsModuleCollector | undefined
  readonly #captured: Uint8Array[] | undefined
  readonly #shebang: readonly string[] | undefined

  /** `head` is the start of the file (256 bytes or all of it); it must be written too. */
  constructor(entry: FileEntry, head: Uint8Array, options: InspectOptions) {
    this.#entry = entry
    this.#digests = new FileDigests(entry.size)
    this.#elf = createElfCollector(entry.size)
    this.#fips = isFipsModulePath(entry.path) ? new FipsModuleCollector() : undefined
    this.#captured = entry.size <= captureLimit && options.capture(entry.path) ? [] : undefined
    this.#shebang = parseShebang(head)
  }

  /** Takes the next bytes of the file. The chunk is not kept. */
  write(chunk: Uint8Array): void {
    this.#digests.update(chunk)
    this.#elf.write(chunk)
    this.#fips?.write(chunk)
    this.#captured?.push(Uint8Array.prototype.slice.call(chunk))
  }

  finish(): InspectedFile {
    const elf = this.#elf.finish()
    return {
      entry: {
        ...this.#entry,
        ...this.#digests.finish(),
        ...(elf === undefined ? {} : { elf }),
        ...(this.#fips === undefined ? {} : { fipsModule: this.#fips.finish() }),
        ...(this.#shebang === undefined ? {} : { shebang: this.#shebang }),
      },
      ...(this.#captured === undefined ? {} : { captured: Buffer.concat(this.#captured) }),
    }
  }
}

/** Reads a whole file and learns everything that is recorded about it. Other entries are returned unchanged. */
export async function inspectFile(
  entry: FileEntry,
  content: ByteStream,
  options: InspectOptions,
): Promise<InspectedFile> {
  if (entry.type !== 'file') return { entry }
  const { head, whole } = await readHead(content)
  const inspector = new FileInspector(entry, head, options)
  for await (const chunk of whole) inspector.write(chunk)
  return inspector.finish()
}

/** The same for a file whose bytes are in memory. */
export function inspectBytes(entry: FileEntry, bytes: Uint8Array): PackageEntry {
  const inspector = new FileInspector(entry, bytes.subarray(0, headSize), { capture: () => false })
  inspector.write(bytes)
  return inspector.finish().entry
}

/** What a shebang line needs. */
const headSize = 256

/** The first 256 bytes of a file, or all of a shorter one, and a stream that still includes them. */
export async function readHead(
  content: ByteStream,
): Promise<{ readonly head: Uint8Array; readonly whole: ByteStream }> {
  const chunks = content[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  let size = 0
  while (size < headSize) {
    const next = await chunks.next()
    if (next.done) break
    read.push(next.value)
    size += next.value.length
  }
  const all = read.length === 1 && read[0] ? read[0] : Buffer.concat(read)
  return { head: all.subarray(0, headSize), whole: continueFrom(read, chunks) }
}

async function* continueFrom(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): ByteStream {
  yield* head
  for (;;) {
    const next = await rest.next()
    if (next.done) return
    yield next.value
  }
}
