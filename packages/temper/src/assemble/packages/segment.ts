import type { ByteStream } from '../../base/bytes.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { printableLine } from '../../base/printable.ts'
import { releaseBytes } from '../../base/release.ts'
import { throwIfStopped } from '../../base/stop.ts'
import type { MemberCompressor } from '../../formats/compress/compress.ts'
import { FileInspector, type InspectedFile, readHead } from '../../formats/file/inspect.ts'
import { parseShebang } from '../../formats/shebang.ts'
import { encodeTarHeader, tarPadding } from '../../formats/tar/write.ts'
import type { SegmentEntry } from '../../model/assembly.ts'
import type { PackageArchive } from '../../model/distro.ts'
import type { Compressor, LockedPackage } from '../../model/lock.ts'
import type { FileEntry, PackageContent, PackageEntry } from '../../model/package/package-content.ts'
import { MemberWriter, memberSize } from './members.ts'

/** Changes whenever the bytes of a segment would, for the same package and entries. */
const segmentFormat = 1

/**
 * The most that one archive may hold, and the most characters of what is learned of it (names, facts of ELF
 * files, kept contents), which stays in memory: more is a bomb or needs another tool.
 */
const limits = { entries: 500_000, bytes: 16 * 2 ** 30, learned: 256 * 2 ** 20 } as const

/** What becomes of one archive entry in the image; undefined leaves it out. */
export type Decide = (entry: PackageEntry) => SegmentEntry | undefined

/** Opens the archive of a package, its bytes checked against the lock. */
export type OpenArchive = (locked: LockedPackage) => Promise<PackageArchive>

/** An entry that comes from no archive, with its bytes. */
export interface ContentEntry {
  readonly entry: FileEntry
  readonly content: Uint8Array
}

export interface SegmentRequest {
  readonly digest: Digest
  /** The name of the package in errors: "nginx 1.26.3-3". */
  readonly what: string
  readonly archive: PackageArchive
  readonly decide: Decide
  /** Whether a file's content is kept; `shebang` is what its `#!` line names, if it has one. */
  readonly captures: (path: string, shebang?: readonly string[]) => boolean
  /** Checked between two entries. */
  readonly signal: AbortSignal | undefined
  /** The package's entries in the image's package database, written last. */
  readonly database: (content: PackageContent, written: readonly SegmentEntry[]) => readonly ContentEntry[]
}

export interface SegmentResult {
  readonly content: PackageContent
  readonly key: Digest
}

/**
 * The key of a segment, made from everything that its bytes depend on. `entries` are in the order of the archive;
 * `record` is what the package database gets.
 */
export function segmentKey(
  source: { readonly digest: Digest; readonly compressor: Compressor },
  entries: readonly SegmentEntry[],
  record: readonly ContentEntry[],
): Digest {
  const added = record.map(({ entry, content }) => [entry, sha256(content)])
  return sha256(canonicalJson([segmentFormat, memberSize, source.digest, source.compressor, entries, added]))
}

/**
 * Reads a package archive once, from the first byte to the last, to learn its content and write its segment. Only the
 * bytes of one member per stream are held; nothing is unpacked.
 */
export async function makeSegment(
  request: SegmentRequest,
  output: {
    readonly compressor: MemberCompressor
    readonly spec: Compressor
    readonly sink: (bytes: Uint8Array) => Promise<void>
  },
): Promise<SegmentResult> {
  const { archive, decide } = request
  const writer = new MemberWriter(output.compressor, output.sink)
  const entries: PackageEntry[] = []
  const written: SegmentEntry[] = []
  const captured = new Map<string, string>()
  const tally = new Tally(request.what)
  /** Decides about an entry of the archive; `known` is the entry with what its first bytes say. */
  const begin = async (entry: FileEntry, known: Parameters<typeof decide>[0]) => {
    const decision = decide(known)
    if (!decision) return undefined
    assertSameContent(decision, entry)
    written.push(decision)
    await writer.write(encodeTarHeader(decision))
    return decision
  }
  for await (const { entry, content } of archive.entries()) {
    throwIfStopped(request.signal)
    tally.add(entry)
    if (entry.type !== 'file') {
      entries.push(entry)
      await begin(entry, entry)
      continue
    }
    const inspected = await passFile({ entry, content }, { captures: request.captures, begin, writer })
    tally.learn(inspected)
    entries.push(inspected.entry)
    if (inspected.captured !== undefined) captured.set(entry.path, textOf(inspected.captured))
  }
  const content: PackageContent = {
    digest: request.digest,
    ...archive.metadata,
    entries,
    captured: Object.fromEntries(captured),
  }
  const record = request.database(content, written)
  for (const added of record) await writeEntry(writer, added)
  await writer.end()
  return { content, key: segmentKey({ digest: request.digest, compressor: output.spec }, written, record) }
}

