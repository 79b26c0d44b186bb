import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PythonEnvironment, pythonOf } from './environment.ts'
import { readIndexPage } from './index-page.ts'
import { readPdmLock, readPylock } from './pdm-lock.ts'
import { readPipfileLock } from './pipfile-lock.ts'
import { pythonPlaces } from './places.ts'
import { readRequirementsLock } from './requirements.ts'
import { bestWheel, normalisedName, parseWheelName, supportedTags } from './tags.ts'
import { readPoetryLock, readUvLock } from './toml-locks.ts'

const environment: PythonEnvironment = {
  version: '3.13.5',
  minor: 13,
  architecture: 'amd64' as const,
  libc: { name: 'glibc', major: 2, minor: 36 },
}
const musl: PythonEnvironment = { ...environment, libc: { name: 'musl', major: 1, minor: 2 } }
const hash = (digit: string) => `sha256:${digit.repeat(64)}`

describe('requirements with hashes', () => {
  const read = (text: string) => readRequirementsLock(text, environment, 'r.txt')

  it('are read as pip reads them: comments, continued lines, both ways to write an option', () => {
    const text = [
      '# a comment \\',
      `one==1.0 --hash=${hash('a')} # and another`,
      '',
      'two == 2.0 \\',
      `  --hash ${hash('b')} \\`,
      `  --hash=${hash('c')}`,
      `three==3.0+local.1 --hash=sha512:${'0'.repeat(128)} --hash=${hash('d')}\\`,
    ].join('\r\n')
    expect(
      read(text).packages.map(({ name, version, hashes, where }) => [name, version, hashes.length, where]),
    ).toEqual([
      ['one', '1.0', 1, 'r.txt:2'],
      ['two', '2.0', 2, 'r.txt:4'],
      ['three', '3.0+local.1', 1, 'r.txt:7'],
    ])
  })

  it('end a continued line at a comment, as pip does', () => {
    const text = `one==1.0 \\\n  # in between \\\n  --hash=${hash('c')}`
    expect(() => read(text)).toThrow('r.txt:1: one has no SHA-256')
  })

  it('name indices in each of the ways', () => {
    const text =
      '-i https://a.example\n--index-url=https://b.example\n--extra-index-url https://c.example\n--pre\n'
    expect(read(text).indices).toEqual(['https://a.example', 'https://b.example', 'https://c.example'])
  })

  it.each([
    'a',
    'a=1',
    'a====1',
    'a==1.*',
    'a==1,<2',
    'a!=1',
    'a~=1',
    '-c c.txt',
    '--find-links x',
    './a.whl',
    'é==1',
  ])('are refused where nothing is pinned: %s', (text) => {
    expect(() => read(`${text} --hash=${hash('a')}`)).toThrow('expected a pinned package')
  })

  it('whatever names, versions and hashes are, come out as they went in', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/)
    const wanted = fc.record({
      name: word,
      version: fc.stringMatching(/^[0-9][a-z0-9.+!]{0,10}$/),
      digit: fc.constantFrom('a', '0'),
    })
    fc.assert(
      fc.property(fc.array(wanted, { maxLength: 5 }), fc.constantFrom('\n', '\r\n'), (all, end) => {
        const text = all.map(
          ({ name, version, digit }) => `${name}==${version} \\${end}  --hash=${hash(digit)}`,
        )
        const packages = read(text.join(end)).packages.map(({ name, version, hashes }) => [
          name,
          version,
          hashes,
        ])
        expect(packages).toEqual(
          all.map(({ name, version, digit }) => [normalisedName(name), version, [hash(digit)]]),
        )
      }),
    )
  })
})

