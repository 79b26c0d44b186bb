import type { Component } from '../../../model/inventory.ts'
import { usualEcosystem } from './distribution-ecosystems.ts'
import { targetsOf } from './targets.ts'

/** Where OSV speaks of a component. */
export interface OsvPlace {
  /** "Debian:13", "PyPI". */
  readonly ecosystem: string
  /** As advisories name it: of a distribution's package the source. */
  readonly name: string
  readonly version: string
}

/** The place where OSV would have an advisory about a component; undefined for what no ecosystem of it is about. */
export function osvPlaceOf(component: Component): OsvPlace | undefined {
  const { distribution } = component
  const ecosystem = distribution === undefined ? undefined : usualEcosystem(distribution)
  const [target] = targetsOf(component, ecosystem === undefined ? [] : [ecosystem])
  if (target === undefined) return undefined
  return { ecosystem: target.ecosystem, name: target.name, version: target.version }
}
