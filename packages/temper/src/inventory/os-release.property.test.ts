import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { distributionOf, parseOsRelease } from './distribution.ts'

/** What a shell makes of the values of such a file, which is how programs read it (os-release(5)); undefined where it refuses. */
function sourced(texts: readonly string[]): readonly (readonly string[] | undefined)[] {
  const script = texts.map(
    (text) =>
      `(ID= VERSION_ID= VERSION_CODENAME= PRETTY_NAME= ID_LIKE=\n${text}\nprintf '%s\\001' "$ID" "$VERSION_ID" "$VERSION_CODENAME" "$PRETTY_NAME" "$ID_LIKE") 2>/dev/null\nprintf '\\002'`,
  )
  const { stdout } = spawnSync('dash', [], {
    input: script.join('\n'),
    encoding: 'utf8',
    env: { LC_ALL: 'C' },
  })
  return stdout
    .split('\u0002')
    .slice(0, -1)
    .map((each) => (each === '' ? undefined : each.split('\u0001').slice(0, -1)))
}

const one = (...words: readonly string[]) => fc.constantFrom(...words)
const name = one(
  'ID',
  'ID',
  'ID',
  'VERSION_ID',
  'VERSION_CODENAME',
  'PRETTY_NAME',
  'ID_LIKE',
  'HOME_URL',
  'VARIANT',
)
/** Values as files in the world have them: bare, or quoted in either way with escapes. */
const value = fc.oneof(
  one('debian', '12', '22.04', 'trixie', 'rocky', 'v1', '40_beta-1', ''),
  one(
    '"Debian GNU/Linux 12 (bookworm)"',
    '"rhel centos fedora"',
    '""',
    '"a\\"b"',
    '"a\\$b"',
    '"back\\\\slash"',
    '"tick\\`"',
    '"it\'s"',
    '"a#b"',
    '"  spaced  "',
  ),
  one("'single'", '\'with "double"\'', "'back\\\\slash'", "''", "'a  b'"),
)
const line = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(name, value).map((all) => all.join('=')) },
  { weight: 1, arbitrary: one('# ID=comment', '', '#', '   ', '  # ID="x"') },
)
const texts = fc.sample(
  fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) => lines.join('\n')),
  { seed: 9, numRuns: 250 },
)

const hasDash = spawnSync('dash', ['-c', ':']).status === 0

describe.skipIf(!hasDash)('os-release', () => {
  test('says what a shell reads in it', () => {
    const answers = sourced(texts)
    expect(answers).toHaveLength(texts.length)
    let told = 0
    for (const [index, text] of texts.entries()) {
      const [id = '', version = '', codename = '', title = '', like = ''] = answers[index] ?? []
      const parsed = parseOsRelease(text)
      if (!/^[a-z0-9][a-z0-9._-]*$/.test(id.toLowerCase())) {
        expect({ text, found: parsed }).toEqual({ text, found: undefined })
        continue
      }
      told++
      const words = like.split(/\s+/).filter((word) => word !== '')
      expect({ text, found: parsed }).toEqual({
        text,
        found: {
          id: id.toLowerCase(),
          version,
          ...(codename === '' ? {} : { codename }),
          ...(title === '' ? {} : { title }),
          ...(words.length === 0 ? {} : { like: words }),
        },
      })
    }
    expect(told).toBeGreaterThan(50)
  })
})

describe('files that name a distribution, together', () => {
  const of = (files: Readonly<Record<string, string>>) =>
    distributionOf(Object.entries(files).map(([path, fact]) => ({ location: { path }, fact })))

  test.each<[string, Readonly<Record<string, string>>, object | undefined]>([
    [
      'os-release before all others',
      { 'etc/os-release': 'ID=alpine\nVERSION_ID=3.22.1', 'etc/debian_version': '12.5' },
      { id: 'alpine', version: '3.22.1' },
    ],
    [
      'that of /usr where /etc has none',
      { 'usr/lib/os-release': 'ID=debian\nVERSION_ID="12"' },
      { id: 'debian', version: '12' },
    ],
    [
      'one that says nothing is passed over',
      { 'etc/os-release': 'NAME=x', 'usr/lib/os-release': 'ID=fedora\nVERSION_ID=42' },
      { id: 'fedora', version: '42' },
    ],
    [
      'Debian without a number',
      { 'etc/os-release': 'ID=debian\nVERSION_CODENAME=forky', 'etc/debian_version': 'forky/sid\n' },
      { id: 'debian', version: '', codename: 'forky' },
    ],
    [
      'a number of Debian from the other file',
      { 'etc/os-release': 'ID=debian', 'etc/debian_version': '13.1\n' },
      { id: 'debian', version: '13' },
    ],
    [
      'Ubuntu by lsb-release',
      {
        'etc/lsb-release':
          'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=24.04\nDISTRIB_CODENAME=noble\nDISTRIB_DESCRIPTION="Ubuntu 24.04 LTS"',
      },
      { id: 'ubuntu', version: '24.04', codename: 'noble', title: 'Ubuntu 24.04 LTS' },
    ],
    ['Alpine by its own file', { 'etc/alpine-release': '3.20.3\n' }, { id: 'alpine', version: '3.20.3' }],
    ['no number, no Alpine', { 'etc/alpine-release': 'edge\n' }, undefined],
    [
      'CentOS of old',
      { 'etc/centos-release': 'CentOS Linux release 7.9.2009 (Core)\n' },
      { id: 'centos', version: '7.9.2009' },
    ],
    [
      'Red Hat by a system file',
      { 'etc/system-release': 'Amazon Linux release 2 (Karoo)' },
      { id: 'amzn', version: '2' },
    ],
    ['nobody knows it', { 'etc/redhat-release': 'Homemade release 1' }, undefined],
    ['nothing', {}, undefined],
  ])('%s', (_, files, expected) => {
    const distribution = of(files)
    if (expected === undefined) expect(distribution).toBeUndefined()
    else expect(distribution).toMatchObject(expected)
  })
})
