import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { tryUtf8 } from '../../../base/bytes.ts'
import { fileError, readFileIfExists } from '../../../base/file.ts'
import { parseStanzas } from '../../../formats/deb822.ts'
import type { DebianArchive } from '../releases.ts'

/** Addresses by the archive that they serve, in the order of the files. */
export type ArchiveAddresses = Readonly<Record<DebianArchive, readonly string[]>>

const fileLimit = 1024 * 1024
const filesLimit = 500

/**
 * The mirrors that the host's apt uses: sources.list(5), sources.list.d/*.list and *.sources below `root`. Whatever
 * release the host runs, an address serves all of them. Only http and https addresses whose path ends in /debian or
 * /debian-security count, and lists of such (`mirror+file:`). Files that cannot be understood are skipped, and `note`
 * is called.
 */
export async function readAptSources(
  root: string,
  options: { readonly note?: (text: string) => void } = {},
): Promise<ArchiveAddresses> {
  const note = options.note ?? (() => {})
  const folder = join(root, 'etc/apt')
  const names = ['sources.list', ...(await listParts(join(folder, 'sources.list.d')))]
  const uris: string[] = []
  for (const name of names.slice(0, filesLimit)) {
    try {
      const text = await readText(join(folder, name))
      if (text === undefined) continue
      uris.push(...(name.endsWith('.sources') ? urisOfStanzas(text, name) : urisOfLines(text)))
    } catch (error) {
      note(`${join(folder, name)} is skipped: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const addresses: string[] = []
  for (const uri of uris) addresses.push(...(await expandMirrorList(uri, root, note)))
  return sortByArchive(addresses)
}

async function listParts(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder)
    const parts = names.filter((name) => /^[A-Za-z0-9_.-]+\.(list|sources)$/.test(name)).sort()
    return parts.map((name) => join('sources.list.d', name))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return []
    throw fileError('read', folder, error)
  }
}

async function readText(path: string): Promise<string | undefined> {
  const bytes = await readFileIfExists(path)
  if (bytes === undefined) return undefined
  const text = bytes.length <= fileLimit ? tryUtf8(bytes) : undefined
  if (text === undefined) throw new Error('it is too large or not UTF-8 text')
  return text
}

/** One-line style: `deb [options] URI suite component…`. */
function urisOfLines(text: string): string[] {
  const uris: string[] = []
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+\S/.exec(line.replace(/#.*/, ''))
    const [, , architectures] = /(^|\s)arch=(\S*)/.exec(match?.[1] ?? '') ?? []
    if (match?.[2] && servesImages(architectures?.split(','))) uris.push(match[2])
  }
  return uris
}

function urisOfStanzas(text: string, name: string): string[] {
  const stanzas = parseStanzas(text, { what: name, comments: 'skip', code: 'bad-configuration' })
  return stanzas
    .filter((stanza) => !/^(no|false|without|off|disable|0)$/i.test(stanza.get('Enabled') ?? 'yes'))
    .filter((stanza) => words(stanza.get('Types')).includes('deb'))
    .filter((stanza) => servesImages(stanza.get('Architectures')?.split(/\s+/)))
    .flatMap((stanza) => words(stanza.get('URIs')))
}

/** A line for other architectures alone may name a mirror that has no more than these. */
function servesImages(architectures: readonly string[] | undefined): boolean {
  return architectures?.some((name) => name === 'amd64' || name === 'arm64') ?? true
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter(Boolean)
}

/** `mirror+file:/etc/apt/mirrors/debian.list` (apt-transport-mirror(1)) names a file with one address a line. */
async function expandMirrorList(uri: string, root: string, note: (text: string) => void): Promise<string[]> {
  const match = /^mirror\+file:(?:\/\/)?(\/.*)$/.exec(uri)
  if (!match?.[1]) return [uri]
  try {
    const text = (await readText(join(root, match[1]))) ?? ''
    return text
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim().split(/\s/)[0] ?? '')
      .filter(Boolean)
  } catch (error) {
    note(`${match[1]} is skipped: ${error instanceof Error ? error.message : String(error)}`)
    return []
  }
}

function sortByArchive(addresses: readonly string[]): ArchiveAddresses {
  const sorted: Record<DebianArchive, string[]> = { debian: [], 'debian-security': [] }
  for (const address of addresses) {
    const url = URL.parse(address)
    if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username || url.password)
      continue
    const last = url.pathname.replace(/\/+$/, '').split('/').at(-1)
    if (last !== 'debian' && last !== 'debian-security') continue
    const plain = `${url.origin}${url.pathname.replace(/\/+$/, '')}`
    if (!sorted[last].includes(plain)) sorted[last].push(plain)
  }
  return sorted
}
