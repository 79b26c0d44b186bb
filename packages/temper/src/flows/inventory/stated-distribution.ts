import { TemperError } from '../../base/error.ts'
import { ownMember } from '../../base/own-member.ts'
import type { Component, Distribution, Inventory } from '../../model/inventory.ts'
import { distributionNamed, saysRelease } from '../../sbom/read/package/distribution.ts'

/** The distribution that a person names: "debian-12", "ubuntu:22.04", "jammy". Throws `bad-usage`. */
export function parseDistribution(text: string): Distribution {
  const distribution = /^[\w.:/ -]{1,80}$/.test(text) ? distributionNamed(text, undefined) : undefined
  if (distribution !== undefined) return distribution
  throw new TemperError('bad-usage', `Expected a distribution, found "${text.slice(0, 80)}"`, {
    hint: 'Name it by ID and VERSION_ID as in os-release, such as debian-12, or by a code name, such as jammy.',
  })
}

/** Who has packages of another type than rpm, by ID of os-release(5). */
const types: Readonly<Record<string, Component['type']>> = {
  ...Object.fromEntries(['debian', 'ubuntu', 'raspbian', 'kali', 'echo'].map((id) => [id, 'deb'])),
  ...Object.fromEntries(['alpine', 'wolfi', 'chainguard', 'minimos', 'alpaquita'].map((id) => [id, 'apk'])),
}

/**
 * The same inventory with a distribution for packages that do not state theirs; what the inventory states itself, for
 * all or for single packages, stays.
 */
export function withStatedDistribution(inventory: Inventory, stated: Distribution): Inventory {
  const { distribution } = inventory
  const type = ownMember(types, stated.id) ?? 'rpm'
  const whole = isOpen(distribution, stated) ? stated : distribution
  const components = inventory.components.map((component): Component => {
    if (component.type !== type || !isOpen(component.distribution, stated)) return component
    const { distribution: _, ...rest } = component
    return whole === stated ? rest : withOwn(component, { stated, whole })
  })
  return { ...inventory, ...(whole === undefined ? {} : { distribution: whole }), components }
}

/** A Debian package in a document that says of itself only that it is about Alpine. */
function withOwn(
  component: Component,
  { stated, whole }: { readonly stated: Distribution; readonly whole: Distribution | undefined },
): Component {
  const fits = whole === undefined || !Object.hasOwn(types, whole.id) || types[whole.id] === component.type
  return fits && component.distribution === undefined ? component : { ...component, distribution: stated }
}

/** Whether a distribution is not known, or only by its name. */
function isOpen(distribution: Distribution | undefined, stated: Distribution): boolean {
  return distribution === undefined || (distribution.id === stated.id && !saysRelease(distribution))
}
