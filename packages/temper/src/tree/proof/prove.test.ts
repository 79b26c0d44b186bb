import { describe, expect, it } from 'vitest'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import type { Relaxation } from '../../model/recipe.ts'
import { placePath } from '../../model/rule.ts'
import {
  baseSystem,
  buildRoot,
  type FixtureNode,
  library,
  program,
} from '../../model/tree/fixtures/fixture-root.ts'
import { type ProofOptions, proveClosed } from './prove.ts'

interface ProveOptions extends Partial<Omit<ProofOptions, 'recipe'>> {
  readonly recipe?: Partial<ProofOptions['recipe']>
}

type Files = Readonly<Record<string, FixtureNode | string>>

const lib = 'usr/lib/x86_64-linux-gnu'

const recipe: ProofOptions['recipe'] = {
  entrypoint: [],
  cmd: [],
  environment: {},
  workDir: '/',
  volumes: [],
  tests: [],
  hardening: { allow: [] },
}

function prove(files: Files, options: ProveOptions = {}) {
  return proveClosed(buildRoot({ ...baseSystem, ...files }), {
    loader: glibcLoader('amd64', 'lib/x86_64-linux-gnu'),
    ...options,
    recipe: { ...recipe, ...options.recipe },
  })
}

/** Each unmet need as "kind path need". */
function holes(files: Files, options: ProveOptions = {}): string[] {
  return prove(files, options).violations.map(
    ({ kind, place, need }) => `${kind} ${placePath(place) ?? '-'} ${need}`,
  )
}

it('a C library alone is closed, and so is an empty tree', () => {
  expect(holes({})).toEqual([])
  expect(
    proveClosed(buildRoot({}), { loader: glibcLoader('arm64', 'lib/aarch64-linux-gnu'), recipe }).violations,
  ).toEqual([])
})

