import { describe, expect, it } from 'vitest'
import { pythonOf } from './environment.ts'
import { readIndexPage } from './index-page.ts'
import { holdsMarker } from './marker.ts'
import { readPipfileLock } from './pipfile-lock.ts'
import { readRequirementsLock } from './requirements.ts'
import { bestWheel, normalisedName, parseWheelName, supportedTags } from './tags.ts'
import { readPoetryLock, readUvLock } from './toml-locks.ts'

const environment = {
  version: '3.13.5',
  minor: 13,
  libc: { name: 'glibc', major: 2, minor: 41 },
  architecture: 'amd64',
} as const
const hex = (digit: string) => digit.repeat(64)

describe('the Python of an image', () => {
  it('is told by its packages', () => {
    const debian = [
      { name: 'python3', version: '3.13.5-1' },
      { name: 'libpython3.13-stdlib', version: '3.13.5-2' },
      { name: 'python3-yaml', version: '6.0' },
      { name: 'libc6', version: '2.41-12' },
    ]
    expect(pythonOf(debian, 'amd64')).toEqual(environment)
    const alpine = [
      { name: 'python3', version: '3.12.11-r0' },
      { name: 'musl', version: '1.2.5-r10' },
    ]
    expect(pythonOf(alpine, 'arm64')).toEqual({
      version: '3.12.11',
      minor: 12,
      architecture: 'arm64',
      libc: { name: 'musl', major: 1, minor: 2 },
    })
    expect(pythonOf([{ name: 'libc6', version: '2.41' }], 'amd64')).toBeUndefined()
  })
})

describe('tags of wheels', () => {
  it('are in the order of packaging.tags', () => {
    const tags = supportedTags(environment)
    const order = [
      'cp313-cp313-manylinux_2_41_x86_64',
      'cp313-cp313-manylinux_2_17_x86_64',
      'cp313-cp313-manylinux2014_x86_64',
      'cp313-cp313-manylinux1_x86_64',
      'cp313-cp313-linux_x86_64',
      'cp313-abi3-manylinux_2_41_x86_64',
      'cp37-abi3-manylinux_2_41_x86_64',
      'py3-none-manylinux_2_41_x86_64',
      'py3-none-any',
      'py312-none-any',
    ].map((tag) => tags.indexOf(tag))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order).not.toContain(-1)
    for (const absent of [
      'cp313-cp313-manylinux_2_42_x86_64',
      'cp313-cp313t-linux_x86_64',
      'cp314-abi3-linux_x86_64',
    ])
      expect(tags).not.toContain(absent)
  })

  it('choose the best of several', () => {
    const best = (...names: string[]) =>
      bestWheel(
        names.map((name) => ({ name })),
        environment,
      )?.name
    const [old, fresh] = [
      'n-1-cp313-cp313-manylinux_2_17_x86_64.whl',
      'n-1-cp313-cp313-manylinux_2_28_x86_64.whl',
    ]
    expect(best('n-1-py3-none-any.whl', old, fresh, 'n-1-cp313-cp313-musllinux_1_2_x86_64.whl')).toBe(fresh)
    expect(best('n-1-cp39-abi3-manylinux_2_17_x86_64.whl', 'n-1-py3-none-any.whl')).toContain('abi3')
    expect(best('n-1-1-py3-none-any.whl', 'n-1-2-py3-none-any.whl')).toBe('n-1-2-py3-none-any.whl')
    expect(
      best('n-1-cp312-cp312-linux_x86_64.whl', 'n-1.tar.gz', 'x.whl', `${'a'.repeat(400)}.whl`),
    ).toBeUndefined()
  })

  it('are read from the name of the file', () => {
    expect(parseWheelName('My_Pkg-1.0_b-py2.py3-none-any.whl')).toEqual({
      name: 'my-pkg',
      version: '1.0-b',
      build: 0,
      tags: ['py2-none-any', 'py3-none-any'],
    })
    expect(normalisedName('Zope.Interface__x')).toBe('zope-interface-x')
  })
})

