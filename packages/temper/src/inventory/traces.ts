import { constants, gunzipSync } from 'node:zlib'
import { bytesOf } from '../base/bytes.ts'
import { readTar } from '../formats/tar/read.ts'
import type { FileContent, FileReader } from './cataloguer.ts'

/** What a file says about the package that brought it, whether or not a database lists that package. */
export interface Trace {
  readonly name: string
  readonly version: string
  /** Of the source package, where it is one that is named. */
  readonly source?: string
}

const changelog = /^usr\/share\/doc\/([^/]+)\/changelog(?:\.Debian)?(?:\.([a-z0-9-]+))?\.gz$/
const scripts = /^(?:usr\/)?lib\/apk\/db\/scripts\.tar$/

/** Bytes of a changelog that are looked at: the newest entry is the first. */
const startSize = 4096
const scriptLimit = 10_000

/** Reader of what packages leave behind outside their database. */
export const traceReader: FileReader<readonly Trace[]> = {
  id: 'traces',
  version: 1,
  sizeLimit: 16 << 20,
  select: ({ path }) =>
    path.endsWith('.gz') ? changelog.test(path) : path.endsWith('/scripts.tar') && scripts.test(path),
  read: (file) => (file.path.endsWith('.gz') ? readChangelog(file) : readScripts(file)),
}

/** "glibc (2.36-9+deb12u8) bookworm; urgency=medium" (deb-changelog(5)): source package and its version. */
function readChangelog({ path, bytes }: FileContent): readonly Trace[] | undefined {
  const name = changelog.exec(path)?.[1]
  const start = inflatedStart(bytes)
  const match = /^\s*([a-z0-9][a-z0-9+.-]+) \(([^\s()]+)\) [^;\n]+;/.exec(start)
  if (name === undefined || match?.[1] === undefined || match[2] === undefined) return undefined
  return [{ name, version: match[2], source: match[1] }]
}

/** What the first bytes of a gzip file hold; empty when it is not one. */
function inflatedStart(bytes: Uint8Array): string {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 8 << 20 }
    return gunzipSync(bytes.subarray(0, startSize), options).toString('utf8', 0, startSize)
  } catch (error) {
    // What is no changelog leaves no trace.
    if (error instanceof Error && 'code' in error) return ''
    throw error
  }
}

/** apk keeps the scripts of packages as "NAME-VERSION.CHECKSUM.KIND" (apk-tools, src/database.c). */
async function readScripts({ path, bytes }: FileContent): Promise<readonly Trace[] | undefined> {
  const traces = new Map<string, Trace>()
  const limits = { entries: scriptLimit }
  for await (const { entry } of readTar(bytesOf(bytes), { what: path, limits, endMarker: 'optional' })) {
    const match = /^(.+)-(\d[^-]*-r\d+)\.Q[12][^.]+\.[a-z-]+$/.exec(entry.path)
    if (match?.[1] === undefined || match[2] === undefined) continue
    traces.set(`${match[1]} ${match[2]}`, { name: match[1], version: match[2] })
  }
  return traces.size === 0 ? undefined : [...traces.values()]
}