describe('a lock of uv', () => {
  const entry = (name: string, more = '', url = `https://f.example/${name}-1-py3-none-any.whl`) =>
    `[[package]]\nname = "${name}"\nversion = "1"\nsource = { registry = "x" }\nwheels = [{ url = "${url}", hash = "${hash('a')}" }]\n${more}\n`
  const project = (dependencies: string, more = '') =>
    `[[package]]\nname = "demo"\nversion = "0"\nsource = { virtual = "." }\ndependencies = ${dependencies}\n${more}\n`
  const names = (text: string, where: Parameters<typeof readUvLock>[1] = environment) =>
    readUvLock(text, where, 'uv.lock').packages.map(({ name, version }) => `${name} ${version}`)

  it('has each package once, whatever circles there are', () => {
    const text =
      project('[{ name = "a" }]') +
      entry('a', 'dependencies = [{ name = "b" }]') +
      entry('b', 'dependencies = [{ name = "a" }]')
    expect(names(text)).toEqual(['a 1', 'b 1'])
  })

  it('has of several versions that for this machine', () => {
    const fork = (version: string, marker: string) =>
      entry('a', `resolution-markers = ["${marker}"]`).replace('version = "1"', `version = "${version}"`)
    const text =
      project('[{ name = "a" }]') +
      fork('1', "platform_machine == 'aarch64'") +
      fork('2', "platform_machine == 'x86_64'")
    expect(names(text)).toEqual(['a 2'])
    expect(names(text, { ...environment, architecture: 'arm64' })).toEqual(['a 1'])
  })

  it('tells of a package that is needed and not there', () => {
    expect(() => names(project('[{ name = "a" }]'))).toThrow(
      'uv.lock: demo: it needs a, which is not in the lock',
    )
    expect(() => names(project('[{ name = "a", version = "2" }]') + entry('a'))).toThrow('not in the lock')
  })

  it('takes what an extra brings for whoever asks for it', () => {
    const more = '[package.optional-dependencies]\nfast = [{ name = "c" }]\n'
    const text = (asked: string) => project(`[{ name = "a"${asked} }]`) + entry('a', more) + entry('c')
    expect(names(text(''))).toEqual(['a 1'])
    expect(names(text(', extra = ["fast"]'))).toEqual(['a 1', 'c 1'])
  })

  it.each([
    ['https://f.example/a%2B1-1-py3-none-any.whl', 'a+1-1-py3-none-any.whl'],
    ['https://f.example/x/%zz.whl', undefined],
    ['https://f.example/..%2F..%2Fetc%2Fpasswd', undefined],
    ['https://f.example/', undefined],
    ['not an address', undefined],
  ])('the address %s is of the file %s', (url, name) => {
    const [locked] = readUvLock(
      project('[{ name = "a" }]') + entry('a', '', url),
      environment,
      'uv.lock',
    ).packages
    expect(locked?.files.map((file) => file.name)).toEqual(name === undefined ? [] : [name])
  })

  it('whatever its tables hold is read, or refused with what is wrong', () => {
    const scalar = fc.oneof(
      fc.stringMatching(/^[a-z=' ]{0,8}$/).map((text) => `"${text}"`),
      fc.constantFrom('1', 'true', '[]', '{}'),
    )
    const line = fc.tuple(
      fc.constantFrom('name', 'version', 'source', 'dependencies', 'wheels', 'resolution-markers'),
      scalar,
    )
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(line, { selector: ([key]) => key }), { maxLength: 4 }),
        (tables) => {
          const text = tables.map(
            (lines) => `[[package]]\n${lines.map(([key, value]) => `${key} = ${value}\n`).join('')}`,
          )
          try {
            names(project('[{ name = "a" }]') + text.join(''))
          } catch (error) {
            expect(error).toMatchObject({ code: 'bad-recipe' })
          }
        },
      ),
    )
  })
})

it('locks of Poetry leave out what is optional, of other groups, or for other machines', () => {
  const entry = (name: string, more: string) =>
    `[[package]]\nname = "${name}"\nversion = "1"\nfiles = [{ file = "x.whl", hash = "${hash('a')}" }, { file = 7 }]\n${more}\n`
  const text = [
    entry('plain', ''),
    entry('old-dev', 'category = "dev"'),
    entry('old-main', 'category = "main"'),
    entry('here', `groups = ["main", "docs"]\nmarkers = { main = "sys_platform == 'linux'" }`),
    entry('there', `groups = ["main"]\nmarkers = { main = "sys_platform == 'win32'" }`),
    '[[package]]\nname = "no-version"\n',
  ].join('')
  const { packages } = readPoetryLock(text, environment, 'poetry.lock')
  expect(packages.map(({ name, files }) => [name, files.length])).toEqual([
    ['plain', 1],
    ['old-main', 1],
    ['here', 1],
  ])
})

describe('a lock of Pipenv', () => {
  const read = (value: object) => readPipfileLock(JSON.stringify(value), environment, 'Pipfile.lock')

  it('may have packages that are called like what every object has', () => {
    const text = `{"default":{"__proto__":{"version":"==1","hashes":["${hash('a')}"]},"constructor":{"version":"===2"}}}`
    const { packages, indices } = readPipfileLock(text, environment, 'P')
    expect(packages.map(({ name, version, hashes }) => [name, version, hashes.length])).toEqual([
      ['-proto-', '1', 1],
      ['constructor', '2', 0],
    ])
    expect(indices).toEqual([])
  })

  it.each([{ git: 'x', ref: 'y' }, { path: '.' }, { version: 7 }, null, 'x', []])(
    'is refused with %j',
    (entry) => {
      expect(() => read({ default: { a: entry } })).toThrow('Pipfile.lock: a: expected one version')
    },
  )

  it('is empty where nothing is in it', () => {
    for (const value of [{}, { default: {} }, { default: [] }, { develop: { a: { version: '==1' } } }])
      expect(read(value).packages).toEqual([])
  })
})

