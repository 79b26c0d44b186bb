import { expect, it } from 'vitest'
import { buildRoot, library } from '../../model/tree/fixtures/fixture-root.ts'
import type { UnmetNeed } from '../../tree/proof/need.ts'
import { unloadablePlugins } from './unloadable.ts'

const folder = 'usr/lib/x86_64-linux-gnu'

function left(files: Parameters<typeof buildRoot>[0], need: Partial<UnmetNeed> = {}) {
  const plugin = { subject: `/${folder}/app/plugin.so`, kind: 'library', need: 'libtk.so.1', ...need }
  const root = buildRoot({
    [`${folder}/app/plugin.so`]: library('plugin.so', { needed: ['libtk.so.1'] }),
    ...files,
  })
  return unloadablePlugins(root, { needs: [plugin as UnmetNeed], libraries: [folder] })
}

it('leaves out a plug-in whose library no package has brought', () => {
  expect(left({})).toEqual([{ path: `${folder}/app/plugin.so`, library: 'libtk.so.1' }])
})

it('leaves out a library that nothing needs, when its package brings others', () => {
  const path = `${folder}/libkeyring.so`
  const files = {
    [path]: library('libkeyring.so', { needed: ['libtk.so.1'] }),
    [`${folder}/libmain.so`]: library('libmain.so'),
  }
  expect(left(files, { subject: `/${path}` })).toEqual([{ path, library: 'libtk.so.1' }])
})

it.each<[string, Parameters<typeof left>]>([
  ['another file needs it', [{ [`${folder}/libapp.so`]: library('libapp.so', { needed: ['plugin.so'] }) }]],
  ['the library is there, and not found', [{ 'opt/libtk.so.1': library('libtk.so.1') }]],
  ['a package that has the library was left out', [{}, { provider: 'libtk1' }]],
  ['a program needs it when it starts', [{}, { neededBy: '/usr/bin/app' }]],
  ['a version is missing', [{}, { kind: 'version' }]],
  [
    'it lies among the libraries',
    [
      { [`${folder}/libx.so`]: library('libx.so', { needed: ['libtk.so.1'] }) },
      { subject: `/${folder}/libx.so` },
    ],
  ],
])('refuses as before when %s', (_why, words) => {
  expect(left(...words)).toEqual([])
})
