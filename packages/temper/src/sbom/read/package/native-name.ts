import type { PackageUrl } from '../../../formats/purl/purl.ts'
import { normalPythonName } from '../../../formats/purl/purl-type.ts'
import type { ComponentType } from '../../../model/inventory.ts'
import { joinName, purlName } from './ecosystem.ts'

/** The name that a document gives to something besides its purl. */
export interface StatedName {
  readonly name?: string
  readonly group?: string
}

/** Group and name, joined as the ecosystem writes them. */
export function joinedName(type: ComponentType, { group, name }: StatedName): string | undefined {
  if (
    group === undefined ||
    name === undefined ||
    name.startsWith(`${group}/`) ||
    name.startsWith(`${group}:`)
  )
    return name
  return joinName(type, group, name)
}

/**
 * The name as its ecosystem writes it, from a purl and the name beside it, since tools write purls in lower case, or
 * without the namespace that the group states.
 */
export function nativeName(type: ComponentType, purl: PackageUrl, stated: StatedName): string {
  const whole = purl.namespace === undefined ? grouped(type, purl, stated) : purlName(type, purl)
  const told = joinedName(type, stated)
  if (told === undefined) return whole
  if (type === 'pypi') return normalPythonName(told) === normalPythonName(whole) ? told : whole
  return told.toLowerCase() === whole.toLowerCase() ? spelled(whole, told) : whole
}

/**
 * Of two names that differ only in case, the one with capitals, since lower case may just be how a purl was written.
 */
export function spelled(a: string, b: string): string {
  return a === a.toLowerCase() ? b : a
}

/** Types whose packages always have a namespace; npm's have one only as a scope. */
const namespaced: ReadonlySet<ComponentType> = new Set(['maven', 'golang', 'composer'])

function grouped(type: ComponentType, { name }: PackageUrl, { group }: StatedName): string {
  if (group === undefined || name.includes(type === 'maven' ? ':' : '/')) return name
  return namespaced.has(type) || (type === 'npm' && group.startsWith('@'))
    ? joinName(type, group, name)
    : name
}
