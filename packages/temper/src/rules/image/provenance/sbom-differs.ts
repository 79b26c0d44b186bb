import type { Component, Inventory } from '../../../model/inventory.ts'
import { imageRule } from '../rule.ts'

const distributions: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm'])

export const sbomDiffers = imageRule({
  id: 'sbom-differs',
  title: 'The bill of materials lists the packages that are in the image',
  why: 'One that lacks a package hides its vulnerabilities; one that lists too many was made from something else.',
  fix: 'make it again, from the image itself',
  level: 'warning',
  aspect: 'provenance',
  tier: 'secure',
  needs: ['evidence'],
  *check({ evidence, inventory }) {
    const here = packagesOf(inventory)
    for (const { inventory: listed } of evidence.sboms) {
      if (listed === undefined) continue
      const there = packagesOf(listed)
      const missing = [...here].filter((name) => !there.has(name))
      const extra = [...there].filter((name) => !here.has(name))
      if (missing.length + extra.length === 0) continue
      const differences = [
        ...(missing.length === 0 ? [] : [`lacks ${missing.length} packages, the first ${missing[0]}`]),
        ...(extra.length === 0 ? [] : [`lists ${extra.length} that are not there, the first ${extra[0]}`]),
      ].join(', and ')
      yield { place: { kind: 'whole' }, subject: 'SBOM', found: `it ${differences}` }
    }
  },
})

/** Of the distribution alone: how packages of languages are counted differs between tools. */
function packagesOf({ components }: Inventory): ReadonlySet<string> {
  return new Set(components.filter(({ type }) => distributions.has(type)).map(nameOf))
}

function nameOf({ name, version }: Component): string {
  return `${name} ${version}`
}
