import { expect, test } from 'vitest'
import { isSafePath } from './mirror.ts'

test('paths stay in the archive', () => {
  for (const good of ['a', 'main/binary-amd64/Packages.xz', 'pool/a+b~1%3a2_all.deb', '..a/b..']) {
    expect(isSafePath(good)).toBe(true)
  }
  for (const bad of [
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    'a/./b',
    '../a',
    'a/..',
    'a b',
    'a\\b',
    'a?b',
    'a#b',
    'ä',
    'a\n',
  ]) {
    expect(isSafePath(bad)).toBe(false)
  }
})
