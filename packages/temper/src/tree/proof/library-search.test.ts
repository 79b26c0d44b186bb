import { describe, expect, it } from 'vitest'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import { muslLoader } from '../../formats/elf/musl-loader.ts'
import {
  baseSystem,
  buildRoot,
  type FixtureNode,
  library,
  program,
} from '../../model/tree/fixtures/fixture-root.ts'
import { loadProgram } from './closure.ts'
import { createLibrarySearch } from './library-search.ts'
import { type ElfNode, isElf } from './subject.ts'

/** A search over a tree, and its ELF files by path. */
function searchIn(
  files: Readonly<Record<string, FixtureNode | string>>,
  environment: Readonly<Record<string, string>> = {},
  loader = glibcLoader('amd64', 'lib/x86_64-linux-gnu'),
) {
  const root = buildRoot({ ...baseSystem, ...files })
  const search = createLibrarySearch({
    root,
    nodes: [...root.nodes()],
    loader,
    recipe: { entrypoint: [], cmd: [], environment, workDir: '/', volumes: [], tests: [] },
    path: [],
    read: ({ content }) => content && new TextDecoder().decode(content),
    whoHas: () => undefined,
  })
  const at = (path: string): ElfNode => {
    const node = root.get(path)
    if (!isElf(node)) throw new Error(`${path} should be an ELF file`)
    return node
  }
  return { search, at, find: (object: string, name: string) => search.find(at(object), name)?.path }
}

const z = library('libz.so.1')
const multiarch = 'usr/lib/x86_64-linux-gnu'

