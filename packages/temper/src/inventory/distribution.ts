import type { Distribution } from '../model/inventory.ts'
import type { FileContent, FileHead, FileReader, FoundFact } from './cataloguer.ts'

/** Files that name the distribution, the most telling first. */
const sources = [
  'etc/os-release',
  'usr/lib/os-release',
  'etc/lsb-release',
  'etc/alpine-release',
  'etc/debian_version',
  'etc/redhat-release',
  'etc/centos-release',
  'etc/system-release',
] as const

const known: ReadonlySet<string> = new Set(sources)

/** Reader that keeps the texts of the files that name the distribution. */
export const distributionReader: FileReader<string> = {
  id: 'distribution',
  version: 2,
  sizeLimit: 64 << 10,
  select: ({ path }: FileHead) => known.has(path),
  read: ({ bytes }: FileContent) => Buffer.from(bytes).toString('utf8'),
}

/** The distribution that the texts together name; undefined when they name none. */
export function distributionOf(facts: readonly FoundFact<string>[]): Distribution | undefined {
  const texts = new Map(facts.map(({ location, fact }) => [location.path, fact]))
  for (const source of sources) {
    const text = texts.get(source)
    const distribution = text === undefined ? undefined : parse(source, text)
    if (distribution !== undefined) return refined(distribution, texts)
  }
  return undefined
}

function parse(source: (typeof sources)[number], text: string): Distribution | undefined {
  const line = text.trim().split('\n')[0]?.trim() ?? ''
  switch (source) {
    case 'etc/os-release':
    case 'usr/lib/os-release':
      return parseOsRelease(text)
    case 'etc/lsb-release':
      return parseLsbRelease(text)
    case 'etc/alpine-release':
      return /^\d/.test(line) ? { id: 'alpine', version: line } : undefined
    case 'etc/debian_version':
      return line === '' ? undefined : debianOf(line)
    default:
      return redHatOf(line)
  }
}

/** lsb_release(1): what Ubuntu says in this file too, when os-release was taken out. */
function parseLsbRelease(text: string): Distribution | undefined {
  const values = assignments(text)
  const renamed = { ID: 'DISTRIB_ID', VERSION_ID: 'DISTRIB_RELEASE', VERSION_CODENAME: 'DISTRIB_CODENAME' }
  const lines = Object.entries({ ...renamed, PRETTY_NAME: 'DISTRIB_DESCRIPTION' })
  return distributionFrom(new Map(lines.map(([name, own]) => [name, values.get(own) ?? ''])))
}

export function parseOsRelease(text: string): Distribution | undefined {
  return distributionFrom(assignments(text))
}

/** `NAME=value` lines, quoted as in a shell (os-release(5)). */
function assignments(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const line of text.split('\n').slice(0, 1000)) {
    const match = /^\s*([A-Za-z0-9_]+)=(.*)$/.exec(line.trimEnd())
    if (match?.[1] !== undefined) values.set(match[1], unquoted(match[2] ?? ''))
  }
  return values
}

/** From the members of os-release(5). */
function distributionFrom(values: ReadonlyMap<string, string>): Distribution | undefined {
  const id = values.get('ID')?.toLowerCase()
  if (id === undefined || !/^[a-z0-9][a-z0-9._-]{0,63}$/.test(id)) return undefined
  const codename = values.get('VERSION_CODENAME')
  const title = values.get('PRETTY_NAME')
  const like = (values.get('ID_LIKE') ?? '').split(/\s+/).filter((word) => word !== '')
  return {
    id,
    version: values.get('VERSION_ID') ?? '',
    ...(codename === undefined || codename === '' ? {} : { codename }),
    ...(title === undefined || title === '' ? {} : { title }),
    ...(like.length === 0 ? {} : { like }),
  }
}

function unquoted(text: string): string {
  const quote = text[0]
  const inner = (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text
  return quote === "'" ? inner : inner.replace(/\\(["'$`\\])/g, '$1')
}

/** "12.5", or "trixie/sid" where there is no number yet. */
function debianOf(line: string): Distribution {
  if (/^\d/.test(line)) return { id: 'debian', version: line.split('.')[0] ?? line }
  const codename = line.split('/')[0] ?? line
  return { id: 'debian', version: '', codename }
}

const redHatNames: readonly (readonly [RegExp, string])[] = [
  [/^Red Hat Enterprise Linux/i, 'rhel'],
  [/^CentOS/i, 'centos'],
  [/^AlmaLinux/i, 'almalinux'],
  [/^Rocky/i, 'rocky'],
  [/^Fedora/i, 'fedora'],
  [/^Oracle Linux/i, 'ol'],
  [/^Amazon Linux/i, 'amzn'],
  [/^Scientific Linux/i, 'scientific'],
]

/** "CentOS Linux release 7.9.2009 (Core)". */
function redHatOf(line: string): Distribution | undefined {
  const id = redHatNames.find(([pattern]) => pattern.test(line))?.[1]
  if (id === undefined) return undefined
  return { id, version: /\d+(?:\.\d+)*/.exec(line)?.[0] ?? '', title: line.slice(0, 200) }
}

/** Debian without a number in os-release (testing) may have one in debian_version, as may a codename. */
function refined(distribution: Distribution, texts: ReadonlyMap<string, string>): Distribution {
  const text = texts.get('etc/debian_version')
  if (distribution.id !== 'debian' || distribution.version !== '' || text === undefined) return distribution
  const debian = debianOf(text.trim().split('\n')[0] ?? '')
  return {
    ...distribution,
    ...debian,
    ...(distribution.codename === undefined ? {} : { codename: distribution.codename }),
  }
}
