import { formatPurl, parsePurl } from '../../../formats/purl/purl.ts'
import type { VexProduct } from '../../../model/advisory/vex.ts'
import {
  type Fields,
  fieldsOf,
  identifierOf,
  member,
  optionalIdentifier,
  optionalObjects,
  Unusable,
} from './fields.ts'
import { purlInRange } from './purl-range.ts'

/** A product of the tree, as far as it can be recognised. */
interface Named {
  readonly purls: readonly string[]
  readonly digests: readonly string[]
  /** Set for platforms and other products that only CPEs, or nothing, identify. */
  readonly isVague: boolean
  /** A range of versions that no purl can express. */
  readonly unreadRange?: string
}

/** What branches say of the version of a product below them (CSAF 2.0, 3.1.2.2). */
interface BranchVersion {
  readonly category: 'product_version' | 'product_version_range'
  readonly name: string
}

interface Relationship {
  /** The part. */
  readonly part: string
  /** What it is a part of, or installed on. */
  readonly whole: string
}

/** Deepest chain of relationships ("a part of a part of …"). */
const chainLimit = 8

/** The product tree of a CSAF document (CSAF 2.0, 3.2.2): what product ids mean. */
export class CsafProducts {
  readonly #named = new Map<string, Named>()
  readonly #relationships = new Map<string, Relationship>()
  readonly #groups = new Map<string, readonly string[]>()
  readonly #known = new Map<string, readonly VexProduct[]>()

  constructor(tree: Fields | undefined) {
    if (tree === undefined) return
    this.#readBranches(tree)
    for (const product of optionalObjects(tree, 'full_product_names')) this.#addProduct(product)
    for (const relationship of optionalObjects(tree, 'relationships')) {
      const full = fieldsOf(member(relationship, 'full_product_name'), '"full_product_name"')
      this.#addProduct(full)
      this.#relationships.set(identifierOf(member(full, 'product_id'), '"product_id"'), {
        part: identifierOf(member(relationship, 'product_reference'), '"product_reference"'),
        whole: identifierOf(
          member(relationship, 'relates_to_product_reference'),
          '"relates_to_product_reference"',
        ),
      })
    }
    for (const group of optionalObjects(tree, 'product_groups')) {
      this.#groups.set(
        identifierOf(member(group, 'group_id'), '"group_id"'),
        identifiers(group, 'product_ids'),
      )
    }
  }

  /** Products of a group; none when there is no such group. */
  group(id: string): readonly string[] {
    return this.#groups.get(id) ?? []
  }

  /** What a product id identifies; throws `Unusable` when that is nothing that can be recognised. */
  resolve(id: string): readonly VexProduct[] {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const products = this.#resolve(id, [])
    this.#known.set(id, products)
    return products
  }

  #resolve(id: string, chain: readonly string[]): readonly VexProduct[] {
    if (chain.includes(id) || chain.length > chainLimit)
      throw new Unusable(`product "${id.slice(0, 100)}" is a part of itself, or of too many others`)
    const relationship = this.#relationships.get(id)
    const own = this.#named.get(id)
    if (relationship === undefined || (own !== undefined && own.purls.length > 0)) return this.#plain(id, own)
    const parts = this.#resolve(relationship.part, [...chain, id]).map((product) => product.id)
    const whole = this.#named.get(relationship.whole)
    const isChain = this.#relationships.has(relationship.whole)
    if (!isChain && (whole === undefined || whole.isVague)) return parts.map(onUnknownPlatform)
    return this.#resolve(relationship.whole, [...chain, id]).map((product) => ({
      ...product,
      subcomponents: parts,
    }))
  }

  #plain(id: string, named: Named | undefined): readonly VexProduct[] {
    if (named?.unreadRange !== undefined)
      throw new Unusable(
        `product "${id.slice(0, 100)}" has a range of versions that cannot be compared: "${named.unreadRange.slice(0, 100)}"`,
      )
    if (named === undefined || named.isVague)
      throw new Unusable(`product "${id.slice(0, 100)}" has no package URL and no digest`)
    const { purls, digests } = named
    const [first, ...others] = purls
    const digest = digests.length === 0 ? {} : { digests }
    if (first === undefined) return [{ id: digests[0] ?? '', ...digest, subcomponents: [] }]
    return [
      { id: first, ...digest, subcomponents: [] },
      ...others.map((purl) => ({ id: purl, subcomponents: [] })),
    ]
  }

  #readBranches(tree: Fields): void {
    const open: (readonly [Fields, BranchVersion | undefined])[] = optionalObjects(tree, 'branches').map(
      (branch) => [branch, undefined],
    )
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [branch, above] = next
      const version = branchVersion(branch) ?? above
      const product = member(branch, 'product')
      if (product !== undefined) this.#addProduct(fieldsOf(product, '"product"'), version)
      for (const below of optionalObjects(branch, 'branches')) open.push([below, version])
    }
  }

  #addProduct(product: Fields, version?: BranchVersion): void {
    const id = identifierOf(member(product, 'product_id'), '"product_id"')
    const helper = member(product, 'product_identification_helper')
    const fields = helper === undefined || helper === null ? {} : fieldsOf(helper, 'helper')
    // CSAF 2.0 has one package URL, 2.1 a list of them.
    const purl = optionalIdentifier(member(fields, 'purl'), '"purl"')
    const stated = [...(purl === undefined ? [] : [purl]), ...identifiers(fields, 'purls')]
    const purls = stated.map((each) => ofVersion(each, version))
    const digests = optionalObjects(fields, 'hashes').flatMap((hash) =>
      optionalObjects(hash, 'file_hashes').flatMap(digestOf),
    )
    const isUnread = version !== undefined && purls.includes(undefined)
    this.#named.set(id, {
      purls: isUnread ? [] : purls.filter((each) => each !== undefined),
      digests,
      isVague: purls.length === 0 && digests.length === 0,
      ...(isUnread ? { unreadRange: version.name } : {}),
    })
  }
}