describe('where the loader looks', () => {
  it.each([
    ['its own folders', `${multiarch}/libz.so.1`, {}, {}],
    ['the older ones', 'usr/lib/libz.so.1', {}, {}],
    ['LD_LIBRARY_PATH', 'opt/lib/libz.so.1', {}, { LD_LIBRARY_PATH: '/none:/opt/lib' }],
    ['LD_LIBRARY_PATH with semicolons', 'opt/lib/libz.so.1', {}, { LD_LIBRARY_PATH: '/none;/opt/lib' }],
    ['RUNPATH', 'opt/lib/libz.so.1', { runpath: ['/opt/lib'] }, {}],
    ['RPATH', 'opt/lib/libz.so.1', { rpath: ['/opt/lib'] }, {}],
    ['$ORIGIN', 'usr/private/libz.so.1', { runpath: ['$ORIGIN/../private'] }, {}],
    ['$ORIGIN in braces', 'usr/private/libz.so.1', { runpath: [`\${ORIGIN}/../private`] }, {}],
    ['$LIB', 'opt/lib/x86_64-linux-gnu/libz.so.1', { runpath: ['/opt/$LIB'] }, {}],
    ['$PLATFORM', 'opt/x86_64/libz.so.1', { runpath: ['/opt/$PLATFORM'] }, {}],
  ])('is %s', (_, place, facts, environment) => {
    const { find } = searchIn({ 'usr/bin/app': program(['libz.so.1'], facts), [place]: z }, environment)
    expect(find('usr/bin/app', 'libz.so.1')).toBe(place)
  })

  it.each([
    ['a folder of nobody', 'opt/lib/libz.so.1', {}, {}],
    ['a relative folder', 'usr/bin/lib/libz.so.1', { runpath: ['lib'] }, {}],
    ['a folder relative to the root', 'opt/lib/libz.so.1', { runpath: ['opt/lib'] }, {}],
    ['a relative LD_LIBRARY_PATH', 'opt/libz.so.1', {}, { LD_LIBRARY_PATH: 'opt' }],
    ['a token that is none', 'opt/lib/libz.so.1', { runpath: ['/opt/$LIBX'] }, {}],
  ])('is not %s', (_, place, facts, environment) => {
    const { find } = searchIn({ 'usr/bin/app': program(['libz.so.1'], facts), [place]: z }, environment)
    expect(find('usr/bin/app', 'libz.so.1')).toBeUndefined()
  })

  it('goes through RPATH, LD_LIBRARY_PATH, RUNPATH and its own folders, in this order', () => {
    const files = {
      'rpath/libz.so.1': z,
      'environment/libz.so.1': z,
      'runpath/libz.so.1': z,
      [`${multiarch}/libz.so.1`]: z,
    }
    const environment = { LD_LIBRARY_PATH: '/environment' }
    const searched = (facts: object, given = environment as Record<string, string>) =>
      searchIn({ ...files, 'usr/bin/app': program([], facts) }, given).find('usr/bin/app', 'libz.so.1')
    expect(searched({ rpath: ['/rpath'] })).toBe('rpath/libz.so.1')
    expect(searched({ runpath: ['/runpath'] })).toBe('environment/libz.so.1')
    expect(searched({ runpath: ['/runpath'] }, {})).toBe('runpath/libz.so.1')
    expect(searched({ rpath: ['/rpath'], runpath: ['/runpath'] }, {})).toBe('runpath/libz.so.1')
    expect(searched({}, {})).toBe(`${multiarch}/libz.so.1`)
  })

  it('passes over files of another machine, and finds the next', () => {
    const { find } = searchIn({
      'usr/bin/app': program([], { runpath: ['/opt/arm', '/opt/amd'] }),
      'opt/arm/libz.so.1': library('libz.so.1', { machine: 183 }),
      'opt/amd/libz.so.1': z,
    })
    expect(find('usr/bin/app', 'libz.so.1')).toBe('opt/amd/libz.so.1')
  })

  it('follows links of folders and files, and hard links', () => {
    const { find } = searchIn({
      'usr/bin/app': program([], { runpath: ['/opt/link'] }),
      'opt/link': 'real',
      'opt/real/libz.so.1': '/data/libz.so.1.3',
      'opt/real/liby.so.1': { type: 'hardlink', target: 'data/libz.so.1.3' },
      'data/libz.so.1.3': z,
    })
    expect(find('usr/bin/app', 'libz.so.1')).toBe('data/libz.so.1.3')
    expect(find('usr/bin/app', 'liby.so.1')).toBe('data/libz.so.1.3')
  })

  it('takes a name with a slash as a path', () => {
    const { find, search } = searchIn({ 'usr/bin/app': program(), 'opt/libz.so.1': z })
    expect(find('usr/bin/app', '/opt/libz.so.1')).toBe('opt/libz.so.1')
    expect(find('usr/bin/app', '$ORIGIN/../../opt/libz.so.1')).toBe('opt/libz.so.1')
    expect(search.findAnywhere('/opt/libz.so.1')?.path).toBe('opt/libz.so.1')
    expect(search.findAnywhere('/none')).toBeUndefined()
  })

  it('knows the loader itself by its name', () => {
    const { find } = searchIn({ 'usr/bin/app': program() })
    expect(find('usr/bin/app', 'ld-linux-x86-64.so.2')).toBe(`${multiarch}/ld-linux-x86-64.so.2`)
    const elsewhere = searchIn({
      'usr/bin/app': program(),
      [`${multiarch}/ld-linux-x86-64.so.2`]: {},
      'usr/lib64/ld-linux-x86-64.so.2': library('ld-linux-x86-64.so.2'),
    })
    expect(elsewhere.find('usr/bin/app', 'ld-linux-x86-64.so.2')).toBe('usr/lib64/ld-linux-x86-64.so.2')
    expect(elsewhere.find('usr/bin/app', 'libnone.so')).toBeUndefined()
  })
})

