import type { Component } from '../../../model/inventory.ts'
import { usualEcosystem } from './distribution-ecosystems.ts'
import { targetsOf } from './targets.ts'

/** Where OSV lists a component. */
export interface OsvPlace {
  /** "Debian:13", "PyPI". */
  readonly ecosystem: string
  /** The name in advisories: for a distribution's package, the source package. */
  readonly name: string
  readonly version: string
}

/** Where OSV would list advisories about a component; undefined when none of its ecosystems covers it. */
export function osvPlaceOf(component: Component): OsvPlace | undefined {
  const { distribution } = component
  const ecosystem = distribution === undefined ? undefined : usualEcosystem(distribution)
  const [target] = targetsOf(component, ecosystem === undefined ? [] : [ecosystem])
  if (target === undefined) return undefined
  return { ecosystem: target.ecosystem, name: target.name, version: target.version }
}