describe('libraries', () => {
  it('a missing one is named with the package that has it', () => {
    const { violations } = prove(
      { 'usr/sbin/nginx': program(['libc.so.6', 'libpcre2-8.so.0']) },
      { whoHas: (file) => (file === 'libpcre2-8.so.0' ? 'libpcre2-8-0' : undefined) },
    )
    expect(violations).toEqual([
      {
        rule: 'missing-library',
        level: 'error',
        subject: '/usr/sbin/nginx',
        place: { kind: 'path', path: '/usr/sbin/nginx' },
        found: 'needs the library libpcre2-8.so.0, which is not where the loader looks for it',
        remedy: 'add the package libpcre2-8-0, which has it',
        kind: 'library',
        need: 'libpcre2-8.so.0',
        provider: 'libpcre2-8-0',
      },
    ])
  })

  it.each(['lib/x86_64-linux-gnu', lib, 'lib', 'usr/lib'])('finds in the default folder %s', (folder) => {
    expect(
      holes({ 'usr/bin/a': program(['libx.so.1']), [`${folder}/libx.so.1`]: library('libx.so.1') }),
    ).toEqual([])
  })

  it('follows the soname link, also over an absolute one and a hard link', () => {
    const files = { 'usr/bin/a': program(['libx.so.1']), [`${lib}/libx.so.1.2`]: library('libx.so.1') }
    expect(holes({ ...files, [`${lib}/libx.so.1`]: 'libx.so.1.2' })).toEqual([])
    expect(holes({ ...files, [`${lib}/libx.so.1`]: `/lib/x86_64-linux-gnu/libx.so.1.2` })).toEqual([])
    expect(
      holes({ ...files, [`${lib}/libx.so.1`]: { type: 'hardlink', target: `${lib}/libx.so.1.2` } }),
    ).toEqual([])
    expect(holes(files)).toEqual(['library /usr/bin/a libx.so.1'])
  })

  it('knows no other folder unless something says so', () => {
    const files = { 'usr/bin/a': program(['libx.so.1']), 'opt/x/lib/libx.so.1': library('libx.so.1') }
    expect(holes(files)).toEqual(['library /usr/bin/a libx.so.1'])
    expect(holes({ ...files, 'etc/ld.so.conf': { content: '/opt/x/lib\n' } })).toEqual([
      'library /usr/bin/a libx.so.1',
    ])
    expect(holes(files, { recipe: { environment: { LD_LIBRARY_PATH: '/a:/opt/x/lib' } } })).toEqual([])
    expect(
      holes({ ...files, 'etc/ld.so.cache': { content: loaderCache('libx.so.1', '/opt/x/lib/libx.so.1') } }),
    ).toEqual([])
    expect(
      holes({ ...files, 'etc/ld.so.cache': { content: loaderCache('libx.so.1', '/opt/y/libx.so.1') } }),
    ).toEqual(['library /usr/bin/a libx.so.1'])
  })

  it.each([
    ['$ORIGIN/../lib', 'opt/x/lib/libx.so.1'],
    [`$${'{ORIGIN}'}`, 'opt/x/bin/libx.so.1'],
    ['/opt/$LIB', 'opt/lib/x86_64-linux-gnu/libx.so.1'],
    ['/opt/$PLATFORM', 'opt/x86_64/libx.so.1'],
    ['/opt/link', 'opt/real/libx.so.1'],
  ])('expands %s in RUNPATH and RPATH', (folder, where) => {
    const files = { 'opt/link': 'real', [where]: library('libx.so.1'), 'opt/real/keep': {} }
    expect(holes({ ...files, 'opt/x/bin/a': program(['libx.so.1'], { runpath: [folder] }) })).toEqual([])
    expect(holes({ ...files, 'opt/x/bin/a': program(['libx.so.1'], { rpath: ['/none', folder] }) })).toEqual(
      [],
    )
  })

  it('passes RPATH on to libraries, but not RUNPATH', () => {
    const private_ = {
      'opt/x/liba.so': library('liba.so', { needed: ['libb.so'] }),
      'opt/x/libb.so': library('libb.so'),
    }
    expect(holes({ ...private_, 'usr/bin/a': program(['liba.so'], { rpath: ['/opt/x'] }) })).toEqual([])
    expect(holes({ ...private_, 'usr/bin/a': program(['liba.so'], { runpath: ['/opt/x'] }) })).toEqual([
      'library /opt/x/liba.so libb.so',
    ])
    expect(
      prove({ ...private_, 'usr/bin/a': program(['liba.so'], { runpath: ['/opt/x'] }) }).violations[0]
        ?.neededBy,
    ).toBe('/usr/bin/a')
  })

  it('RUNPATH switches off an RPATH beside it', () => {
    const facts = { rpath: ['/opt/x'], runpath: ['/opt/y'] }
    expect(
      holes({ 'usr/bin/a': program(['libx.so.1'], facts), 'opt/x/libx.so.1': library('libx.so.1') }),
    ).toEqual(['library /usr/bin/a libx.so.1'])
  })

  it('RUNPATH switches off an RPATH of who loads it, too', () => {
    expect(
      holes({
        'usr/bin/a': program(['liba.so'], { rpath: ['/opt/x'] }),
        'opt/x/liba.so': library('liba.so', { needed: ['libb.so'], runpath: ['/opt/y'] }),
        'opt/x/libb.so': library('libb.so'),
      }),
    ).toEqual(['library /opt/x/liba.so libb.so'])
  })

  it('an RPATH leads to another library than the one that is found without it', () => {
    const { violations } = prove({
      'usr/bin/a': program(['liba.so'], { rpath: ['/opt/x'] }),
      [`${lib}/liba.so`]: library('liba.so', { needed: ['libb.so'] }),
      [`${lib}/libb.so`]: library('libb.so'),
      'opt/x/libb.so': library('libb.so', { needed: ['libnone.so'] }),
    })
    expect(violations).toMatchObject([{ subject: '/opt/x/libb.so', neededBy: '/usr/bin/a' }])
    expect(violations[0]?.found).toMatch(/ when \/usr\/bin\/a starts$/)
  })

  it('an RPATH leads elsewhere where every object has one of its own', () => {
    const { violations } = prove({
      'usr/bin/a': program(['liba.so'], { rpath: ['/opt/x'] }),
      [`${lib}/liba.so`]: library('liba.so', { needed: ['libb.so'], rpath: ['/opt/own'] }),
      [`${lib}/libb.so`]: library('libb.so', { rpath: ['/opt/own'] }),
      'opt/x/libb.so': library('libb.so', { needed: ['libnone.so'] }),
    })
    expect(violations).toMatchObject([{ subject: '/opt/x/libb.so', neededBy: '/usr/bin/a' }])
  })

  it('the cache of the loader may name several files: the first that is there counts', () => {
    const files = { 'usr/bin/a': program(['libx.so.1']), 'opt/y/libx.so.1': library('libx.so.1') }
    const content = loaderCache('libx.so.1', '/opt/none/libx.so.1', '/opt/y/libx.so.1')
    expect(holes({ ...files, 'etc/ld.so.cache': { content } })).toEqual([])
  })

  it('what the program loads itself is there for its libraries, by soname too', () => {
    const files = {
      'opt/x/liba.so': library('liba.so', { needed: ['libb.so.1'] }),
      'opt/x/libb.so': library('libb.so.1'),
    }
    expect(
      holes({ ...files, 'usr/bin/a': program(['liba.so', 'libb.so'], { runpath: ['/opt/x'] }) }),
    ).toEqual([])
  })

  it('one program that fails is enough for a hole', () => {
    const unmet = holes({
      'opt/x/liba.so': library('liba.so', { needed: ['libb.so'] }),
      'opt/x/libb.so': library('libb.so'),
      'usr/bin/good': program(['liba.so'], { rpath: ['/opt/x'] }),
      'usr/bin/worse': program(['liba.so'], { runpath: ['/opt/x'] }),
    })
    expect(unmet).toEqual(['library /opt/x/liba.so libb.so'])
    const first = holes({
      'opt/x/liba.so': library('liba.so', { needed: ['libb.so'] }),
      'opt/x/libb.so': library('libb.so'),
      'usr/bin/bad': program(['liba.so'], { runpath: ['/opt/x'] }),
      'usr/bin/good': program(['liba.so'], { rpath: ['/opt/x'] }),
    })
    expect(first).toEqual(['library /opt/x/liba.so libb.so'])
  })

  it('a plug-in may need what its host has loaded: Java', () => {
    const home = 'usr/lib/jvm/java-21-openjdk-amd64/lib'
    const files = {
      [`${home}/libawt.so`]: library('libawt.so', { needed: ['libjvm.so'], rpath: ['$ORIGIN'] }),
      [`${home}/server/libjvm.so`]: library('libjvm.so'),
    }
    expect(holes(files)).toEqual([])
    const elsewhere = { [`${home}/libawt.so`]: library('libawt.so', { needed: ['libjvm.so'] }) }
    expect(holes({ ...elsewhere, 'usr/lib/other/libjvm.so': library('libjvm.so') })).toEqual([
      `library /${home}/libawt.so libjvm.so`,
    ])
  })

  describe('beside a program that a script starts', () => {
    const tool = 'usr/lib/grid/tool.bin'
    const files = { [tool]: program(['libgrid.so']), 'usr/lib/grid/libgrid.so': library('libgrid.so') }

    it('count', () => {
      expect(holes(files)).toEqual([])
    })

    it.each([`/${tool}`, `//${tool}`, tool])('do not count where the image starts %s itself', (path) => {
      const expected = [`library /${tool} libgrid.so`]
      expect(holes(files, { recipe: { entrypoint: [path] } })).toEqual(expected)
    })

    it('do not count where another program loads that one in turn, and finds more', () => {
      const other = program([`/${tool}`], { rpath: ['/usr/lib/grid'] })
      expect(holes({ ...files, 'usr/bin/other': other })).toEqual([`library /${tool} libgrid.so`])
    })
  })

  it('a library of another machine does not count', () => {
    const files = {
      'usr/bin/a': program(['libx.so.1']),
      [`${lib}/libx.so.1`]: library('libx.so.1', { machine: 183 }),
    }
    expect(holes(files)).toEqual(['library /usr/bin/a libx.so.1'])
    expect(holes({ ...files, 'usr/lib/libx.so.1': library('libx.so.1') })).toEqual([])
  })

  it('a name with a slash is a path', () => {
    expect(holes({ 'usr/bin/a': program(['/opt/x.so']), 'opt/x.so': library('x.so') })).toEqual([])
    expect(holes({ 'usr/bin/a': program(['/opt/x.so']) })).toEqual(['library /usr/bin/a /opt/x.so'])
  })

  it('LD_PRELOAD names libraries too', () => {
    const environment = { LD_PRELOAD: 'libj.so.2:/opt/other.so' }
    expect(holes({}, { recipe: { environment } })).toEqual(['library - libj.so.2', 'library - /opt/other.so'])
    expect(prove({}, { recipe: { environment } }).violations[0]).toMatchObject({
      subject: 'LD_PRELOAD',
      place: { kind: 'whole' },
    })
    const files = { [`${lib}/libj.so.2`]: library('libj.so.2'), 'opt/other.so': library('other') }
    expect(holes(files, { recipe: { environment } })).toEqual([])
  })
})