/** Lets a file's bytes go by: looks at them, and writes them when they belong in the segment. */
async function passFile(
  { entry, content }: { readonly entry: FileEntry; readonly content: ByteStream },
  options: {
    readonly captures: SegmentRequest['captures']
    readonly begin: (entry: FileEntry, known: Parameters<Decide>[0]) => Promise<SegmentEntry | undefined>
    readonly writer: MemberWriter
  },
): Promise<InspectedFile> {
  const { head, whole } = await readHead(content)
  const shebang = parseShebang(head)
  const inspector = new FileInspector(entry, head, { capture: (path) => options.captures(path, shebang) })
  const decision = await options.begin(entry, shebang === undefined ? entry : { ...entry, shebang })
  for await (const chunk of whole) {
    inspector.write(chunk)
    if (decision) await options.writer.write(chunk)
    // Its decoder made it, and of a large file it is nothing else's: gigabytes come by before V8 collects one.
    releaseBytes(chunk)
  }
  if (decision) await options.writer.write(tarPadding(entry.size))
  return inspector.finish()
}

/** As contents are kept: in base64. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

/** Writes header, bytes and padding of one entry. */
export async function writeEntry(writer: MemberWriter, { entry, content }: ContentEntry): Promise<void> {
  await writer.write(encodeTarHeader(entry))
  await writer.write(content)
  await writer.write(tarPadding(content.length))
}

/**
 * What is written under a header must be what the header says: a size that differs would make readers take
 * the content of a file for further headers.
 */
function assertSameContent(decision: SegmentEntry, entry: FileEntry): void {
  if (decision.size === entry.size && (decision.type === 'file') === (entry.type === 'file')) return
  throw new TemperError(
    'internal',
    `/${decision.path}: a ${decision.type} of ${decision.size} bytes was planned for a ${entry.type} of ${entry.size}`,
    { hint: 'The cache may be damaged.', next: { action: 'prune-cache', all: true } },
  )
}

/** Counts what an archive holds, and refuses what no honest archive has. */
class Tally {
  readonly #what: string
  /** Path → whether it is a folder. */
  readonly #paths = new Map<string, boolean>()
  #entries = 0
  #bytes = 0
  #learned = 0

  constructor(what: string) {
    this.#what = what
  }

  /** Errors: `bad-archive` for a path that is there twice, unless it is a folder both times; `limit-exceeded`. */
  add(entry: FileEntry): void {
    const isFolder = entry.type === 'directory'
    const before = this.#paths.get(entry.path)
    if (before !== undefined && !(before && isFolder)) {
      throw new TemperError(
        'bad-archive',
        `${this.#what}: the archive has ${printableLine(`/${entry.path}`)} twice`,
        {
          hint: 'Tools differ in which of the two they use. The package is damaged, or made to deceive.',
          details: { path: `/${entry.path}` },
        },
      )
    }
    this.#paths.set(entry.path, isFolder)
    this.#entries++
    this.#bytes += entry.size
    this.#learned += entry.path.length + (entry.target?.length ?? 0)
    if (this.#entries > limits.entries) throw this.#tooMuch(`more than ${limits.entries} entries`)
    if (this.#bytes > limits.bytes) throw this.#tooMuch(`more than ${limits.bytes} bytes once unpacked`)
  }

  learn({ entry, captured }: InspectedFile): void {
    this.#learned +=
      (captured === undefined ? 0 : textOf(captured).length) +
      (entry.elf === undefined ? 0 : JSON.stringify(entry.elf).length)
    if (this.#learned > limits.learned) throw this.#tooMuch('more configuration and names than can be kept')
  }

  #tooMuch(found: string): TemperError {
    return new TemperError('limit-exceeded', `${this.#what}: the archive has ${found}`, {
      hint: 'No honest package is known to be this large; this one may be made to fill memory or disks.',
    })
  }
}
