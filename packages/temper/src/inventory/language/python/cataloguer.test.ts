import { describe, expect, test } from 'vitest'
import { buildZip } from '../../../formats/zip/fixtures/sample.ts'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { pythonCataloguer } from './cataloguer.ts'
import { condaCataloguer } from './conda.ts'

const metadata = (name: string, version: string, more = '') =>
  `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${more}\n\nName: not-this\nVersion: 9\n`

const site = 'usr/lib/python3/site-packages'

describe('installed packages', () => {
  test('dist-info, egg-info as folder and as file, eggs as folder and as archive', async () => {
    const egg = buildZip({ entries: [{ name: 'EGG-INFO/PKG-INFO', content: metadata('in-egg', '5.0') }] })
    const catalogued = await catalogueFiles(pythonCataloguer, {
      [`${site}/A_b-1.0.dist-info/METADATA`]: metadata('A.b', '1.0'),
      [`${site}/c-2.0.egg-info/PKG-INFO`]: metadata('c', '2.0'),
      [`${site}/d-3.0.egg-info`]: metadata('d', '3.0').replaceAll('\n', '\r\n'),
      [`${site}/e.egg/EGG-INFO/PKG-INFO`]: metadata('e', '4.0'),
      [`${site}/f.egg`]: egg,
      [`${site}/g.egg`]: 'no archive',
      [`${site}/h.dist-info/METADATA`]: 'Name: h\n\nVersion: 1\n',
    })
    expect(namesOf(catalogued)).toEqual(['A.b 1.0', 'c 2.0', 'd 3.0', 'e 4.0', 'in-egg 5.0'])
    expect(catalogued.components[0]?.purl).toBe('pkg:pypi/a-b@1.0')
    expect(catalogued.components.at(-1)?.locations).toEqual([{ path: `${site}/f.egg!/EGG-INFO/PKG-INFO` }])
    expect(catalogued.passed).toEqual([`${site}/g.egg`])
  })

  test('metadata that is padded to hide what it is of is told', async () => {
    const padded = `${'X: y\n'.repeat(20_000)}${metadata('hidden', '1.0')}`
    const files = { [`${site}/hidden-1.0.dist-info/METADATA`]: padded }
    await expect(catalogueFiles(pythonCataloguer, files)).rejects.toMatchObject({ code: 'limit-exceeded' })
  })

  test('licence, author, needs and files', async () => {
    const more = [
      'Author-email: "Ada L" <ada@example.org>',
      'License-Expression: MIT OR Apache-2.0',
      'Requires-Dist: C.d (>=1) ; python_version > "3"',
      'Requires-Dist: only-extra ; extra == "x"',
    ].join('\n')
    const catalogued = await catalogueFiles(pythonCataloguer, {
      [`${site}/a-1.dist-info/METADATA`]: metadata('a', '1', more),
      [`${site}/a-1.dist-info/RECORD`]:
        'a/x.py,sha256=1,2\n"a/y,z.py",,\n../../../bin/a,,\n../../../../../etc/x,,\n/abs,,\n',
      [`${site}/c_d-1.dist-info/METADATA`]: metadata('c_d', '1'),
      [`${site}/only_extra-1.dist-info/METADATA`]: metadata('only-extra', '1'),
    })
    expect(catalogued.components[0]).toMatchObject({
      licence: 'MIT OR Apache-2.0',
      supplier: 'Ada L',
      dependsOn: ['pkg:pypi/c-d@1'],
      files: ['usr/bin/a', `${site}/a/x.py`, `${site}/a/y,z.py`],
    })
  })

  test.each([
    ['License: BSD', 'BSD'],
    ['License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License', 'MIT License'],
    [`License: ${'long text '.repeat(50)}\nClassifier: License :: OSI Approved :: Apache`, 'Apache'],
    ['License: first\n  goes on', 'first goes on'],
    ['', undefined],
  ])('licence of %j', async (more, expected) => {
    const catalogued = await catalogueFiles(pythonCataloguer, {
      'a.dist-info/METADATA': metadata('a', '1', more),
    })
    expect(catalogued.components[0]?.licence).toBe(expected)
  })
})

const requirements = `# a comment
--index-url http://mirror.example/simple
flask[async]==2.0.1 ; python_version > "3" # pinned
Jinja2===3.0.0 \\
    --hash=sha256:00
ranged>=1.0
star==1.*
plain
-e .
`

const poetryOld = `[[package]]
name = "flask"
version = "2.0.1"
category = "main"

[package.dependencies]
Jinja2 = ">=3.0"

[[package]]
name = "jinja2"
version = "3.0.0"
category = "main"

[[package]]
name = "pytest"
version = "7.0.0"
category = "dev"
`

const poetryNew = poetryOld
  .replaceAll('category = "main"', 'groups = ["main", "dev"]')
  .replace('category = "dev"', 'groups = ["dev"]')