describe('wheels', () => {
  it('of a C library fit an older one, never a newer one or another', () => {
    const fits = (platform: string, where: Parameters<typeof bestWheel>[1] = environment) =>
      bestWheel([{ name: `n-1-cp313-cp313-${platform}.whl` }], where) !== undefined
    expect(
      [
        'manylinux_2_36_x86_64',
        'manylinux_2_37_x86_64',
        'manylinux2014_x86_64',
        'manylinux1_x86_64',
        'manylinux_2_17_aarch64',
        'musllinux_1_1_x86_64',
        'linux_x86_64',
        'macosx_11_0_arm64',
        'win_amd64',
      ].map((each) => fits(each)),
    ).toEqual([true, false, true, true, false, false, true, false, false])
    expect(
      ['musllinux_1_2_x86_64', 'musllinux_1_3_x86_64', 'musllinux_1_0_x86_64', 'manylinux2014_x86_64'].map(
        (each) => fits(each, musl),
      ),
    ).toEqual([true, false, true, false])
    const arm = { ...environment, architecture: 'arm64' } as const
    expect(
      ['manylinux_2_17_aarch64', 'manylinux2014_aarch64', 'manylinux_2_16_aarch64', 'manylinux1_aarch64'].map(
        (each) => fits(each, arm),
      ),
    ).toEqual([true, true, false, false])
  })

  it('have one that is best, in whatever order they come: the first of its tags that is supported', () => {
    const tags = supportedTags(musl)
    const some = fc.uniqueArray(fc.nat(tags.length - 1), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(some, fc.boolean(), (ranks, isUpper) => {
        const named = ranks.map((rank) => ({
          name: `n-1-${isUpper ? tags[rank]?.toUpperCase() : tags[rank]}.whl`,
        }))
        const best = tags[Math.min(...ranks)] ?? ''
        expect(bestWheel(named, musl)?.name.toLowerCase()).toBe(`n-1-${best}.whl`)
        expect(bestWheel([...named].reverse(), musl)?.name.toLowerCase()).toBe(`n-1-${best}.whl`)
      }),
    )
    expect(new Set(tags).size).toBe(tags.length)
  })

  it.each([
    'n-1-py3-none-any.zip',
    'n-1-py3-none.whl',
    'n-1-a-b-py3-none-any.whl',
    '-1-py3-none-any.whl',
    'n--py3-none-any.whl',
    'n-1-x-py3-none-any.whl',
    `n-1-${'py3.'.repeat(30)}py3-${'a.'.repeat(30)}a-any.whl`,
  ])('are not those called %s', (name) => {
    expect(parseWheelName(name)).toBeUndefined()
  })
})

