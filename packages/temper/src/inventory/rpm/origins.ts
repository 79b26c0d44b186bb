import { tryJson } from '../../base/json/parse.ts'
import { itemsOf, memberOf, textOf } from '../../base/json/value.ts'
import { readSqliteRows, type SqliteValue } from '../../formats/sqlite/table.ts'
import type { FileContent } from '../cataloguer.ts'

/** Where packages came from, as package managers keep it apart from the database of rpm. */
export interface RpmOrigins {
  /** NAME-EPOCH:VERSION-RELEASE.ARCHITECTURE, and the id of the repository; the last one of a package counts. */
  readonly origins?: readonly (readonly [string, string])[]
  /** Repositories that the image was built from, whichever package came out of which. */
  readonly contentSets?: readonly string[]
}

/** DNF 4 and microdnf. */
const history = 'var/lib/dnf/history.sqlite'
/** DNF 5: its state of each package. */
const state = 'usr/lib/sysimage/libdnf5/nevras.toml'
/** Yum 3: a folder for each package, a file for each fact. */
const yum = /^var\/lib\/yum\/yumdb\/[^/]+\/[0-9a-f]+-([^/]+)-([^/-]+)-([^/-]+)-([^/-]+)\/from_repo$/
/** What Red Hat's builds write into their images. */
const contentSets =
  /^(?:root\/buildinfo|usr\/share\/buildinfo)\/(?:content_manifests\/[^/]+|content-sets)\.json$/

export function isOriginFile(path: string): boolean {
  return path === history || path === state || yum.test(path) || contentSets.test(path)
}

export function readOrigins({ path, bytes }: FileContent): RpmOrigins {
  if (path === history) return { origins: readHistory(bytes) }
  const text = Buffer.from(bytes).toString('utf8')
  if (path === state) return { origins: readState(text) }
  const [, name, version, release, architecture] = yum.exec(path) ?? []
  if (name !== undefined)
    return { origins: [[`${name}-0:${version}-${release}.${architecture}`, text.trim()]] }
  return { contentSets: readContentSets(text) }
}

/** Tables of libdnf's swdb: rpm, repo, and trans_item, a line for each package of each transaction. */
function readHistory(bytes: Uint8Array): readonly (readonly [string, string])[] {
  const what = { what: history }
  const repositories = new Map<SqliteValue, string>()
  for (const { id, values } of readSqliteRows(bytes, 'repo', what)) {
    const name = textIn(values[1])
    // "@System" and its like are no repositories.
    if (name !== '' && !name.startsWith('@')) repositories.set(id, name)
  }
  const from = new Map<SqliteValue, string>()
  for (const { values } of readSqliteRows(bytes, 'trans_item', what)) {
    const repository = repositories.get(values[3])
    if (repository !== undefined) from.set(values[2], repository)
  }
  const origins: [string, string][] = []
  for (const { id, values } of readSqliteRows(bytes, 'rpm', what)) {
    const [item, name, epoch, version, release, architecture] = values
    const repository = from.get(item ?? id)
    if (repository === undefined) continue
    const [n, v, r, a] = [name, version, release, architecture].map(textIn)
    origins.push([`${n}-${typeof epoch === 'number' ? epoch : 0}:${v}-${r}.${a}`, repository])
  }
  return origins
}

function textIn(value: SqliteValue): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : ''
}

/** `"curl-0:8.6.0-7.fc40.x86_64" = {from_repo="fedora"}`, or a table of its own for each. */
function readState(text: string): readonly (readonly [string, string])[] {
  const origins: [string, string][] = []
  let open = ''
  for (const line of text.split('\n')) {
    const [, table] = /^\[(?:nevras\.)?"([^"]+)"\]\s*$/.exec(line) ?? []
    open = table ?? (line.startsWith('[') ? '' : open)
    const [, inline, repository] = /^(?:"([^"]+)"\s*=\s*\{\s*)?from_repo\s*=\s*"([^"@]+)"/.exec(line) ?? []
    const nevra = inline ?? open
    if (nevra !== '' && repository !== undefined) origins.push([nevra, repository])
  }
  return origins
}

function readContentSets(text: string): readonly string[] {
  // Other files lie beside them, and an image without the list is as good.
  return itemsOf(memberOf(tryJson(text), 'content_sets'))
    .map(textOf)
    .filter((id) => id !== undefined)
    .slice(0, 1000)
}
