import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { TemperError } from '../../../base/error.ts'
import { parseStanza } from '../../../formats/deb822.ts'
import type { HostTools } from '../../../model/distro.ts'
import type { InstallRequest, SystemPackage } from '../../../model/package/installed.ts'
import { openArchive, readControlFiles } from '../archive/archive.ts'
import { type DpkgRecord, dpkgRecord, statusPath } from './record.ts'
import { conffilesOf, describeStanza } from './stanza.ts'

/** Fields of the status file in dpkg's order (lib/dpkg/parse.c); the others follow as the package has them. */
const order = [
  'Package',
  'Essential',
  'Protected',
  'Status',
  'Priority',
  'Section',
  'Installed-Size',
  'Origin',
  'Maintainer',
  'Bugs',
  'Architecture',
  'Multi-Arch',
  'Source',
  'Version',
  'Replaces',
  'Provides',
  'Depends',
  'Pre-Depends',
  'Recommends',
  'Suggests',
  'Breaks',
  'Conflicts',
  'Enhances',
  'Conffiles',
  'Description',
]

/** What dpkg would keep of a package once it is installed: its stanza, and its files below info/. */
export async function installRecord(
  { package: locked, content, archive, previous }: InstallRequest,
  host: HostTools,
): Promise<SystemPackage> {
  const options = { ...host, what: basename(archive) }
  const control = await readControlFiles(archive, options)
  const bytes = control.get('control')
  if (bytes === undefined)
    throw new TemperError('bad-archive', `${options.what}: the package has no control file`)
  const fields = new Map(
    parseStanza(Buffer.from(bytes).toString('utf8'), {
      what: `${options.what}, control`,
      code: 'bad-archive',
    }).fields(),
  )
  const sums = await conffileSums(control.get('conffiles'), archive, options)
  const before = previous && conffilesBefore(previous, sums)
  fields.set('Status', 'install ok installed')
  const listed = [...sums.map(([path, sum]) => ` /${path} ${sum}`), ...(before ?? [])]
  if (listed.length > 0) fields.set('Conffiles', `\n${listed.map((line) => line.slice(1)).join('\n')}`)
  else fields.delete('Conffiles')
  const text = formatStanza(fields)
  const infoName = fields.get('Multi-Arch') === 'same' ? `${locked.name}:${locked.architecture}` : locked.name
  const paths = content.entries.map(({ path }) => path)
  const own: DpkgRecord = {
    text,
    infoName,
    place: previous === undefined ? statusPath : dpkgRecord(previous).place,
    files: infoFiles(control, paths),
    ...(previous === undefined ? {} : { previous: dpkgRecord(previous) }),
  }
  const stanza = parseStanza(text, { what: options.what, code: 'bad-archive' })
  const { name, version, architecture } = locked
  return {
    package: { ...describeStanza(stanza, { name, version, architecture }, text), origin: locked.origin },
    files: paths,
    conffiles: conffilesOf(stanza),
    own,
  }
}

/** Path → MD5 of the configuration files that the archive has (deb-conffiles(5)). */
async function conffileSums(
  list: Uint8Array | undefined,
  archive: string,
  options: HostTools & { readonly what: string },
): Promise<readonly (readonly [path: string, sum: string])[]> {
  const lines = list === undefined ? [] : Buffer.from(list).toString('utf8').split('\n')
  // A line may begin with a flag: remove-on-upgrade names what the archive has not.
  const paths = lines.flatMap((line) => (line.startsWith('/') ? [line.trimEnd().slice(1)] : []))
  if (paths.length === 0) return []
  const wanted = new Set(paths)
  const sums = new Map<string, string>()
  const opened = await openArchive(archive, options)
  for await (const { entry, content } of opened.entries()) {
    if (!wanted.has(entry.path) || entry.type !== 'file') continue
    const hash = createHash('md5')
    for await (const chunk of content) hash.update(chunk)
    sums.set(entry.path, hash.digest('hex'))
  }
  return paths.flatMap((path) => {
    const sum = sums.get(path)
    return sum === undefined ? [] : [[path, sum] as const]
  })
}

/** Those that the package no longer has: dpkg keeps them, and says so. */
function conffilesBefore(
  { conffiles }: SystemPackage,
  sums: readonly (readonly [path: string, sum: string])[],
): readonly string[] {
  const now = new Set(sums.map(([path]) => path))
  return [...conffiles].flatMap(([path, sum]) =>
    now.has(path) ? [] : [` /${path} ${sum.replace(/^md5:/, '')} obsolete`],
  )
}

function formatStanza(fields: ReadonlyMap<string, string>): string {
  const rank = new Map(order.map((name, index) => [name, index]))
  const sorted = [...fields].sort(([a], [b]) => (rank.get(a) ?? order.length) - (rank.get(b) ?? order.length))
  return sorted
    .map(([name, value]) => `${name}:${value.startsWith('\n') ? '' : ' '}${value.replaceAll('\n', '\n ')}`)
    .join('\n')
}

function infoFiles(
  control: ReadonlyMap<string, Uint8Array>,
  paths: readonly string[],
): ReadonlyMap<string, Uint8Array> {
  const list = ['/.', ...paths.map((path) => `/${path}`)].map((line) => `${line}\n`).join('')
  const kept = [...control].filter(([name]) => name !== 'control')
  return new Map([['list', Buffer.from(list)], ...kept])
}
