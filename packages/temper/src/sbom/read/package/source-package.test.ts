import { describe, expect, test } from 'vitest'
import { parsePurl } from '../../../formats/purl/purl.ts'
import { joinVersion, purlSource, settledSource, sourceRpm } from './source-package.ts'

describe('the source package', () => {
  test.each([
    ['pkg:deb/debian/libssl3@3.0?upstream=openssl', { name: 'openssl' }],
    ['pkg:deb/debian/libssl3@3.0?upstream=openssl%403.0.1', { name: 'openssl', version: '3.0.1' }],
    ['pkg:deb/debian/a@1?upstream=%40a', { name: '@a' }],
    ['pkg:rpm/redhat/a@1-2?upstream=b-1.0-2.el9.src.rpm', { name: 'b', version: '1.0-2.el9' }],
    ['pkg:deb/debian/a@1', undefined],
  ])('that a package URL names: %s', (purl, expected) => {
    const parsed = parsePurl(purl)
    expect(parsed && purlSource(parsed)).toEqual(expected)
  })

  test.each([
    ['perl-Getopt-Long-2.52-4.el9.src.rpm', { name: 'perl-Getopt-Long', version: '2.52-4.el9' }],
    ['a-1-2.nosrc.rpm', { name: 'a', version: '1-2' }],
    ['bash', { name: 'bash' }],
    ['a-1-2.x86_64.rpm', undefined],
    ['a.rpm', undefined],
  ])('that the name of a file tells: %s', (text, expected) => {
    expect(sourceRpm(text)).toEqual(expected)
  })

  test.each([
    [{ version: '1.0', release: '2.el9', epoch: '1' }, '1:1.0-2.el9'],
    [{ version: '1.0', release: '2.el9', epoch: '0' }, '1.0-2.el9'],
    [{ version: '1.0' }, '1.0'],
    [{ epoch: '1', release: '2' }, undefined],
  ])('versions in parts: %j are %s', (parts, expected) => {
    expect(joinVersion(parts)).toBe(expected)
  })

  test.each([
    ['deb', undefined, { name: 'a', version: '1' }],
    ['apk', undefined, { name: 'a', version: '1' }],
    // RPM's database names the source; silence is no claim.
    ['rpm', undefined, undefined],
    ['npm', undefined, undefined],
    ['deb', { name: 's' }, { name: 's', version: '1' }],
    ['rpm', { name: 's', version: '2' }, { name: 's', version: '2' }],
  ] as const)('of %s with %j is %j', (type, claimed, expected) => {
    expect(settledSource({ type, name: 'a', version: '1' }, claimed)).toEqual(expected)
  })
})
