import { parsePurl } from '../../../formats/purl/purl.ts'
import type { Component, Inventory } from '../../../model/inventory.ts'
import { namespaceVendor, vendorOf } from '../../../model/vendor.ts'

/**
 * Packages that somebody other than the distribution made, by who made them: NodeSource's nodejs is not Debian's, though both
 * have that name. Records of the distribution do not speak of them, nor of what is inside them.
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