describe('markers', () => {
  it.each([
    ['python_version < "3.9"', false],
    ['python_version >= "3.9" and sys_platform == "linux"', true],
    ["python_full_version != '3.13.*'", false],
    ['python_version ~= "3.8"', true],
    ['python_version ~= "3.8.1"', false],
    ['platform_machine in "x86_64 aarch64" and (os_name == "nt" or implementation_name == "cpython")', true],
    ['"win" in sys_platform', false],
    ['sys_platform not in "win32"', true],
    ['extra == "socks"', true],
    ['extra == "other" or extra != "socks"', false],
    ["platform_python_implementation == 'PyPy' or python_version > '3.10'", true],
  ])('%s', (marker, expected) => {
    expect(holdsMarker(marker, environment, { extras: new Set(['socks']), where: 'x' })).toBe(expected)
  })

  it.each([
    '',
    'python_version',
    'nothing == "1"',
    'python_version < 3.9',
    '(os_name == "x"',
    'os_name == "a" "b"',
    '('.repeat(60),
    'a'.repeat(5000),
  ])('that are none are refused: %s', (marker) => {
    expect(() => holdsMarker(marker, environment, { where: 'r.txt:3' })).toThrow(
      'r.txt:3: expected an environment marker',
    )
  })
})

describe('lock files', () => {
  it('of pip have hashes, markers and an index', () => {
    const text = `# made by uv
--index-url https://index.example/simple
--only-binary :all:
Flask[async]==3.1.3 \\
    --hash=sha256:${hex('a')} \\
    --hash=sha256:${hex('b')}  # via x
old==1 ; python_version < "3.9" --hash=sha256:${hex('c')}
new===2 ; python_version >= "3.9" \\
    --hash=md5:00 --hash=sha256:${hex('d')}
`
    const { packages, indices } = readRequirementsLock(text, environment, 'r.txt')
    expect(indices).toEqual(['https://index.example/simple'])
    expect(packages).toEqual([
      {
        name: 'flask',
        version: '3.1.3',
        hashes: [`sha256:${hex('a')}`, `sha256:${hex('b')}`],
        files: [],
        where: 'r.txt:4',
      },
      { name: 'new', version: '2', hashes: [`sha256:${hex('d')}`], files: [], where: 'r.txt:8' },
    ])
  })

  it.each([
    ['flask>=3', 'r.txt:1: expected a pinned package'],
    ['\n-e .', 'r.txt:2: expected a pinned package'],
    ['flask @ https://a.example/x.whl', 'expected a pinned package'],
    ['-r other.txt', 'expected a pinned package'],
    ['flask==3', 'flask has no SHA-256'],
    ['flask==3 --hash=md5:00', 'flask has no SHA-256'],
  ])('of pip are refused for %j', (text, message) => {
    expect(() => readRequirementsLock(text, environment, 'r.txt')).toThrow(message)
  })

  it('of uv are followed from the project', () => {
    const wheel = (name: string) =>
      `[{ url = "https://files.example/a/${name}", hash = "sha256:${hex('e')}", size = 1 }]`
    const text = `version = 1
[[package]]
name = "demo"
version = "0.1"
source = { editable = "." }
dependencies = [{ name = "requests", extra = ["socks"] }, { name = "colorama", marker = "sys_platform == 'win32'" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]
[[package]]
name = "requests"
version = "2.0"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "idna" }]
wheels = ${wheel('requests-2.0-py3-none-any.whl')}
[package.optional-dependencies]
socks = [{ name = "pysocks" }]
${['idna', 'pysocks', 'pytest', 'colorama'].map((name) => `[[package]]\nname = "${name}"\nversion = "1.0"\nsource = { registry = "x" }\nwheels = ${wheel(`${name}-1.0-py3-none-any.whl`)}\n`).join('')}`
    const { packages } = readUvLock(text, environment, 'uv.lock')
    expect(packages.map(({ name }) => name)).toEqual(['idna', 'pysocks', 'requests'])
    expect(packages[2]).toMatchObject({
      files: [
        {
          name: 'requests-2.0-py3-none-any.whl',
          url: 'https://files.example/a/requests-2.0-py3-none-any.whl',
        },
      ],
    })
    const wanted = readUvLock(text, { ...environment, dev: true }, 'uv.lock').packages
    expect(wanted.map(({ name }) => name)).toEqual(['idna', 'pysocks', 'pytest', 'requests'])
    expect(() => readUvLock('version = 1', environment, 'uv.lock')).toThrow('expected the project itself')
    expect(() => readUvLock('=', environment, 'uv.lock')).toThrow('this is not TOML')
  })

  it('of Poetry have groups and markers', () => {
    const entry = (name: string, more: string) =>
      `[[package]]\nname = "${name}"\nversion = "1"\n${more}\nfiles = [{ file = "${name}-1-py3-none-any.whl", hash = "sha256:${hex('a')}" }]\n`
    const text =
      entry('Main', 'optional = false\ngroups = ["main"]') +
      entry('dev', 'optional = false\ngroups = ["dev"]') +
      entry('extra', 'optional = true') +
      entry('win', 'optional = false\nmarkers = "sys_platform == \'win32\'"') +
      entry(
        'both',
        'optional = false\ngroups = ["main", "dev"]\nmarkers = { main = "python_version >= \'3\'", dev = "python_version < \'3\'" }',
      ) +
      entry('old', 'optional = false\ngroups = ["dev"]\nmarkers = "python_version < \'3\'"') +
      entry('older', 'optional = false\ncategory = "dev"')
    const { packages } = readPoetryLock(text, environment, 'poetry.lock')
    expect(packages.map(({ name }) => name)).toEqual(['main', 'both'])
    const wanted = readPoetryLock(text, { ...environment, dev: true }, 'poetry.lock').packages
    expect(wanted.map(({ name }) => name)).toEqual(['main', 'dev', 'both', 'older'])
    expect(packages[0]).toMatchObject({
      hashes: [`sha256:${hex('a')}`],
      files: [{ name: 'Main-1-py3-none-any.whl' }],
    })
  })

  it('of Pipenv name their index', () => {
    const lock = {
      _meta: { sources: [{ name: 'own', url: 'https://index.example/simple' }] },
      default: {
        flask: { version: '==3.1', hashes: [`sha256:${hex('a')}`] },
        win: { version: '==1', markers: "sys_platform == 'win32'", hashes: [] },
      },
      develop: { pytest: { version: '==1' } },
    }
    const { packages, indices } = readPipfileLock(JSON.stringify(lock), environment, 'Pipfile.lock')
    expect(packages.map(({ name, version }) => [name, version])).toEqual([['flask', '3.1']])
    expect(indices).toEqual(['https://index.example/simple'])
    const both = readPipfileLock(JSON.stringify(lock), { ...environment, dev: true }, 'Pipfile.lock')
    expect(both.packages.map(({ name }) => name)).toEqual(['pytest', 'flask'])
    expect(() => readPipfileLock('{"default":{"x":{"path":"."}}}', environment, 'P')).toThrow(
      'P: x: expected one version',
    )
    expect(() => readPipfileLock('[]', environment, 'P')).toThrow('expected a JSON object')
    expect(() => readPipfileLock('['.repeat(101), environment, 'P')).toThrow('nested deeper')
  })
})

describe('pages of an index', () => {
  const url = 'https://index.example/simple/demo/'
  const file = {
    name: 'demo-1.whl',
    url: 'https://index.example/files/demo-1.whl',
    hash: `sha256:${hex('a')}`,
  }

  it('are JSON or HTML', () => {
    const json = {
      files: [
        { filename: 'demo-1.whl', url: '../../files/demo-1.whl', hashes: { sha256: hex('a') } },
        { url: 'x' },
        null,
      ],
    }
    const type = 'application/vnd.pypi.simple.v1+json'
    expect(readIndexPage(JSON.stringify(json), { url, type })).toEqual([file])
    const html = `<html><a data-x="1" href="../../files/demo-1.whl#sha256=${hex('a')}" rel="x">demo-1.whl</a><br/><a href="http://[">x</a></html>`
    expect(readIndexPage(html, { url, type: 'text/html; charset=utf-8' })).toEqual([file])
    expect(() => readIndexPage('{', { url, type })).toThrow('expected JSON')
    expect(() => readIndexPage('['.repeat(21), { url, type })).toThrow('nested deeper')
  })
})