describe('symbol versions', () => {
  it('each one has to be defined', () => {
    const needs = { 'libc.so.6': ['GLIBC_2.34', 'GLIBC_2.99'] }
    const { violations } = prove({ 'usr/bin/a': program(['libc.so.6'], { versionNeeds: needs }) })
    expect(violations).toHaveLength(1)
    expect(violations[0]).toMatchObject({
      kind: 'version',
      need: 'libc.so.6 (GLIBC_2.99)',
      rule: 'missing-library',
    })
    expect(violations[0]?.found).toContain('/usr/lib/x86_64-linux-gnu/libc.so.6 does not define')
  })

  it('a library without versions only makes the loader warn', () => {
    const versionNeeds = { 'libx.so.1': ['X_1'], 'libnotneeded.so': ['Y'] }
    const files = { 'usr/bin/a': program(['libx.so.1'], { versionNeeds }) }
    expect(holes({ ...files, [`${lib}/libx.so.1`]: library('libx.so.1') })).toEqual([])
    expect(
      holes({ ...files, [`${lib}/libx.so.1`]: library('libx.so.1', { versionDefinitions: ['libx.so.1'] }) }),
    ).toEqual(['version /usr/bin/a libx.so.1 (X_1)'])
  })

  it('are not asked of a library that has the name of a member of every object', () => {
    const files = { 'usr/bin/a': program(['constructor']) }
    const named = library('constructor', { versionDefinitions: ['C_1'] })
    expect(holes({ ...files, [`${lib}/constructor`]: named })).toEqual([])
  })

  it('holds for what is found only while loading', () => {
    const unmet = holes({
      'opt/x/liba.so': library('liba.so', { needed: ['libb.so'], versionNeeds: { 'libb.so': ['B_2'] } }),
      'opt/x/libb.so': library('libb.so', { versionDefinitions: ['B_1'] }),
      'usr/bin/a': program(['liba.so'], { rpath: ['/opt/x'] }),
    })
    expect(unmet).toEqual(['version /opt/x/liba.so libb.so (B_2)'])
  })
})