describe('where the loader of musl looks', () => {
  const find = (files: Readonly<Record<string, FixtureNode | string>>) =>
    searchIn({ 'usr/bin/app': program(['libz.so.1']), ...files }, {}, muslLoader('amd64')).find(
      'usr/bin/app',
      'libz.so.1',
    )

  it('is the list of its file, in place of its own folders', () => {
    const files = { 'usr/lib/libz.so.1': z, 'opt/lib/libz.so.1': z, 'srv/lib/libz.so.1': z }
    const listed = (content: string) => find({ ...files, 'etc/ld-musl-x86_64.path': { content } })
    expect(find(files)).toBe('usr/lib/libz.so.1')
    expect(listed('/none:/opt/lib\n/srv/lib\n')).toBe('opt/lib/libz.so.1')
    expect(listed('/none\n/srv/lib\n/opt/lib')).toBe('srv/lib/libz.so.1')
    expect(listed('/none\n')).toBeUndefined()
  })

  it('is no folder of the list that is relative', () => {
    const content = 'opt/lib\nopt/lib/\n'
    expect(find({ 'opt/lib/libz.so.1': z, 'etc/ld-musl-x86_64.path': { content } })).toBeUndefined()
  })

  it.each([{ runpath: ['/opt/app'] }, { rpath: ['/opt/app'] }])(
    'is %j of the programs that lead to a library, too',
    (facts) => {
      const { search, at } = searchIn(
        {
          'usr/bin/app': program(['liba.so'], facts),
          'opt/app/liba.so': library('liba.so', { needed: ['libz.so.1'], runpath: ['/opt/none'] }),
          'opt/app/libz.so.1': z,
        },
        {},
        muslLoader('amd64'),
      )
      expect([...loadProgram(at('usr/bin/app'), search)].map(({ resolved }) => resolved?.path)).toEqual([
        'opt/app/liba.so',
        'opt/app/libz.so.1',
      ])
    },
  )
})

describe('a program that is loaded', () => {
  const needs = (files: Readonly<Record<string, FixtureNode | string>>) => {
    const { search, at } = searchIn(files)
    return [...loadProgram(at('usr/bin/app'), search)].map(
      ({ object, name, resolved }) => `${object.path} ${name} ${resolved?.path}`,
    )
  }

  it('loads breadth first, each object once', () => {
    expect(
      needs({
        'usr/bin/app': program(['liba.so', 'libb.so']),
        'usr/lib/liba.so': library('liba.so', { needed: ['libc.so'] }),
        'usr/lib/libb.so': library('libb.so', { needed: ['libc.so', 'liba.so'] }),
        'usr/lib/libc.so': library('libc.so', { needed: ['liba.so'] }),
      }),
    ).toEqual([
      'usr/bin/app liba.so usr/lib/liba.so',
      'usr/bin/app libb.so usr/lib/libb.so',
      'usr/lib/liba.so libc.so usr/lib/libc.so',
      'usr/lib/libb.so libc.so usr/lib/libc.so',
      'usr/lib/libb.so liba.so usr/lib/liba.so',
      'usr/lib/libc.so liba.so usr/lib/liba.so',
    ])
  })

  it('is not loaded again by a library that needs it', () => {
    expect(
      needs({
        'usr/bin/app': program(['libplugin.so']),
        'usr/lib/libplugin.so': library('libplugin.so', { needed: ['/usr/bin/app'] }),
      }),
    ).toEqual([
      'usr/bin/app libplugin.so usr/lib/libplugin.so',
      'usr/lib/libplugin.so /usr/bin/app usr/bin/app',
    ])
  })

  it('takes what is loaded by its soname, though its file is called otherwise', () => {
    expect(
      needs({
        'usr/bin/app': program(['/opt/plugin', 'libuser.so']),
        'opt/plugin': library('libreal.so'),
        'usr/lib/libuser.so': library('libuser.so', { needed: ['libreal.so'] }),
      }),
    ).toContain('usr/lib/libuser.so libreal.so opt/plugin')
  })

  it('takes what is loaded by the name that led to it, and of two with one soname the first', () => {
    const user = library('libuser.so', { needed: ['liba.so', 'libreal.so'] })
    expect(
      needs({
        'usr/bin/app': program(['liba.so', '/opt/two', 'libuser.so'], { runpath: ['/opt/own'] }),
        'opt/own/liba.so': library('libreal.so'),
        'opt/two': library('libreal.so'),
        'usr/lib/libuser.so': user,
      }).slice(-2),
    ).toEqual(['usr/lib/libuser.so liba.so opt/own/liba.so', 'usr/lib/libuser.so libreal.so opt/own/liba.so'])
  })

  it('goes on where a library is missing', () => {
    expect(
      needs({
        'usr/bin/app': program(['libnone.so', 'liba.so']),
        'usr/lib/liba.so': library('liba.so', { needed: ['libnone.so'] }),
      }),
    ).toEqual([
      'usr/bin/app libnone.so undefined',
      'usr/bin/app liba.so usr/lib/liba.so',
      'usr/lib/liba.so libnone.so undefined',
    ])
  })
})