const pdm = poetryOld
  .replaceAll('category = "main"', 'groups = ["default"]')
  .replace('category = "dev"', 'groups = ["dev"]')
  .replace('[package.dependencies]\nJinja2 = ">=3.0"', 'dependencies = ["Jinja2>=3.0"]')

const uv = `version = 1

[[package]]
name = "mine"
version = "0.1.0"
source = { editable = "." }
dependencies = [{ name = "flask" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "flask"
version = "2.0.1"
source = { registry = "http://mirror.example/simple" }
dependencies = [{ name = "jinja2" }]

[[package]]
name = "jinja2"
version = "3.0.0"
source = { registry = "http://mirror.example/simple" }
dependencies = [{ name = "flask" }]

[[package]]
name = "pytest"
version = "7.0.0"
source = { registry = "http://mirror.example/simple" }
`

const pipfile = JSON.stringify({
  default: { flask: { version: '==2.0.1' }, jinja2: { version: '==3.0.0' }, git: { ref: '1' } },
  develop: { flask: { version: '==2.0.1' }, pytest: { version: '==7.0.0' } },
})

describe('locks', () => {
  test.each([
    ['poetry.lock', poetryOld],
    ['poetry.lock', poetryNew],
    ['pdm.lock', pdm],
    ['uv.lock', uv],
    ['Pipfile.lock', pipfile],
  ])('%s (%#)', async (name, content) => {
    const catalogued = await catalogueFiles(pythonCataloguer, { [name]: content })
    expect(namesOf(catalogued)).toEqual(['flask 2.0.1', 'jinja2 3.0.0'])
    expect(catalogued.notes.map(({ message }) => message)).toEqual([
      expect.stringContaining(' 1 packages that only'),
    ])
  })

  test('requirements.txt: only what is pinned', async () => {
    const catalogued = await catalogueFiles(pythonCataloguer, {
      'requirements.txt': requirements,
      'b/requirements.txt': 'x',
    })
    expect(namesOf(catalogued)).toEqual(['Jinja2 3.0.0', 'flask 2.0.1'])
    expect(catalogued.notes.map(({ code, message }) => [code, message])).toEqual([
      ['version-unknown', expect.stringContaining('1 of the requirements name no single version (x)')],
      [
        'version-unknown',
        expect.stringContaining('3 of the requirements name no single version (ranged, star, plain)'),
      ],
    ])
  })

  test.each([
    ['requirements-prod.txt', ['a 1.0'], []],
    ['app/requirements/base.txt', ['a 1.0'], []],
    ['base-requirements.txt', ['a 1.0'], []],
    ['requirements.lock', ['a 1.0'], []],
    ['requirements-dev.txt', [], ['development-left-out']],
    ['requirements_test.txt', [], ['development-left-out']],
    ['app/requirements/docs.txt', [], ['development-left-out']],
    ['requirements-dev.lock', [], ['development-left-out']],
    ['requirements-devices.txt', ['a 1.0'], []],
    ['notes.txt', [], []],
  ])('requirements by other names: %s', async (path, names, notes) => {
    const catalogued = await catalogueFiles(pythonCataloguer, { [path]: 'a==1.0\n' })
    expect(namesOf(catalogued)).toEqual(names)
    expect(catalogued.notes.map(({ code }) => code)).toEqual(notes)
  })

  test('what people are told to have is no requirement of pip', async () => {
    const text = 'To run this you need:\n\nPython\nA disk with room\nSome good memory\n'
    const catalogued = await catalogueFiles(pythonCataloguer, { 'system-requirements.txt': text })
    expect([catalogued.components, catalogued.notes]).toEqual([[], []])
  })

  test('the lock of a script', async () => {
    const lock = '[manifest]\nrequirements = [{ name = "a" }]\n\n[[package]]\nname = "a"\nversion = "1.0"\n'
    expect(namesOf(await catalogueFiles(pythonCataloguer, { 'bin/run.py.lock': lock }))).toEqual(['a 1.0'])
  })

  test('requirements of which nothing is pinned are told, unless they are installed', async () => {
    const asked = { 'app/requirements.txt': 'Flask>=2\njinja2\n' }
    const alone = await catalogueFiles(pythonCataloguer, asked)
    expect(alone.notes.map(({ code }) => code)).toEqual(['version-unknown'])
    const installed = await catalogueFiles(pythonCataloguer, {
      ...asked,
      [`${site}/Flask-2.0.2.dist-info/METADATA`]: metadata('Flask', '2.0.2'),
      [`${site}/jinja2-3.1.dist-info/METADATA`]: metadata('jinja2', '3.1'),
    })
    expect(installed.notes.map(({ code }) => code)).toEqual(['lock-passed-over'])
  })

  test('what is installed elsewhere under other spellings overrules', async () => {
    const catalogued = await catalogueFiles(pythonCataloguer, {
      'app/requirements.txt': requirements,
      [`${site}/Flask-2.0.2.dist-info/METADATA`]: metadata('Flask', '2.0.2'),
      [`${site}/jinja2-3.1.dist-info/METADATA`]: metadata('jinja2', '3.1'),
    })
    expect(namesOf(catalogued)).toEqual(['Flask 2.0.2', 'jinja2 3.1'])
    expect(catalogued.notes[0]?.code).toBe('lock-passed-over')
  })

  test('what is no TOML is an error, and deep TOML is not followed', async () => {
    await expect(catalogueFiles(pythonCataloguer, { 'uv.lock': '[[' })).rejects.toThrow(/not TOML/)
    const deep = `a = ${'['.repeat(5000)}${']'.repeat(5000)}`
    await expect(catalogueFiles(pythonCataloguer, { 'poetry.lock': deep })).rejects.toThrow(/not TOML/)
  })
})

