import { canonicalJson } from '../../../base/json/canonical-json.ts'
import type { VexProduct, VexStatement } from '../../../model/advisory/vex.ts'
import { byVulnerability } from '../author/from-changelogs.ts'

/**
 * The statements of an image for several platforms, from those of each: equal ones become one with all products. What
 * is stated about every platform, and whatever does not suppress a finding, is also stated about the index itself;
 * what holds only on some platforms is stated about those. `index` makes the product that stands for the index.
 */
export function combinePlatforms(
  platforms: readonly (readonly VexStatement[])[],
  index: (subcomponents: readonly string[]) => VexProduct,
): readonly VexStatement[] {
  const combined = new Map<string, { readonly first: VexStatement; readonly all: VexStatement[] }>()
  for (const statements of platforms) {
    for (const statement of statements) {
      const { products: _, ...rest } = statement
      const key = canonicalJson(rest)
      const known = combined.get(key)
      if (known === undefined) combined.set(key, { first: statement, all: [statement] })
      else known.all.push(statement)
    }
  }
  return [...combined.values()]
    .map(({ first, all }) => {
      const products = all.flatMap((statement) => statement.products)
      const isShared = all.length >= platforms.length || first.status !== 'not_affected'
      const parts = new Set(products.flatMap((product) => product.subcomponents))
      return { ...first, products: [...(isShared ? [index([...parts])] : []), ...distinct(products)] }
    })
    .sort(byVulnerability)
}

/** Packages for all architectures are products of every platform. */
function distinct(products: readonly VexProduct[]): readonly VexProduct[] {
  return [...new Map(products.map((product) => [canonicalJson(product), product])).values()]
}
