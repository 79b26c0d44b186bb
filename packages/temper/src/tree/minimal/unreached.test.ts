import { describe, expect, it } from 'vitest'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import {
  baseSystem,
  buildRoot,
  type FixtureNode,
  library,
  program,
} from '../../model/tree/fixtures/fixture-root.ts'
import { type MinimalOptions, unreachedIn } from './unreached.ts'

const lib = 'usr/lib/x86_64-linux-gnu'
const of = (name: string, node: FixtureNode): FixtureNode => ({ ...node, package: name })
const system = Object.fromEntries(
  Object.entries(baseSystem).map(([path, node]) => [
    path,
    typeof node === 'string' ? node : of('libc6', node),
  ]),
)

/** Paths that are left out of an image that starts /usr/bin/app, of the package app. */
function left(
  files: Readonly<Record<string, FixtureNode | string>>,
  more: Partial<Omit<MinimalOptions, 'recipe'>> & { readonly cmd?: readonly string[] } = {},
): readonly string[] {
  const { cmd = [], ...options } = more
  const root = buildRoot({
    ...system,
    'usr/bin/app': of('app', program(['libc.so.6', 'liba.so.1'])),
    ...files,
  })
  const recipe = { entrypoint: ['/usr/bin/app'], cmd, environment: {}, workDir: '/', volumes: [], tests: [] }
  const isUnreached = unreachedIn(root, {
    recipe,
    loader: glibcLoader('amd64', 'lib/x86_64-linux-gnu'),
    keep: [],
    asked: new Set<string>(),
    opens: () => [],
    ...options,
  })
  return [...root.nodes()].filter(isUnreached).map(({ path }) => path)
}

const both = {
  [`${lib}/liba.so.1`]: of('liba', library('liba.so.1')),
  [`${lib}/libb.so.1`]: of('libb', library('libb.so.1')),
}

describe('what nothing reaches', () => {
  it('is a library that nothing is linked with', () => {
    expect(left(both)).toEqual([`${lib}/libb.so.1`])
  })

  it('is not what stands by its name in a program that opens libraries', () => {
    const opener = { ...program(['libc.so.6', 'liba.so.1'], { opensLibraries: true }) }
    const files = { ...both, 'usr/bin/app': of('app', opener) }
    expect(left(files, { opens: () => ['libb.so.1', 'libnone.so'] })).toEqual([])
    expect(left(files, { opens: () => ['libnone.so'] })).toEqual([`${lib}/libb.so.1`])
    // Where nobody could look, it may be any.
    expect(left(files, { opens: () => undefined })).toEqual([])
  })

  it('is not what the C library loads by itself', () => {
    const files = { ...both, [`${lib}/libgcc_s.so.1`]: of('libgcc-s1', library('libgcc_s.so.1')) }
    expect(left(files)).toEqual([`${lib}/libb.so.1`])
  })

  it('is a program of a package that only came along, with the data that is its own', () => {
    const files = {
      ...both,
      'usr/bin/other': of('other', program(['libc.so.6', 'libb.so.1'])),
      'usr/share/other/data': of('other', {}),
      'usr/share/doc/other/copyright': of('other', {}),
      'etc/other.conf': of('other', {}),
      'usr/share/pure/data': of('pure', {}),
    }
    expect(left(files)).toEqual(['usr/bin/other', `${lib}/libb.so.1`, 'usr/share/other/data'])
    expect(left(files, { asked: new Set(['other']) })).toEqual([])
    expect(left(files, { keep: ['/usr/bin/oth*'] })).toEqual([])
    expect(left(files, { cmd: ['other'] })).toEqual([])
  })

  it('are no plug-ins of what is reached, nor what these need', () => {
    const files = {
      ...both,
      [`${lib}/app/plugin.so`]: of('app', library('plugin.so', { needed: ['libb.so.1'] })),
      'usr/lib/app/helper': of('app', program()),
      'usr/lib/app/run.py': of('app', { shebang: ['/usr/bin/python3'] }),
      'usr/bin/python3': of('python3', program()),
    }
    expect(left(files)).toEqual([])
  })

  it('are plug-ins of what is not reached', () => {
    const files = {
      ...both,
      'usr/bin/other': of('other', program()),
      [`${lib}/other/plugin.so`]: of('other', library('plugin.so', { needed: ['libb.so.1'] })),
    }
    expect(left(files)).toEqual(['usr/bin/other', `${lib}/libb.so.1`, `${lib}/other/plugin.so`])
  })

  it('is not a package of plug-ins alone: somebody put it there to be loaded', () => {
    const files = {
      ...both,
      [`${lib}/sasl2/plain.so`]: of('sasl', library('plain.so', { needed: ['libb.so.1'] })),
    }
    expect(left(files)).toEqual([])
  })

  it('is not what a script of the recipe names, with its interpreter', () => {
    const files = {
      ...both,
      start: { shebang: ['/bin/sh'], content: '#!/bin/sh\nexec tool --fast\n', package: '' },
      'usr/bin/sh': of('dash', program()),
      'usr/bin/tool': of('tool', program(['libb.so.1'])),
      'usr/bin/idle': of('idle', program()),
    }
    expect(left(files)).toEqual(['usr/bin/idle'])
  })

  it('is a spare archive of classes, and nothing that the recipe brings', () => {
    const files = {
      ...both,
      'usr/lib/jvm/java/lib/server/classes_nocoops.jsa': of('app', {}),
      'usr/lib/jvm/java/lib/server/classes.jsa': of('app', {}),
      'opt/own': { ...program(), package: '' },
    }
    expect(left(files)).toEqual(['usr/lib/jvm/java/lib/server/classes_nocoops.jsa', `${lib}/libb.so.1`])
  })
})
