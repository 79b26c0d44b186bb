import { describe, expect, test } from 'vitest'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import {
  baseSystem,
  buildRoot,
  type FixtureNode,
  library,
  program,
} from '../../model/tree/fixtures/fixture-root.ts'
import { findUnloaded } from './unloaded.ts'

const lib = 'usr/lib/x86_64-linux-gnu'
const recipe = { entrypoint: [], cmd: [], environment: {}, workDir: '/', volumes: [], tests: [] }

function unloaded(files: Readonly<Record<string, FixtureNode | string>>, environment = {}) {
  return findUnloaded(buildRoot({ ...baseSystem, ...files }), {
    loader: glibcLoader('amd64', 'lib/x86_64-linux-gnu'),
    recipe: { ...recipe, environment },
  })
}

test('a library that nothing needs', () => {
  expect(
    unloaded({
      'usr/bin/app': program(['libc.so.6', 'liba.so.1']),
      [`${lib}/liba.so.1`]: library('liba.so.1', { needed: ['libb.so.1'] }),
      [`${lib}/libb.so.1`]: library('libb.so.1'),
      [`${lib}/libc2.so.1`]: library('libc2.so.1', { needed: ['libd.so.1'] }),
      [`${lib}/libd.so.1`]: library('libd.so.1'),
    }),
  ).toEqual({ provable: true, libraries: new Set([`${lib}/libc2.so.1`, `${lib}/libd.so.1`]) })
})

describe('loaded although no program needs them', () => {
  test.each([['libgcc_s.so.1'], ['libidn2.so.0'], ['libnss_files.so.2'], ['gconv/UTF-16.so']])(
    '%s',
    (name) => {
      const result = unloaded({ 'usr/bin/app': program(), [`${lib}/${name}`]: library(name) })
      expect(result).toEqual({ provable: true, libraries: new Set() })
    },
  )

  test('what LD_PRELOAD names', () => {
    const files = { 'usr/bin/app': program(), [`${lib}/libp.so`]: library('libp.so') }
    expect(unloaded(files, { LD_PRELOAD: 'libp.so' })).toEqual({ provable: true, libraries: new Set() })
    expect(unloaded(files)).toEqual({ provable: true, libraries: new Set([`${lib}/libp.so`]) })
  })

  test('not what may run and has no loader, nor what has one and may not run', () => {
    const result = unloaded({
      'etc/hosts': {},
      [`${lib}/liba.so`]: { ...library('liba.so'), mode: 0o755 },
      [`${lib}/libb.so`]: library('libb.so', { interpreter: '/lib64/ld-linux-x86-64.so.2' }),
    })
    expect(result).toEqual({ provable: true, libraries: new Set([`${lib}/liba.so`, `${lib}/libb.so`]) })
  })

  test('what a library needs that can be run itself', () => {
    const own = library('libx.so', { interpreter: '/lib64/ld-linux-x86-64.so.2', needed: ['libp.so'] })
    const result = unloaded({
      [`${lib}/libx.so`]: { ...own, mode: 0o755 },
      [`${lib}/libp.so`]: library('libp.so'),
    })
    expect(result).toEqual({ provable: true, libraries: new Set() })
  })
})

describe('cannot be told', () => {
  const spare = { [`${lib}/libspare.so.1`]: library('libspare.so.1') }

  test.each([
    ['a program that opens libraries', { 'usr/bin/app': program(['libc.so.6'], { opensLibraries: true }) }],
    [
      'a library of a program that opens others',
      {
        'usr/bin/app': program(['liba.so.1']),
        [`${lib}/liba.so.1`]: library('liba.so.1', { opensLibraries: true }),
      },
    ],
    ['a static program', { 'usr/bin/app': { elf: { kind: 'executable' as const } } }],
    ['a damaged file', { 'usr/bin/app': program(['libc.so.6'], { damaged: 'cut off' }) }],
    ['a file of another machine', { 'usr/bin/app': program(['libc.so.6'], { machine: 183 }) }],
    ['a need that is not found', { 'usr/bin/app': program(['libnone.so.1']) }],
  ])('%s', (_, files: Record<string, FixtureNode>) => {
    expect(unloaded({ ...spare, ...files })).toMatchObject({ provable: false })
  })
})