test('environments of conda without its cache of packages and its own test data', async () => {
  const record = JSON.stringify({ name: 'zlib', version: '1.3', build: 'h1' })
  const conda = await catalogueFiles(condaCataloguer, {
    'opt/conda/conda-meta/zlib-1.3-h1.json': record,
    'opt/conda/pkgs/conda-23.1.0-py311_0/conda-meta/zlib-1.3-h1.json': record,
    'opt/conda/lib/python3.11/site-packages/tests/data/conda-meta/old-1-0.json': record,
    'src/conda/tests/conda-meta/zlib-1.3-h1.json': record,
  })
  expect(conda.components[0]?.locations).toEqual([{ path: 'opt/conda/conda-meta/zlib-1.3-h1.json' }])
  expect(conda.passed).toHaveLength(3)
  const python = await catalogueFiles(pythonCataloguer, {
    'opt/conda/lib/python3.11/site-packages/a-1.0.dist-info/METADATA': metadata('a', '1.0'),
    'opt/conda/pkgs/a-1.0-pyhd8ed1ab_0/site-packages/a-1.0.dist-info/METADATA': metadata('a', '1.0'),
    'opt/conda/pkgs/a-0.9-py311_1/site-packages/a-0.9.dist-info/RECORD': 'a.py,,\n',
    'srv/pkgs/my-own-thing/a-2.0.dist-info/METADATA': metadata('a', '2.0'),
  })
  expect(namesOf(python)).toEqual(['a 1.0', 'a 2.0'])
})

describe('pylock.toml', () => {
  const lock = `lock-version = '1.0'
created-by = 'uv'

[[packages]]
name = 'requests'
version = '2.31.0'
dependencies = [{ name = 'idna' }]

[[packages]]
name = 'idna'
version = '3.7'
marker = "python_version >= '3.8'"

[[packages]]
name = 'pytest'
version = '8.0.0'
marker = "'dev' in dependency_groups"

[[packages]]
name = 'alabaster'
version = '1.0.0'
marker = "('dev' in dependency_groups) and (python_version >= '3.10' or os_name == 'nt')"

[[packages]]
name = 'mine'
[packages.directory]
path = '.'

[[packages]]
name = 'from-git'
[packages.vcs]
type = 'git'
`
  test.each(['app/pylock.toml', 'pylock.dev.toml'])('%s', async (path) => {
    const catalogued = await catalogueFiles(pythonCataloguer, { [path]: lock })
    expect(namesOf(catalogued)).toEqual(['idna 3.7', 'requests 2.31.0'])
    expect(catalogued.components.find(({ name }) => name === 'requests')?.dependsOn).toEqual([
      'pkg:pypi/idna@3.7',
    ])
    expect(catalogued.notes.map(({ code }) => code)).toEqual(['development-left-out'])
  })

  test.each(['pylock.a.b.toml', 'xpylock.toml', 'site-packages/x/pylock.toml'])(
    '%s is none',
    async (path) => {
      expect((await catalogueFiles(pythonCataloguer, { [path]: lock })).passed).toEqual([path])
    },
  )
})

test('conda environments', async () => {
  const catalogued = await catalogueFiles(condaCataloguer, {
    'opt/conda/conda-meta/zlib-1.3-h1.json': JSON.stringify({
      name: 'zlib',
      version: '1.3',
      build: 'h1',
      subdir: 'linux-64',
      channel: 'http://mirror.example/conda-forge',
      license: 'Zlib',
      files: ['lib/libz.so', '../../etc/passwd', '/abs'],
    }),
    'opt/conda/conda-meta/history': 'x',
  })
  expect(catalogued.components).toEqual([
    {
      type: 'generic',
      name: 'zlib',
      version: '1.3',
      purl: 'pkg:conda/zlib@1.3?build=h1&channel=conda-forge&subdir=linux-64',
      licence: 'Zlib',
      locations: [{ path: 'opt/conda/conda-meta/zlib-1.3-h1.json' }],
      files: ['opt/conda/lib/libz.so'],
      foundBy: 'conda',
    },
  ])
})
