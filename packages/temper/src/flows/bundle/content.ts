import { type Digest, isDigest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { parseJson } from '../../base/json/parse.ts'
import { itemsOf, memberOf, textOf } from '../../base/json/value.ts'

/** Artifact type of the content of a bundle besides images. */
export const bundleType = 'application/vnd.temper.bundle.v1'

/** The name of this content in an archive, which no image can have in a registry. */
export const bundleName = 'temper-bundle'

/** Media types of a bundle's parts. */
export const partTypes = {
  list: 'application/vnd.temper.bundle.list.v1+json',
  feeds: 'application/vnd.temper.feeds.index',
  file: 'application/octet-stream',
} as const

/** Paths of a bundle's parts below the folder that they are written to. */
export const partNames = {
  feeds: 'feeds.index',
  trustedRoot: 'trusted_root.json',
  trust: 'trust/trust.yaml',
} as const

/** Limit on the bytes of a part other than an index of feeds, and on the number of parts in one bundle. */
export const partLimit = 4 << 20
export const partCount = 500
/** Limit on the bytes of an index of feeds. */
export const feedsLimit = 64 * 2 ** 30

export interface BundledImage {
  /** The name by which it is requested: "registry.example/team/nginx:1.26". */
  readonly name: string
  readonly digest: Digest
}

/** What a bundle says about itself. */
export interface BundleList {
  readonly version: 1
  /** Sorted by name. */
  readonly images: readonly BundledImage[]
  /** Covers what is attached to them (`attachedDigest`). */
  readonly attached: Digest
  /** Name of a packaged policy, or the path of a part. Absent: it has none. */
  readonly policy?: string
}

const partName =
  /^(?:feeds\.index|trusted_root\.json|(?:trust|policy)(?:\/[A-Za-z0-9_][A-Za-z0-9._-]{0,127}){1,8})$/

/** Whether a part may be written under this name below a folder. */
export function isPartName(name: string): boolean {
  return partName.test(name)
}

/** Reads what a bundle says about itself. Throws `bad-image`. */
export function parseList(bytes: Uint8Array, where: string): BundleList {
  const value = parseJson(bytes, {
    where,
    depth: 8,
    refuse: (actual) => badBundle(where, `expected its list, found ${actual}`),
  })
  if (memberOf(value, 'version') !== 1) throw badBundle(where, 'expected a list of version 1')
  const images = itemsOf(memberOf(value, 'images')).map((image): BundledImage => {
    const [name, digest] = [textOf(memberOf(image, 'name')), textOf(memberOf(image, 'digest'))]
    if (name === undefined || digest === undefined || !isDigest(digest))
      throw badBundle(where, 'expected a name and a digest of each image')
    return { name, digest }
  })
  const attached = textOf(memberOf(value, 'attached'))
  if (attached === undefined || !isDigest(attached))
    throw badBundle(where, 'expected a digest of what is attached to its images')
  const policy = textOf(memberOf(value, 'policy'))
  return { version: 1, images, attached, ...(policy === undefined ? {} : { policy }) }
}

export function badBundle(where: string, what: string): TemperError {
  return new TemperError('bad-image', `${where}: ${what}`, {
    hint: 'The bundle is damaged, or is not a bundle: make it again, and compare its digest.',
    details: { file: where },
  })
}
