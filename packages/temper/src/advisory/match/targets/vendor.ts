import { parsePurl } from '../../../formats/purl/purl.ts'
import type { Component, Inventory } from '../../../model/inventory.ts'
import { namespaceVendor, vendorOf } from '../../../model/vendor.ts'

/**
 * Packages that somebody other than the distribution made, by vendor: NodeSource's nodejs is not Debian's, although
 * both have that name. Records of the distribution cover neither them nor what is inside them.
 */
export function vendorPackages({ components, distribution }: Inventory): ReadonlyMap<Component, string> {
  const vendors = new Map<Component, string>()
  for (const component of components) {
    if (component.type !== 'deb' && component.type !== 'rpm') continue
    const vendor =
      purlVendor(component, distribution) ?? vendorOf(component, component.distribution ?? distribution)
    if (vendor !== undefined) vendors.set(component, vendor)
  }
  return vendors
}

function purlVendor({ type, purl }: Component, distribution: Inventory['distribution']): string | undefined {
  // Nearly all are of the distribution, which costs nothing to see.
  const own = `pkg:${type}/${distribution?.id}/`
  if (purl.startsWith(own) && !purl.includes('/', own.length)) return namespaceVendor(distribution?.id)
  return namespaceVendor(parsePurl(purl)?.namespace)
}
