import { describe, expect, test } from 'vitest'
import { PublishedNames, publishedNames } from './published.ts'

const names = new PublishedNames(
  [
    'com.made: made-core made-web',
    'com.made.gradle: made-plugin',
    'org.again: parser',
    'net.first: parser',
    'io.host.tools: toolbox',
    'io.github.someone: republished-thing',
    'io.github.other: core',
    'org.parts.web: parts-web-client',
    'org.parts: parts-core',
    'com.fish.tank: shark-graph shark-hprof lone-star',
    'io.github.first-last.toys: ball',
    'io.two-words: hammer',
  ].join('\n'),
)

function told(artifact: string, packages: string): string | undefined {
  const { group, isSure, by } = names.groupOf(artifact, packages) ?? {}
  return group && `${group} by ${by}${isSure ? ', sure' : ''}`
}

describe('names that were published', () => {
  test.each([
    ['made-core', 'com.made.core', 'com.made by name, sure'],
    // Nothing in it says whose it is.
    ['made-core', '', 'com.made by name'],
    ['made-core-jvm', 'com.made.core', 'com.made by name'],
    ['made-core_2.13', 'com.made.core', 'com.made by name'],
    // Two published one of this name: packages tell, and leave a doubt.
    ['parser', 'org.again.parser', 'org.again by name'],
    ['parser', 'net.first', 'net.first by name'],
    ['parser', 'edu.third.parser', undefined],
    // Somebody else's packages, published again: only by a name that nobody else has.
    ['republished-thing', 'com.original.thing', 'io.github.someone by name'],
    ['core', 'com.original.thing', undefined],
    // Others of its family.
    ['made-mail', 'com.made.mail', 'com.made by family'],
    ['made-mail', 'org.elsewhere.mail', undefined],
    ['parts-web-server', 'org.parts.web', 'org.parts.web by family'],
    ['parts-mail', 'org.parts.mail', 'org.parts by family'],
    ['other', 'com.made.other', undefined],
    // Packages that begin with no domain tell nobody.
    ['shark-graph', 'shark', 'com.fish.tank by name'],
    ['shark-log', 'shark', 'com.fish.tank by family'],
    ['lone-wolf', 'lone', undefined],
    ['made-mail', '', undefined],
    ['core', '', undefined],
    // No thing of the same name without Scala's version, unless packages say so.
    ['made-core_2.13', '', undefined],
  ])('tell the group of %s with packages %j: %s', (artifact, packages, expected) => {
    expect(told(artifact, packages)).toBe(expected)
  })

  test('tell which packages are those of a group below a domain', () => {
    expect(names.groupOfPackages('com.made.gradle.tasks')).toBe('com.made.gradle')
    expect(names.groupOfPackages('io.host.tools')).toBe('io.host.tools')
    expect(names.groupOfPackages('com.made.core')).toBeUndefined()
    expect(names.groupOfPackages('')).toBeUndefined()
    // Packages have no hyphens.
    expect(names.groupOfPackages('io.github.firstlast.toys.rope')).toBe('io.github.first-last.toys')
    expect(names.groupOfPackages('io.github.first_last.toys')).toBe('io.github.first-last.toys')
  })

  test('tell where owners publish that have no groups below their domain', () => {
    expect(names.groupOfOwner('org.again.lexer')).toBe('org.again')
    expect(names.groupOfOwner('io.twowords.saw')).toBe('io.two-words')
    expect(names.groupOfOwner('org.again')).toBeUndefined()
    expect(names.groupOfOwner('com.made.mail')).toBeUndefined()
    expect(names.groupOfOwner('edu.third.parser')).toBeUndefined()
    expect(names.groupOfOwner('io.github.someone')).toBeUndefined()
  })

  test('ship with Temper', async () => {
    const shipped = await publishedNames()
    expect(shipped.groupOf('je', 'com.sleepycat.je')).toEqual({
      group: 'com.sleepycat',
      isSure: true,
      by: 'name',
    })
    expect(await publishedNames()).toBe(shipped)
  })
})