describe('programs', () => {
  it('the loader of a program exists and is for this machine', () => {
    const musl = program([], { interpreter: '/lib/ld-musl-x86_64.so.1' })
    expect(holes({ 'usr/bin/a': musl })).toEqual(['loader /usr/bin/a /lib/ld-musl-x86_64.so.1'])
    expect(holes({ 'usr/bin/a': musl, 'usr/lib/ld-musl-x86_64.so.1': {} })).toHaveLength(1)
    expect(holes({ 'usr/bin/a': musl, 'usr/lib/ld-musl-x86_64.so.1': library('libc.musl') })).toEqual([])
    expect(holes({ 'usr/bin/static': { elf: { kind: 'executable' } } })).toEqual([])
  })

  it('programs of another machine are holes, data files of one are not', () => {
    const arm: FixtureNode = { elf: { kind: 'executable', machine: 183 } }
    expect(holes({ 'usr/bin/a': arm, 'usr/share/firmware/a': arm })).toEqual(['machine /usr/bin/a x86-64'])
    expect(holes({ 'usr/sbin/tool': arm, 'usr/bin/data/a': arm })).toEqual(['machine /usr/sbin/tool x86-64'])
    expect(holes({ 'usr/bin/a.o': { elf: { kind: 'other', machine: 183 } } })).toEqual([])
    const loader = glibcLoader('amd64', 'lib/x86_64-linux-gnu')
    const { violations } = proveClosed(buildRoot({ 'bin/tool': arm }), { loader, recipe })
    expect(violations.map(({ subject }) => subject)).toEqual(['/bin/tool'])
  })

  it('damaged files are said to be', () => {
    expect(prove({ 'usr/bin/a': program([], { damaged: 'no strings' }) }).violations[0]).toMatchObject({
      kind: 'damaged',
      found: expect.stringContaining('no strings'),
    })
  })

  it('scripts have their interpreter, also through env and PATH', () => {
    const script = (...shebang: string[]): FixtureNode => ({ shebang, mode: 0o755 })
    const python = { 'usr/bin/python3': program([]) }
    expect(holes({ 'usr/bin/s': script('/bin/sh') })).toEqual(['interpreter /usr/bin/s /bin/sh'])
    expect(holes({ ...python, 'usr/bin/s': script('/bin/python3') })).toEqual([])
    const viaEnv = { 'usr/bin/s': script('/usr/bin/env', 'python3') }
    expect(holes({ ...python, ...viaEnv })).toEqual(['interpreter /usr/bin/s /usr/bin/env'])
    expect(holes({ 'usr/bin/env': program(), ...viaEnv })).toEqual(['interpreter /usr/bin/s python3'])
    expect(holes({ ...python, 'usr/bin/env': program(), ...viaEnv })).toEqual([])
    const elsewhere = { 'usr/bin/env': program(), ...viaEnv, 'opt/py/python3': program([]) }
    expect(holes(elsewhere, { recipe: { environment: { PATH: '/opt/py' } } })).toEqual([])
  })

  it('modules and files that nobody starts need none', () => {
    const files = {
      'usr/lib/python3.13/cgi.py': { shebang: ['/usr/local/bin/python'], mode: 0o755 },
      'usr/share/x/lib.sh': { shebang: ['/bin/sh'], mode: 0o644 },
    }
    expect(holes({ ...files, 'usr/bin/python3': program([]) })).toEqual([])
    expect(holes(files)).toEqual(['interpreter /usr/lib/python3.13/cgi.py /usr/local/bin/python'])
  })
})

