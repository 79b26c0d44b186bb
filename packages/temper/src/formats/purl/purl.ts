/** The parts of a package URL (purl-spec, "Rules for each purl component"), not yet encoded. */
export interface PackageUrl {
  /** Lower case: "deb", "oci". */
  readonly type: string
  readonly namespace?: string
  readonly name: string
  readonly version?: string
  /** Lower-case keys. Undefined and empty values are left out. */
  readonly qualifiers?: Readonly<Record<string, string | undefined>>
  /** Path inside the package, without leading and trailing slash. */
  readonly subpath?: string
}

/** Longer text is no package URL that anyone wrote on purpose. */
const lengthLimit = 8192

/** Writes a package URL in its canonical form: qualifiers sorted by key, percent-encoded where necessary. */
export function formatPurl({ type, namespace, name, version, qualifiers = {}, subpath }: PackageUrl): string {
  const path = [type, ...(namespace === undefined ? [] : namespace.split('/').map(encode)), encode(name)]
  const query = Object.entries(qualifiers)
    .filter(([, value]) => value !== undefined && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${encode(value ?? '')}`)
  return [
    `pkg:${path.join('/')}`,
    version === undefined ? '' : `@${encode(version)}`,
    query.length > 0 ? `?${query.join('&')}` : '',
    subpath === undefined ? '' : `#${subpath.split('/').map(encode).join('/')}`,
  ].join('')
}

/**
 * Reads a package URL (purl-spec, "How to parse a purl string in its components"); undefined when it is not one. As
 * lenient as the tools that write them need: a slash or two after the scheme, and `@` in front of an npm scope that
 * is not encoded. Parts are decoded, but otherwise as they are written.
 */
export function parsePurl(text: string): PackageUrl | undefined {
  if (text.length > lengthLimit) return undefined
  const [, type, rest, query, fragment] =
    /^pkg:\/*([A-Za-z][A-Za-z0-9.+-]*)\/+([^?#]+)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text) ?? []
  if (type === undefined || rest === undefined) return undefined
  try {
    const at = versionSign(rest)
    const path = segments(at < 0 ? rest : rest.slice(0, at))
    const name = path.pop()
    if (name === undefined || name === '' || rest.slice(0, at < 0 ? undefined : at).endsWith('/'))
      return undefined
    const version = at < 0 ? '' : decode(rest.slice(at + 1))
    const qualifiers = readQualifiers(query ?? '')
    const subpath = segments(fragment ?? '').filter((part) => part !== '.' && part !== '..')
    return {
      type: type.toLowerCase(),
      ...(path.length === 0 ? {} : { namespace: path.join('/') }),
      name,
      ...(version === '' ? {} : { version }),
      ...(qualifiers === undefined ? {} : { qualifiers }),
      ...(subpath.length === 0 ? {} : { subpath: subpath.join('/') }),
    }
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

/** Where the version begins; an `@` at the start of a path segment is part of a name. */
function versionSign(path: string): number {
  const at = path.lastIndexOf('@')
  if (at <= 0 || path[at - 1] !== '/') return at <= 0 ? -1 : at
  // "…/@1.0" has no name; "@scope/name" is one.
  return path.includes('/', at) ? -1 : at
}

function segments(path: string): string[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map(decode)
}

/** Throws URIError. */
function decode(text: string): string {
  return text.includes('%') ? decodeURIComponent(text) : text
}

function readQualifiers(query: string): Record<string, string> | undefined {
  const pairs: [string, string][] = []
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    const key = pair.slice(0, Math.max(0, equals)).toLowerCase()
    const value = decode(pair.slice(equals + 1))
    if (/^[a-z][a-z0-9._-]*$/.test(key) && value !== '') pairs.push([key, value])
  }
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}

/** Everything is encoded but letters, digits, ".", "-", "_", "~" and the colon (purl-spec, "Character encoding"). */
function encode(text: string): string {
  // Most parts need nothing.
  if (/^[\w.~:-]*$/.test(text)) return text
  // Half a surrogate pair, which JSON may hold, has no bytes in UTF-8.
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':')
}
