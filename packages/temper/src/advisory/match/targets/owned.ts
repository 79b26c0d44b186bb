import type { Component, Inventory } from '../../../model/inventory.ts'
import { isLanguage } from './language-targets.ts'

/** Folders that only packages of Debian and Ubuntu fill: their pip, npm and gem install elsewhere. */
const debianFolders =
  /^usr\/(?:lib\/python3\/dist-packages|lib\/python2\.7\/dist-packages|share\/nodejs|share\/ruby|lib\/ruby\/vendor_ruby|share\/rubygems-integration|share\/maven-repo|share\/php)\//

/**
 * Language packages that are part of a distribution's package: python3-requests brings the metadata of requests. The
 * distribution's package stands for both, since it carries fixes that the version inside does not tell. Told by the
 * files that the package database lists, or by folders that only packages of the distribution fill.
 */
export function ownedComponents(
  inventory: Inventory,
  { speaksFor }: { speaksFor(component: Component): boolean },
): ReadonlySet<Component> {
  const candidates = inventory.components.filter(
    ({ type, locations }) => isLanguage(type) && locations.length > 0,
  )
  const owned = new Set<Component>()
  if (candidates.length === 0) return owned
  const byPath = new Map<string, Component[]>()
  for (const component of candidates) {
    const path = component.locations[0]?.path.split('!/')[0] ?? ''
    const parts = byPath.get(path)
    if (parts === undefined) byPath.set(path, [component])
    else parts.push(component)
  }
  let debian = false
  for (const owner of inventory.components) {
    if (isLanguage(owner.type) || !speaksFor(owner)) continue
    if (owner.type === 'deb') debian = true
    for (const file of owner.files ?? []) for (const part of byPath.get(file) ?? []) owned.add(part)
  }
  if (debian)
    for (const [path, parts] of byPath)
      if (debianFolders.test(path)) for (const part of parts) owned.add(part)
  return owned
}
