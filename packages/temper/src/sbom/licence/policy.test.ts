import { describe, expect, test } from 'vitest'
import type { Component } from '../../model/inventory.ts'
import { parseExpression } from './expression.ts'
import { judgeLicences } from './policy.ts'
import { licenceStatement } from './statement.ts'

const component = (licence?: string): Component => ({
  type: 'deb',
  name: 'a',
  version: '1',
  purl: 'pkg:deb/debian/a@1',
  ...(licence === undefined ? {} : { licence }),
  locations: [],
  foundBy: 'dpkg',
})

/** Why a licence is not accepted; undefined when it is. */
const reason = (
  licence: string | undefined,
  policy: { readonly deny?: string[]; readonly allow?: string[] },
) => judgeLicences([component(licence)], { deny: [], allow: [], ...policy }).violations[0]?.reason

test.each<[string | undefined, { deny?: string[]; allow?: string[] }, string | undefined]>([
  ['GPL-3.0-only', { deny: ['GPL-3.0-only'] }, 'GPL-3.0-only is denied'],
  ['GPL-3.0-or-later', { deny: ['GPL-3.0-only'] }, undefined],
  ['gpl-3.0-only', { deny: ['gpl-3.0-ONLY'] }, '"gpl-3.0-only" is denied'],
  ['AGPL-3.0-only', { deny: ['AGPL-*'] }, 'AGPL-3.0-only is denied'],
  // Of alternatives one will do, of a combination every part has to.
  ['MIT OR GPL-3.0-only', { deny: ['GPL-*'] }, undefined],
  ['GPL-2.0-only OR GPL-3.0-only', { deny: ['GPL-*'] }, 'GPL-2.0-only is denied'],
  ['MIT AND GPL-3.0-only', { deny: ['GPL-*'] }, 'GPL-3.0-only is denied'],
  ['(MIT OR GPL-3.0-only) AND (ISC OR AGPL-3.0-only)', { deny: ['*GPL*'] }, undefined],
  ['(MIT AND GPL-3.0-only) OR AGPL-3.0-only', { deny: ['*GPL*'] }, 'GPL-3.0-only is denied'],
  // Names that SPDX has given up.
  ['GPL-3.0', { deny: ['GPL-3.0-only'] }, 'GPL-3.0-only is denied'],
  ['GPL-3.0+', { deny: ['GPL-3.0-or-later'] }, 'GPL-3.0-or-later is denied'],
  ['GPL-2.0-only', { deny: ['GPL-2.0'] }, 'GPL-2.0-only is denied'],
  ['Apache-2.0+', { allow: ['Apache-2.0'] }, 'Apache-2.0+ is not allowed'],
  // Exceptions.
  [
    'GPL-2.0-only WITH Classpath-exception-2.0',
    { deny: ['GPL-2.0-only'] },
    'GPL-2.0-only WITH Classpath-exception-2.0 is denied',
  ],
  [
    'GPL-2.0-only WITH Classpath-exception-2.0',
    { deny: ['GPL-2.0-only'], allow: ['GPL-2.0-only WITH Classpath-exception-2.0'] },
    undefined,
  ],
  ['GPL-2.0-only', { allow: ['GPL-2.0-only WITH Classpath-exception-2.0'] }, 'GPL-2.0-only is not allowed'],
  ['GPL-2.0-only', { deny: ['GPL-2.0-only WITH Classpath-exception-2.0'] }, undefined],
  // Lists of what is allowed.
  ['MIT', { allow: ['MIT', 'BSD-*'] }, undefined],
  ['MIT AND BSD-3-Clause', { allow: ['MIT', 'BSD-*'] }, undefined],
  ['MIT AND ISC', { allow: ['MIT', 'BSD-*'] }, 'ISC is not allowed'],
  ['MIT', { allow: ['MIT'], deny: ['M*'] }, 'MIT is denied'],
  ['LicenseRef-debian-x', { deny: ['LicenseRef-*'] }, 'LicenseRef-debian-x is denied'],
  // What is not known.
  [undefined, { deny: ['GPL-*'] }, undefined],
  [undefined, { deny: ['unknown'] }, 'no licence is stated, and unknown licences are denied'],
  [undefined, { allow: ['MIT'] }, 'no licence is stated, and only listed licences are allowed'],
  [undefined, { allow: ['MIT', 'unknown'] }, undefined],
  [
    'some words',
    { allow: ['MIT'] },
    'the licence is not stated as an SPDX expression, and only listed licences are allowed',
  ],
  ['some words', { allow: ['some *'] }, undefined],
  ['GPL v2/MIT', { deny: ['GPL*'] }, '"GPL v2/MIT" is denied'],
])('%s with %j: %s', (licence, policy, expected) => {
  expect(reason(licence, policy)).toBe(expected)
})

test('who has no licence that can be told is listed, whatever the policy', () => {
  const { unknown, packages, violations } = judgeLicences(
    [component(), component('words'), component('MIT')],
    {
      deny: ['X'],
      allow: [],
    },
  )
  expect([packages, violations.length, unknown.map(({ licence }) => licence)]).toEqual([
    3,
    0,
    [undefined, 'words'],
  ])
})

describe('expressions', () => {
  test.each([
    ['deep', `${'('.repeat(20_000)}MIT${')'.repeat(20_000)}`],
    ['long', `MIT${' AND MIT'.repeat(8000)}`],
    ['huge', 'x'.repeat(1 << 20)],
    ['broken', 'MIT AND'],
    ['empty', ''],
  ])('that are %s are none', (_, text) => {
    expect(parseExpression(text)).toBeUndefined()
  })

  test('become statements with a text for each licence that SPDX does not list', () => {
    expect(licenceStatement('MIT AND LicenseRef-a')).toEqual({
      expression: 'MIT AND LicenseRef-a',
      texts: { 'LicenseRef-a': expect.stringContaining('was not read') },
    })
    const words = licenceStatement('GPL v2')
    expect(words).toEqual({
      expression: expect.stringMatching(/^LicenseRef-words-[0-9a-f]{16}$/),
      texts: { [words.expression]: 'GPL v2' },
      words: 'GPL v2',
    })
  })
})
