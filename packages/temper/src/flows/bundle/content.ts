import { type Digest, isDigest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { parseJson } from '../../base/json/parse.ts'
import { itemsOf, memberOf, textOf } from '../../base/json/value.ts'

/** Type of what a bundle holds beside images. */
export const bundleType = 'application/vnd.temper.bundle.v1'

/** The name by which an archive knows that: no image can be called so by its registry. */
export const bundleName = 'temper-bundle'

/** Media types of its parts. */
export const partTypes = {
  list: 'application/vnd.temper.bundle.list.v1+json',
  feeds: 'application/vnd.temper.feeds.index',
  file: 'application/octet-stream',
} as const

/** Paths that a bundle gives its parts below the folder that they are written to. */
export const partNames = {
  feeds: 'feeds.index',
  trustedRoot: 'trusted_root.json',
  trust: 'trust/trust.yaml',
} as const

/** Most bytes of a part that is no index of feeds, and most parts of one bundle. */
export const partLimit = 4 << 20
export const partCount = 500
/** Most bytes of an index of feeds. */
export const feedsLimit = 64 * 2 ** 30

export interface BundledImage {
  /** As it is asked for: "registry.example/team/nginx:1.26". */
  readonly name: string
  readonly digest: Digest
}

/** What a bundle says of itself. */
export interface BundleList {
  readonly version: 1
  /** Sorted by name. */
  readonly images: readonly BundledImage[]
  /** Name of a packaged policy, or the path of a part. Absent: it has none. */
  readonly policy?: string
}

const partName =
  /^(?:feeds\.index|trusted_root\.json|(?:trust|policy)(?:\/[A-Za-z0-9_][A-Za-z0-9._-]{0,127}){1,8})$/

/** Whether something may be written under this name below a folder. */
export function isPartName(name: string): boolean {
  return partName.test(name)
}

/** Reads what a bundle says of itself. Throws `bad-image`. */
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
  const policy = textOf(memberOf(value, 'policy'))
  return { version: 1, images, ...(policy === undefined ? {} : { policy }) }
}

export function badBundle(where: string, what: string): TemperError {
  return new TemperError('bad-image', `${where}: ${what}`, {
    hint: 'The bundle is damaged, or is not a bundle: make it again, and compare its digest.',
    details: { file: where },
  })
}
