import { expect, test } from 'vitest'
import { describeRelease, openDistro, releaseIdOf } from './open.ts'

test.each([
  ['debian-13', 'trixie'],
  ['bookworm', 'bookworm'],
])('%s is found by id or code name', async (id, codename) => {
  const { release } = await openDistro(id, {})
  expect(release.codename).toBe(codename)
})

test('what no distribution has is refused with those that there are', async () => {
  await expect(openDistro('debian-99', {})).rejects.toMatchObject({
    code: 'bad-recipe',
    message:
      'Unknown distribution "debian-99": expected one of debian-13, debian-12, alpine-3.23, alpine-3.22, wolfi',
    hint: 'Write "distribution: debian-13".',
  })
  await expect(openDistro('debian-13', { distributions: [] })).rejects.toMatchObject({ code: 'bad-recipe' })
})

test('a release is described without opening it, also one that is not known', () => {
  expect(describeRelease('debian-12', {})).toEqual({
    distribution: {
      id: 'debian',
      version: '12',
      codename: 'bookworm',
      title: 'Debian GNU/Linux 12 (bookworm)',
    },
    packageType: 'deb',
  })
  expect(describeRelease('debian-99', {})).toEqual({
    distribution: { id: 'debian', version: '99' },
    packageType: 'deb',
  })
  expect(describeRelease('other-1', {})).toEqual({
    distribution: { id: 'other', version: '1' },
    packageType: 'generic',
  })
})

test.each([
  [{ id: 'debian', version: '13' }, 'debian-13'],
  [{ id: 'alpine', version: '3.23' }, 'alpine-3.23'],
  [{ id: 'alpine', version: '3.23.2' }, 'alpine-3.23'],
  [{ id: 'wolfi', version: '20230201' }, 'wolfi'],
  [{ id: 'wolfi', version: '' }, 'wolfi'],
  [{ id: 'alpine', version: '3.2' }, undefined],
  [{ id: 'debian', version: '' }, undefined],
  [{ id: 'ubuntu', version: '24.04' }, undefined],
])('%j is the release %s', (distribution, id) => {
  expect(releaseIdOf(distribution, {})).toBe(id)
})

test('a distribution without releases is described by its name alone', () => {
  expect(describeRelease('wolfi', {})).toEqual({
    distribution: { id: 'wolfi', version: '20230201', title: 'Wolfi' },
    packageType: 'apk',
  })
  expect(describeRelease('other', {})).toMatchObject({ distribution: { id: 'other', version: '' } })
})

test.each([
  ['debian-13', '/usr/bin/perl', { name: 'perl-base', shell: false }],
  ['debian-13', '/bin/sh', { name: 'dash', shell: true }],
  ['alpine-3.23', '/bin/sh', { name: 'busybox-binsh', shell: true }],
  ['wolfi', '/bin/sh', { name: 'busybox', shell: true }],
  ['alpine-3.23', '/usr/bin/php', { name: 'php84', shell: false }],
  ['wolfi', '/usr/bin/php', { name: 'php', shell: false }],
  ['wolfi', '/usr/bin/awk', { name: 'busybox', shell: true }],
  ['alpine-3.23', 'node', { name: 'nodejs', shell: false }],
  ['alpine-3.23', '/usr/bin/constructor', undefined],
  ['wolfi', '/opt/own', undefined],
])('the package of %s that has the interpreter %s', async (id, path, expected) => {
  expect((await openDistro(id, {})).interpreterPackage(path)).toEqual(expected)
})
