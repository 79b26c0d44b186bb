import type { Component, Inventory } from '../../../model/inventory.ts'
import { isLanguage } from './language-targets.ts'

/** Folders that only packages of Debian and Ubuntu fill: their pip, npm and gem install elsewhere. */
const debianFolders =
  /^usr\/(?:lib\/python3\/dist-packages|lib\/python2\.7\/dist-packages|share\/nodejs|share\/ruby|lib\/ruby\/vendor_ruby|share\/rubygems-integration|share\/maven-repo|share\/php)\//

/** What a distribution's package can say about the language packages in it. */
export interface Speakers {
  /** True when there were advisories to compare the package with. */
  speaksFor(component: Component): boolean
  /** True when there was a list of its whole distribution, which also covers packages that no record names. */
  isListed(component: Component): boolean
}

/**
 * Language packages that are part of a distribution's package, with that package: python3-requests contains the
 * metadata of requests. The distribution's package stands for both, since it has fixes that the version inside does
 * not show. They are recognised by the files that the package database lists, or by folders that only packages of the
 * distribution fill.
 */
export function ownedComponents(
  inventory: Inventory,
  { speaksFor, isListed }: Speakers,
): ReadonlyMap<Component, Component> {
  const candidates = inventory.components.filter(
    ({ type, locations }) => isLanguage(type) && locations.length > 0,
  )
  const owned = new Map<Component, Component>()
  if (candidates.length === 0) return owned
  const byPath = Map.groupBy(candidates, ({ locations }) => locations[0]?.path.split('!/')[0] ?? '')
  /** Files of packages that no feed covers; what they contain is judged by itself. */
  const orphans = new Set<string>()
  let debian: Component | undefined
  for (const owner of inventory.components) {
    if (isLanguage(owner.type)) continue
    const speaks = speaksFor(owner)
    if (owner.type === 'deb' && speaks && isListed(owner)) debian ??= owner
    for (const file of owner.files ?? []) {
      const parts = byPath.get(file)
      if (parts === undefined) continue
      if (speaks) for (const part of parts) owned.set(part, owner)
      else orphans.add(file)
    }
  }
  if (debian !== undefined)
    for (const [path, parts] of byPath)
      if (debianFolders.test(path) && !orphans.has(path))
        for (const part of parts) if (!owned.has(part)) owned.set(part, debian)
  return owned
}

/**
 * Programs that were recognised by their bytes, with the distribution's package that they belong to: Syft lists
 * Alpine's busybox twice, as package 1.35.0-r29 and as program 1.35.0.
 */
export function recognisedPrograms({ components }: Inventory): ReadonlyMap<Component, Component> {
  const programs = components.filter(({ type }) => type === 'generic')
  const owners = new Map<Component, Component>()
  if (programs.length === 0) return owners
  const packages = new Map<string, Component>()
  for (const component of components)
    if (component.type === 'deb' || component.type === 'apk' || component.type === 'rpm')
      packages.set(`${component.name} ${upstreamVersion(component.version)}`, component)
  for (const program of programs) {
    const owner = packages.get(`${program.name} ${program.version}`)
    if (owner !== undefined) owners.set(program, owner)
  }
  return owners
}

/** Without epoch and without what the distribution counts. */
function upstreamVersion(version: string): string {
  const end = version.lastIndexOf('-')
  return (end < 0 ? version : version.slice(0, end)).replace(/^\d+:/, '')
}
