/** The parts of a package URL (purl-spec, "Rules for each purl component"), not yet encoded. */
export interface PackageUrl {
  /** Lower case: "deb", "oci". */
  readonly type: string
  readonly namespace?: string
  readonly name: string
  readonly version?: string
  /** Lower-case keys. Undefined and empty values are left out. */
  readonly qualifiers?: Readonly<Record<string, string | undefined>>
}

/** Writes a package URL in its canonical form: qualifiers sorted by key, percent-encoded where it has to be. */
export function formatPurl({ type, namespace, name, version, qualifiers = {} }: PackageUrl): string {
  const path = [type, ...(namespace === undefined ? [] : namespace.split('/').map(encode)), encode(name)]
  const query = Object.entries(qualifiers)
    .filter(([, value]) => value !== undefined && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${encode(value ?? '')}`)
  return `pkg:${path.join('/')}${version === undefined ? '' : `@${encode(version)}`}${query.length > 0 ? `?${query.join('&')}` : ''}`
}

/** Everything is encoded but letters, digits, ".", "-", "_", "~" and the colon (purl-spec, "Character encoding"). */
function encode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':')
}