describe('commands', () => {
  it('entrypoint, cmd and test commands exist and are executable', () => {
    expect(holes({}, { recipe: { entrypoint: ['/usr/sbin/nginx'] } })).toEqual(['command - /usr/sbin/nginx'])
    expect(holes({ 'usr/sbin/nginx': { mode: 0o644 } }, { recipe: { entrypoint: ['nginx'] } })).toEqual([
      'command - nginx',
    ])
    expect(
      holes({ 'usr/sbin/nginx': program() }, { recipe: { entrypoint: ['nginx'], cmd: ['-g', 'x'] } }),
    ).toEqual([])
    expect(holes({}, { recipe: { cmd: ['python3'] } })).toEqual(['command - python3'])
    expect(holes({ 'app/run': program() }, { recipe: { cmd: ['./run'], workDir: '/app' } })).toEqual([])
    const test = { name: 'version', environment: {}, exitCode: 0, output: [], writable: [], timeout: 1 }
    const tests = [{ ...test, command: ['a'], exec: [{ command: ['b'], output: [] }] }]
    expect(holes({}, { recipe: { tests } })).toEqual(['command - a', 'command - b'])
  })

  it('no relaxation covers them', () => {
    const allow: Relaxation[] = [
      { rule: 'missing-interpreter', why: 'x' },
      { rule: 'missing-library', why: 'x' },
    ]
    expect(holes({}, { recipe: { entrypoint: ['/x'], hardening: { allow } } })).toHaveLength(1)
  })
})

describe('symlinks', () => {
  it('lead somewhere, or to what is there only when it runs', () => {
    expect(
      holes({ 'etc/mtab': '../proc/self/mounts', 'var/run': '/run', 'var/log/access': '/dev/stdout' }),
    ).toEqual([])
    expect(holes({ 'var/run': '/run', 'etc/x': '/var/run/x' })).toEqual([])
    expect(holes({ 'usr/bin/a': 'b', 'usr/bin/b': 'c' })).toEqual([
      'symlink /usr/bin/a /usr/bin/c',
      'symlink /usr/bin/b /usr/bin/c',
    ])
    expect(holes({ 'usr/bin/a': '../lib/x/y' })).toEqual(['symlink /usr/bin/a /usr/lib/x/y'])
    expect(holes({ a: 'b', b: 'a' })).toEqual(['symlink /a b', 'symlink /b a'])
    expect(holes({ data: '/srv/data/x' }, { recipe: { volumes: ['/srv/data/'] } })).toEqual([])
  })

  it('say where they lead, and which package has it', () => {
    const whoHas = (file: string) => `has-${file}`
    const { violations } = prove({ a: 'b', b: 'a', c: 'usr/x' }, { whoHas })
    expect(violations.map(({ found, provider }) => [found, provider])).toEqual([
      ['is a symlink that leads in a circle', undefined],
      ['is a symlink that leads in a circle', undefined],
      ['is a symlink to usr/x, and /usr/x is not in the image', 'has-/usr/x'],
    ])
  })
})

describe('relaxations', () => {
  it('let an unmet need pass by rule and path, and tell which were used', () => {
    const allow: Relaxation[] = [
      { rule: 'dangling-symlink', path: '/opt/**', why: 'mounted' },
      { rule: 'missing-library', path: '/usr/bin/other', why: 'unused' },
    ]
    const proof = prove({ 'opt/a/b': '/nowhere', 'etc/b': '/nowhere' }, { recipe: { hardening: { allow } } })
    expect(proof.violations.map(({ subject }) => subject)).toEqual(['/etc/b'])
    expect(proof.used).toEqual([allow[0]])
  })
})

/** A cache as ldconfig writes it, in which one name leads to these paths. */
function loaderCache(name: string, ...paths: readonly string[]): string {
  const table = Buffer.alloc(48 + paths.length * 24)
  table.write('glibc-ld.so.cache1.1')
  table.writeUInt32LE(paths.length, 20)
  let strings = `${name}\0`
  for (const [index, path] of paths.entries()) {
    table.writeUInt32LE(table.length, 48 + index * 24 + 4)
    table.writeUInt32LE(table.length + strings.length, 48 + index * 24 + 8)
    strings += `${path}\0`
  }
  return table.toString('latin1') + strings
}
