import { parsePurl } from '../../../formats/purl/purl.ts'
import type { Component, Inventory, InventoryNote } from '../../../model/inventory.ts'
import { namespaceVendor, vendorOf } from '../../../model/vendor.ts'

/** Names in a note, at most. */
const named = 5

/**
 * Packages that somebody else than the distribution made, by who that was: NodeSource's nodejs is not Debian's, though both
 * have that name. Records of the distribution do not speak of them, nor of what is inside of them.
 */
export function vendorPackages({ components, distribution }: Inventory): ReadonlyMap<Component, string> {
  const found = new Map<Component, string>()
  for (const component of components) {
    if (component.type !== 'deb' && component.type !== 'rpm') continue
    const vendor =
      namespaceVendor(parsePurl(component.purl)?.namespace) ??
      vendorOf(component, component.distribution ?? distribution)
    if (vendor !== undefined) found.set(component, vendor)
  }
  return found
}

/** One for each vendor: that its packages were compared with nothing. */
export function vendorNotes(vendors: ReadonlyMap<Component, string>): readonly InventoryNote[] {
  return [...Map.groupBy(vendors, ([, vendor]) => vendor)].map(([vendor, packages]) => {
    const all = [...new Set(packages.map(([{ name, version }]) => `${name} ${version}`))].sort()
    const more = all.length > named ? ` and ${all.length - named} more` : ''
    return {
      code: 'no-advisories',
      message: `Packages were not matched: ${all.slice(0, named).join(', ')}${more} ${all.length === 1 ? 'is' : 'are'} of ${vendor}, of whose packages no feed speaks; what is inside of them was matched.`,
    }
  })
}
