import type { Component } from '../../../model/inventory.ts'
import type { Examples } from '../example.ts'
import { withEvidence } from './evidence-examples.ts'

const openssl: Component = {
  ...{ type: 'deb', name: 'openssl', version: '3.5.1-1', purl: 'pkg:deb/debian/openssl@3.5.1-1' },
  ...{ locations: [], foundBy: 'spdx' },
}
const listing = (title: string, components: readonly Component[]) =>
  withEvidence(title, ({ sboms }) => ({
    sboms: sboms.map((each) => ({ ...each, inventory: { components, layers: [], notes: [] } })),
  }))

export const examples: Examples = {
  broken: [listing('a package that is not there', [openssl])],
  kept: [
    listing('no packages, as it is', []),
    listing('the application itself', [{ ...openssl, type: 'generic', purl: 'pkg:generic/app@1' }]),
  ],
}