describe('pages of an index', () => {
  const url = 'https://i.example/simple/a/'
  const html = (text: string) => readIndexPage(text, { url, type: 'text/html' })
  it('give addresses below the page, without what is no hash', () => {
    const text = `<a href="a-1.whl?x=1&amp;y=2#sha256=${'a'.repeat(64)}">\n a-1.whl </a><A HREF="/b.whl#md5=00">b.whl</A><a>none</a>`
    expect(html(text)).toEqual([
      { name: 'a-1.whl', url: `${url}a-1.whl?x=1&y=2`, hash: hash('a') },
      { name: 'b.whl', url: 'https://i.example/b.whl' },
    ])
  })

  it('take time in proportion to their length, whatever is in them', () => {
    const started = performance.now()
    for (const piece of ['<a ', '<a href="', '<a x="y" ', '<a href="x">', '<'])
      expect(html(piece.repeat(100_000 / piece.length))).toEqual([])
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('as JSON have no file without a name and an address', () => {
    const files = [
      { filename: 'a', url: 'a.whl', hashes: { sha256: 7 } },
      { filename: 7, url: 'x' },
      { filename: 'b' },
      'x',
    ]
    const type = 'application/json'
    expect(readIndexPage(JSON.stringify({ files }), { url, type })).toEqual([
      { name: 'a', url: `${url}a.whl` },
    ])
    for (const value of [{}, [], { files: {} }, { files: null }, 7])
      expect(readIndexPage(JSON.stringify(value), { url, type })).toEqual([])
  })
})

describe('the Python of an image', () => {
  const glibc = { name: 'libc6', version: '2.41-12' }
  const of = (...packages: readonly (readonly [string, string])[]) =>
    pythonOf([...packages.map(([name, version]) => ({ name, version })), glibc], 'amd64')?.version
  it.each<[readonly (readonly [string, string])[], string | undefined]>([
    [[['python3-minimal', '3.11.2-1+b1']], '3.11.2'],
    [[['python-3.13', '3.13.7-r2']], '3.13.7'],
    [[['python-3.13-base', '3.13.7-r2']], '3.13.7'],
    [[['libpython3.12-stdlib', '3.12.3-1ubuntu0.5']], '3.12.3'],
    [[['python3', '1:3.13-1']], '3.13.0'],
    // The newest of several, by number and not by text.
    [
      [
        ['python3.9', '3.9.18-1'],
        ['python3.11', '3.11.2-1'],
        ['python3', '3.11.1-1'],
      ],
      '3.11.2',
    ],
    [[['python3-requests', '3.2']], undefined],
    [[['python2.7', '2.7.18']], undefined],
    [[['pythonx3', '3.1']], undefined],
  ])('with %j is %s', (packages, version) => {
    expect(of(...packages)).toBe(version)
  })

  it('needs a C library to be one that wheels are for', () => {
    expect(pythonOf([{ name: 'python3', version: '3.13.5' }], 'amd64')).toBeUndefined()
  })

  it.each<[string | undefined, string, string, string]>([
    [undefined, 'debian-13', '/usr/local/lib/python3.13/dist-packages', '/usr/local/bin'],
    [undefined, 'alpine-3.22', '/usr/lib/python3.13/site-packages', '/usr/bin'],
    ['/app', 'debian-13', '/app', '/app/bin'],
  ])('looks for modules in %s of %s at %s', (into, distribution, modules, scripts) => {
    expect(pythonPlaces(into, { distribution, minor: () => 13 })).toMatchObject({ modules, scripts })
  })
})

describe('pdm.lock and pylock.toml', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  const names = ({ packages }: { readonly packages: readonly { readonly name: string }[] }) =>
    packages.map(({ name }) => name)

  it('of PDM have groups, markers and extras', () => {
    const entry = (name: string, more: string) =>
      `[[package]]\nname = "${name}"\nversion = "1"\n${more}\nfiles = [{file = "${name}-1-py3-none-any.whl", hash = "${digest}"}]\n`
    const text =
      entry('Main', 'groups = ["default", "test"]') +
      entry('Main', 'extras = ["x"]\ngroups = ["default"]') +
      entry('tests', 'groups = ["test"]') +
      entry('win', 'groups = ["default"]\nmarker = "sys_platform == \'win32\'"') +
      '[[package]]\nname = "at"\nversion = "2"\nfiles = [{url = "https://files.example/at-2-py3-none-any.whl", hash = "' +
      `${digest}"}]\n`
    const lock = readPdmLock(text, environment, 'pdm.lock')
    expect(names(lock)).toEqual(['main', 'at'])
    expect(lock.packages[1]?.files).toEqual([
      { name: 'at-2-py3-none-any.whl', hash: digest, url: 'https://files.example/at-2-py3-none-any.whl' },
    ])
    expect(names(readPdmLock(text, { ...environment, dev: true }, 'pdm.lock'))).toEqual([
      'main',
      'tests',
      'at',
    ])
    expect(() => readPdmLock('=', environment, 'pdm.lock')).toThrow('this is not TOML')
  })

  it('of the standard have groups in markers, and name an index or addresses', () => {
    const wheel = `wheels = [{ name = "a-1-py3-none-any.whl", url = "https://files.example/a-1-py3-none-any.whl", hashes = { sha256 = "${'a'.repeat(64)}", md5 = "1" } }]`
    const entry = (name: string, more: string) =>
      `[[packages]]\nname = "${name}"\nversion = "1"\n${more}\n${wheel}\n`
    const text = `lock-version = "1.0"\ndependency-groups = ["dev", "docs"]\ndefault-groups = ["default"]\n[[packages]]\nname = "itself"\n${entry(
      'a',
      '',
    )}${entry('dev', `marker = "'dev' in dependency_groups"`)}${entry(
      'main',
      `marker = "'default' in dependency_groups and python_version >= '3'"`,
    )}${entry('extra', `marker = "'x' in extras"`)}${entry('indexed', 'index = "https://index.example/simple/"')}`
    const lock = readPylock(text, environment, 'pylock.toml')
    expect(names(lock)).toEqual(['a', 'main', 'indexed'])
    expect(lock.indices).toEqual(['https://index.example/simple/'])
    expect(lock.packages.map(({ files, hashes }) => [files.length, hashes])).toEqual([
      [1, [digest]],
      [1, [digest]],
      [0, [digest]],
    ])
    expect(names(readPylock(text, { ...environment, dev: true }, 'p'))).toEqual([
      'a',
      'dev',
      'main',
      'indexed',
    ])
  })
})