function branchVersion(branch: Fields): BranchVersion | undefined {
  const category = optionalIdentifier(member(branch, 'category'), '"category"')
  const name = optionalIdentifier(member(branch, 'name'), '"name"')
  if (name === undefined) return undefined
  return category === 'product_version' || category === 'product_version_range'
    ? { category, name }
    : undefined
}

/**
 * A package URL with the version or range of its branch, unless it has one; undefined when the range cannot be read.
 */
function ofVersion(text: string, version: BranchVersion | undefined): string | undefined {
  if (version === undefined) return text
  const purl = parsePurl(text)
  if (purl === undefined || purl.version !== undefined || purl.qualifiers?.['vers'] !== undefined) return text
  // Some name the package there once more ("kernel"): that is none.
  if (version.category === 'product_version')
    return /^v?\d/.test(version.name) ? formatPurl({ ...purl, version: version.name }) : text
  return purlInRange(purl, version.name)
}

/**
 * A part on a platform that cannot be recognised is taken for itself when its version says which it is; without
 * one it would speak of the same package on every other platform too.
 */
function onUnknownPlatform(purl: string): VexProduct {
  if (!/^pkg:[^?#]*[^/]@[^/]/.test(purl))
    throw new Unusable(`"${purl.slice(0, 100)}" is on a platform without a package URL, and has no version`)
  return { id: purl, subcomponents: [] }
}

function digestOf(hash: Fields): readonly string[] {
  const algorithm = optionalIdentifier(member(hash, 'algorithm'), '"algorithm"')
    ?.toLowerCase()
    .replace('-', '')
  const value = optionalIdentifier(member(hash, 'value'), '"value"')?.toLowerCase()
  return algorithm === 'sha256' && value !== undefined && /^[0-9a-f]{64}$/.test(value)
    ? [`sha256:${value}`]
    : []
}

/** A list of ids that may be missing. */
export function identifiers(fields: Fields, key: string): readonly string[] {
  const value = member(fields, key)
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Unusable(`"${key}": expected a list`)
  return value.map((each) => identifierOf(each, `"${key}"`))
}
