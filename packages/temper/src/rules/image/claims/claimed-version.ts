import type { Component } from '../../../model/inventory.ts'
import { labelOf } from '../labels.ts'
import { imageRule } from '../rule.ts'

export const claimedVersion = imageRule({
  id: 'claimed-version',
  title: 'Its version is that of the package that it is named after',
  why: 'Whoever asks for a version, because of a flaw in the previous one, gets a different one.',
  fix: 'set org.opencontainers.image.version to the version of the package',
  level: 'warning',
  aspect: 'policy',
  tier: 'secure',
  setting: 'label',
  needs: ['image'],
  *check({ image, inventory }) {
    const title = labelOf(image, 'org.opencontainers.image.title') ?? ''
    const version = upstream(labelOf(image, 'org.opencontainers.image.version') ?? '')
    if (title === '' || !/^\d+\.\d/.test(version)) return
    const named = inventory.components.filter(({ name }) => name === title)
    const [first] = named
    if (first === undefined || named.some((each) => agrees(each, version))) return
    yield {
      place: { kind: 'whole' },
      subject: 'org.opencontainers.image.version',
      found: `it says ${version.slice(0, 80)}; ${first.name} is ${first.version}`,
    }
  },
})

/** Without "v", epoch and revision of a package: "1:1.28.0-6" is 1.28.0. */
function upstream(version: string): string {
  return version.replace(/^v|^\d+:/, '').replace(/-[^-]*$/, '')
}

/** "1.28" is also said of 1.28.0. */
function agrees({ version }: Component, claimed: string): boolean {
  const is = upstream(version)
  return is === claimed || is.startsWith(`${claimed}.`) || claimed.startsWith(`${is}.`)
}
