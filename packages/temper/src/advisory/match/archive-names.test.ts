import { describe, expect, it } from 'vitest'
import type { FeedState } from '../../model/advisory/advisory.ts'
import { nameArchives } from './archive-names.ts'
import { component, feedState, inventory } from './fixtures/sample.ts'

const known = 'a'.repeat(40)
const archives: FeedState = { ...feedState('maven-central'), kind: 'archives' }
const index = {
  feeds: [feedState('maven'), archives],
  archive: (sha1: string) =>
    sha1 === known ? { name: 'commons-io:commons-io', version: '2.11.0' } : undefined,
}
const guessed = component('maven', 'io', { version: '2', sha1: known, guessedFrom: 'io-2.jar' })
const named = {
  type: 'maven',
  name: 'commons-io:commons-io',
  version: '2.11.0',
  purl: 'pkg:maven/commons-io/commons-io@2.11.0',
  locations: [],
  foundBy: 'sample',
  sha1: known,
}

describe('nameArchives', () => {
  it('calls an archive what it was published as, which is no guess', () => {
    expect(nameArchives(inventory([guessed]), index).components).toEqual([named])
  })

  it.each([
    ['an archive that nobody published', { ...guessed, sha1: 'b'.repeat(40) }],
    ['an archive without a digest', component('maven', 'io', { version: '2' })],
    ['a file of another kind with that digest', component('npm', 'io', { version: '2', sha1: known })],
  ])('leaves %s', (_, other) => {
    expect(nameArchives(inventory([other]), index).components).toEqual([other])
  })

  it('asks nothing of an index without lists of archives', () => {
    const given = inventory([guessed])
    expect(nameArchives(given, { ...index, feeds: [feedState('maven')] })).toBe(given)
    expect(nameArchives(given, { ...index, feeds: [] })).toBe(given)
  })

  it('lets others need it by its new name, once, in order, and leaves what they need besides', () => {
    const other = 'pkg:maven/a/z@1'
    const app = component('maven', 'app', { version: '1', dependsOn: [guessed.purl, named.purl, other] })
    const alone = component('maven', 'alone', { version: '1', dependsOn: ['pkg:b/b@1', other] })
    const { components } = nameArchives(inventory([app, alone, guessed]), index)
    expect(components.map(({ dependsOn }) => dependsOn)).toEqual([
      [other, named.purl],
      alone.dependsOn,
      undefined,
    ])
  })

  it('leaves needs in the order they have, where no archive is renamed', () => {
    const dependsOn = ['pkg:maven/z/z@1', named.purl, 'pkg:maven/a/a@1']
    const app = component('maven', 'app', { version: '1', dependsOn })
    const same = { ...component('maven', 'x', { version: '1' }), ...named, type: 'maven' as const }
    const { components } = nameArchives(inventory([app, same]), index)
    expect(components[0]?.dependsOn).toEqual(dependsOn)
  })
})
