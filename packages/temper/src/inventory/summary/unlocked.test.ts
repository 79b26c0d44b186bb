import { expect, test } from 'vitest'
import type { Component } from '../../model/inventory.ts'
import { unlockedNotes } from './unlocked.ts'

const component = (name: string, path: string): Component => ({
  type: 'pypi',
  name,
  version: '1',
  purl: `pkg:pypi/${name}@1`,
  locations: [{ path }],
  foundBy: 'python',
})
const manifest = (path: string, names: readonly string[]) => ({
  tool: 'setuptools',
  type: 'pypi' as const,
  names,
  location: { path },
})
const nobody = new Map<string, Component>()

test('tells each tool once, with places', () => {
  const manifests = ['a', 'b', 'c', 'd'].map((folder) => manifest(`${folder}/setup.py`, ['x']))
  const notes = unlockedNotes(manifests, { components: [], owners: nobody })
  expect(notes).toHaveLength(1)
  expect(notes[0]).toMatchObject({ code: 'no-lock', location: { path: 'a/setup.py' } })
  expect(notes[0]?.message).toContain('(a/setup.py, b/setup.py, c/setup.py and 1 more)')
})

test('tells nothing where most of it is installed, by whatever spelling', () => {
  const components = [
    component('Foo_Bar', 'lib/site-packages/foo/METADATA'),
    component('b', 'lib/b/METADATA'),
  ]
  const notes = (names: readonly string[]) =>
    unlockedNotes([manifest('setup.py', names)], { components, owners: nobody }).length
  expect(notes(['foo-bar', 'b', 'c'])).toBe(0)
  expect(notes(['foo-bar', 'c'])).toBe(1)
  expect(notes([])).toBe(1)
})

test('what another lock or a manifest names is not installed', () => {
  for (const path of ['other/poetry.lock', 'requirements.txt', 'x.csproj', 'gradle/libs.versions.toml'])
    expect(
      unlockedNotes([manifest('setup.py', ['b'])], { components: [component('b', path)], owners: nobody }),
    ).toHaveLength(1)
})

test("leaves what a distribution's package brought to that package", () => {
  const owners = new Map([['opt/x/setup.py', component('python3-x', 'var/lib/dpkg/status')]])
  expect(unlockedNotes([manifest('opt/x/setup.py', ['b'])], { components: [], owners })).toEqual([])
})
