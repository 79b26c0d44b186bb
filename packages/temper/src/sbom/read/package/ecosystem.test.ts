import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePurl } from '../../../formats/purl/purl.ts'
import { componentTypes } from '../../../model/inventory.ts'
import { isImagePurl, joinName, purlName, purlType, splitName, typeOfWord } from './ecosystem.ts'

const parsed = (text: string) => parsePurl(text) ?? { type: '', name: '' }

describe('ecosystems', () => {
  test.each([
    ['pkg:npm/%40babel/core@7', 'npm', '@babel/core'],
    ['pkg:maven/org.x/y@1', 'maven', 'org.x:y'],
    ['pkg:gradle/org.x/y@1', 'maven', 'org.x:y'],
    ['pkg:golang/github.com/o/r@v1', 'golang', 'github.com/o/r'],
    ['pkg:go/github.com/o/r@v1', 'golang', 'github.com/o/r'],
    ['pkg:composer/symfony/http@1', 'composer', 'symfony/http'],
    ['pkg:swift/github.com/vapor/vapor@4', 'swift', 'github.com/vapor/vapor'],
    ['pkg:deb/debian/curl@1', 'deb', 'curl'],
    ['pkg:alpine/alpine/curl@1', 'apk', 'curl'],
    ['pkg:rubygems/rails@1', 'gem', 'rails'],
    ['pkg:python/requests@1', 'pypi', 'requests'],
    ['pkg:conan/x/y@1', 'generic', 'x/y'],
    ['pkg:none/bash@5', 'generic', 'bash'],
    ['pkg:constructor/a@1', 'generic', 'a'],
  ])('%s is of %s and called %s', (text, type, name) => {
    const purl = parsed(text)
    expect(purlType(purl)).toBe(type)
    expect(purlName(purlType(purl), purl)).toBe(name)
  })

  test.each([
    ['pkg:oci/web@sha256:1', true],
    ['pkg:docker/nginx@1', true],
    ['pkg:generic/web@1', false],
  ])('%s is an image: %j', (text, expected) => {
    expect(isImagePurl(parsed(text))).toBe(expected)
  })

  test('what was split is joined to the same', () => {
    const part = fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}$/)
    fc.assert(
      fc.property(fc.constantFrom(...componentTypes), part, part, (type, space, own) => {
        const whole = joinName(type, space, own)
        const { namespace, name } = splitName(type, whole)
        expect(namespace === undefined ? name : joinName(type, namespace, name)).toBe(whole)
      }),
    )
  })

  test.each([
    ['maven', 'org.x:', { name: 'org.x:' }],
    ['npm', '/a', { name: '/a' }],
    ['deb', 'a/b', { name: 'a/b' }],
    ['npm', '@a/b', { namespace: '@a', name: 'b' }],
  ] as const)('%s "%s" in parts', (type, name, expected) => {
    expect(splitName(type, name)).toEqual(expected)
  })

  test('words of other tools, in any case; each of one type', () => {
    expect(['deb', 'Ubuntu', 'gobinary', 'node-pkg', 'cbl-mariner', 'java-archive'].map(typeOfWord)).toEqual([
      'deb',
      'deb',
      'golang',
      'npm',
      'rpm',
      'maven',
    ])
    expect([undefined, '', 'constructor', 'terraform'].map(typeOfWord)).toEqual(Array(4).fill(undefined))
  })
})
