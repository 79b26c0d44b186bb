import { type PackageUrl, parsePurl } from '../../../formats/purl/purl.ts'

/**
 * What is scanned, by all its names: digests ("sha256:…" of manifest, index or configuration), references
 * ("registry.example/team/web:1.2", with a digest too), package URLs ("pkg:oci/web@sha256:…").
 */
export class ImageProduct {
  readonly #digests = new Set<string>()
  readonly #places: Place[] = []
  readonly #texts = new Set<string>()
  readonly #purls: PackageUrl[] = []

  constructor(identifiers: readonly string[]) {
    for (const text of identifiers) {
      this.#texts.add(text)
      const purl = parsePurl(text)
      if (purl !== undefined && !isImage(purl)) this.#purls.push(purl)
      const place = purl === undefined ? placeOf(text) : imagePlace(purl)
      if (place?.digest !== undefined) this.#digests.add(place.digest)
      if (place !== undefined) this.#places.push(place)
    }
  }

  /** Whether an identifier of a statement's product names it. */
  isNamedBy(identifier: string, purl: PackageUrl | undefined): boolean {
    if (this.#texts.has(identifier)) return true
    if (purl !== undefined && !isImage(purl)) return this.#purls.some((own) => samePurl(purl, own))
    const wanted = purl === undefined ? placeOf(identifier) : imagePlace(purl)
    if (wanted === undefined) return false
    // The digest says what it is, wherever it was copied to and however it is called there.
    if (wanted.digest !== undefined) return this.#digests.has(wanted.digest)
    return this.#places.some((own) => isSamePlace(wanted, own))
  }

  hasDigest(digest: string): boolean {
    return this.#digests.has(digest)
  }
}

interface Place {
  readonly registry?: string
  /** Path in the registry, or the last part of it. */
  readonly path: string
  readonly tag?: string
  readonly digest?: string
  readonly architecture?: string
}

export function isImage({ type }: PackageUrl): boolean {
  return type === 'oci' || type === 'docker'
}

const digestPattern = /^sha(?:256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})$/
const reference =
  /^(?:docker:\/\/|https?:\/\/)?([A-Za-z0-9._/:-]*?)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha\d+:[0-9a-f]+))?$/

/** Reads "sha256:…", bare hex of a SHA-256, or an image reference. */
function placeOf(text: string): Place | undefined {
  const lower = text.toLowerCase()
  if (digestPattern.test(lower)) return { path: '', digest: lower }
  if (/^[0-9a-f]{64}$/.test(lower)) return { path: '', digest: `sha256:${lower}` }
  const match = text.length > 1000 ? null : reference.exec(text)
  if (match === null || match[1] === undefined || match[1] === '') return undefined
  const [, named, tag, digest] = match
  if (digest !== undefined && !digestPattern.test(digest)) return undefined
  return {
    ...splitRegistry(named),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  }
}

/** The types oci and docker of purl-spec. */
function imagePlace({ namespace, name, version, qualifiers = {} }: PackageUrl): Place {
  const full = (namespace === undefined ? name : `${namespace}/${name}`).toLowerCase()
  const address = qualifiers['repository_url']?.replace(/^https?:\/\//, '').replace(/\/+$/, '')
  const place = address === undefined ? { path: full } : withAddress(address, full)
  const isDigest = version !== undefined && digestPattern.test(version.toLowerCase())
  const tag = isDigest ? qualifiers['tag'] : (version ?? qualifiers['tag'])
  const architecture = qualifiers['arch']
  return {
    ...place,
    ...(tag === undefined ? {} : { tag }),
    ...(isDigest ? { digest: version.toLowerCase() } : {}),
    ...(architecture === undefined ? {} : { architecture }),
  }
}

/** `repository_url` is written with the name of the image at its end, or (by Grype) without. */
function withAddress(address: string, name: string): Pick<Place, 'registry' | 'path'> {
  const { registry, path: stated } = splitRegistry(address.includes('/') ? address : `${address}/`)
  const path = stated.replace(/\/$/, '')
  const last = `/${path}`.endsWith(`/${name}`) ? path : [path, name].filter((part) => part !== '').join('/')
  if (registry === undefined) return { path: last }
  return { registry, path: registry === 'docker.io' ? last.replace(/^library\//, '') : last }
}

function splitRegistry(text: string): Pick<Place, 'registry' | 'path'> {
  const slash = text.indexOf('/')
  const host = slash < 0 ? '' : text.slice(0, slash)
  if (!/[.:]|^localhost$/.test(host)) return { path: text.toLowerCase() }
  const registry = host.toLowerCase().replace(/^(?:index|registry-1)\.docker\.io$/, 'docker.io')
  const path = text.slice(slash + 1).toLowerCase()
  return { registry, path: registry === 'docker.io' ? path.replace(/^library\//, '') : path }
}

/** Every part that is wanted has to be there; a path may be given by its last parts when no registry is. */
function isSamePlace(wanted: Place, own: Place): boolean {
  if (wanted.registry !== undefined && wanted.registry !== own.registry) return false
  if (wanted.tag !== undefined && wanted.tag !== own.tag) return false
  if (wanted.architecture !== undefined && wanted.architecture !== own.architecture) return false
  if (wanted.path === own.path) return true
  return wanted.registry === undefined && own.path.endsWith(`/${wanted.path}`)
}

function samePurl(wanted: PackageUrl, own: PackageUrl): boolean {
  if (wanted.type !== own.type || wanted.name !== own.name || wanted.namespace !== own.namespace) return false
  if (wanted.version !== undefined && wanted.version !== own.version) return false
  return Object.entries(wanted.qualifiers ?? {}).every(([key, value]) => own.qualifiers?.[key] === value)
}
