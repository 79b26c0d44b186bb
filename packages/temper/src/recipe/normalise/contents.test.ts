import { describe, expect, it } from 'vitest'
import { formatPath, type Report } from '../document/problem.ts'
import { normaliseContents } from './contents.ts'

type Input = Parameters<typeof normaliseContents>[0]

function contents(input: Input) {
  const problems: string[] = []
  const report: Report = (path, message) => problems.push(`${formatPath(path)}: ${message}`)
  return { problems, ...normaliseContents(input, { SERIES: '26' }, report) }
}

const checksum = `sha256:${'a'.repeat(64)}`
const address = 'https://packages.example/debian'

describe('contents of a recipe', () => {
  it('are nothing when it names none', () => {
    expect(contents({})).toEqual({
      problems: [],
      contents: { packages: [], repositories: [], keyring: [] },
      files: [],
    })
  })

  it('have packages, keys and files in their order', () => {
    const {
      problems,
      contents: read,
      files,
    } = contents({
      packages: ['nginx=1.*', '!dash', 'curl'],
      keyring: ['b.asc', 'https://x.example/a.asc'],
      files: [
        { path: '/z', source: 'z', permissions: '0600', uid: 1, gid: 2 },
        { path: '/a', url: 'https://x.example/a', checksum },
      ],
    })
    expect(problems).toEqual([])
    expect(read.packages.map(({ name, excluded }) => [name, excluded])).toEqual([
      ['nginx', false],
      ['dash', true],
      ['curl', false],
    ])
    expect(read.keyring).toEqual(['b.asc', 'https://x.example/a.asc'])
    expect(files).toStrictEqual([
      { path: '/z', source: 'z', mode: 0o600, uid: 1, gid: 2 },
      { path: '/a', source: 'https://x.example/a', checksum, mode: 0o644, uid: 0, gid: 0 },
    ])
  })

  it('have repositories as lines of apt and as fields', () => {
    const { problems, contents: read } = contents({
      repositories: [
        `deb [signed-by=key.asc] ${address} trixie main contrib`,
        { name: 'own', address, suite: 'trixie', key: 'key.asc' },
        { name: 'own', address, suite: 'trixie-updates' },
      ],
    })
    expect(problems).toEqual([])
    expect(read.repositories).toMatchObject([
      { name: 'packages.example-debian', suite: 'trixie', components: ['main', 'contrib'], key: 'key.asc' },
      { name: 'own', suite: 'trixie', components: ['main'] },
      { name: 'own', suite: 'trixie-updates', components: ['main'] },
    ])
  })

  it.each<[Input, string]>([
    [{ packages: ['Not one', 'nginx'] }, 'contents.packages[0]: not a package: "Not one"'],
    [{ packages: ['nginx', 'curl', 'nginx=1.*'] }, 'contents.packages[2]: nginx is there twice'],
    [{ packages: ['!nginx', '!nginx'] }, 'contents.packages[1]: nginx is there twice'],
    [{ packages: ['nginx', '!nginx'] }, 'contents.packages[1]: nginx is both asked for and kept out'],
    [{ packages: ['!nginx', 'nginx'] }, 'contents.packages[1]: nginx is both asked for and kept out'],
    [{ keyring: ['ok.asc', '../key.asc'] }, 'contents.keyring[1]: files of a recipe lie in its folder'],
    [{ repositories: ['deb'] }, 'contents.repositories[0]: expected "deb [signed-by=KEY] ADDRESS'],
    [
      { repositories: [{ name: 'a', address: 'nowhere', suite: 'x' }] },
      'contents.repositories[0]: expected an address',
    ],
    [
      { repositories: [{ name: 'a', address, suite: 'x', key: '/etc/key' }] },
      "contents.repositories[0]: expected a file in the recipe's folder",
    ],
    [
      {
        repositories: [
          { name: 'a', address, suite: 'x' },
          { name: 'a', address: `${address}2`, suite: 'x' },
        ],
      },
      'contents.repositories[1]: the repository "a" with the suite "x" is there twice',
    ],
    [{ files: [{ path: '/a' }] }, 'contents.files[0]: give either "source"'],
    [{ files: [{ path: '/a', source: '' }] }, 'contents.files[0].source: expected a file name'],
    [{ files: [{ path: '/a', url: '', checksum }] }, 'contents.files[0].url: expected an https address'],
    [
      { files: [{ path: '/a', source: 'a', url: 'https://x.example', checksum }] },
      'contents.files[0]: give either "source"',
    ],
    [
      { files: [{ path: '/a', source: 'http://x.example/a' }] },
      'contents.files[0].source: an address goes into "url"',
    ],
    [
      { files: [{ path: '/a', url: 'http://x.example/a', checksum }] },
      'contents.files[0].url: expected an https address',
    ],
    [
      { files: [{ path: '/a', url: 'https://u:p@x.example/a', checksum }] },
      'contents.files[0].url: credentials do not belong in a recipe',
    ],
    [
      { files: [{ path: '/a', url: 'https://x.example/a' }] },
      'contents.files[0]: a file from an address needs its "checksum"',
    ],
    [
      { files: [{ path: '/a', source: '../a' }] },
      'contents.files[0].source: files of a recipe lie in its folder',
    ],
    [
      {
        files: [
          { path: '/a', source: 'a' },
          { path: '/b', source: 'a' },
          { path: '/a', source: 'b' },
        ],
      },
      'contents.files[2]: a file goes to /a already',
    ],
  ])('%j: %s', (input, problem) => {
    const { problems } = contents(input)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(problem)
  })

  it('unpack archives, fill texts in, and may be for some platforms', () => {
    const { files, problems } = contents({
      files: [
        { source: 'a.tgz', path: '/a', strip: 1 },
        { source: 'b.zip', path: '/b', unpack: true, mode: '0700' },
        { source: 'c', path: '/c', template: true },
        { source: 'd', path: '/d', platforms: ['arm64'] },
        { source: 'e', path: '/d', platforms: ['x86_64'] },
      ],
    })
    expect(problems).toEqual([])
    expect(files.map(({ unpack, template, platforms }) => unpack ?? template ?? platforms)).toEqual([
      { strip: 1, modes: 'kept' },
      { strip: 0, modes: 'given' },
      { SERIES: '26' },
      ['linux/arm64'],
      ['linux/amd64'],
    ])
  })

  it.each([
    [{ source: 'a', path: '/a', unpack: true, ignore: ['b'] }, 'files[0].ignore: only for a folder'],
    [
      { url: 'https://x.example/a', checksum, path: '/a', ignore: ['b'] },
      'files[0].ignore: only for a folder',
    ],
    [{ source: 'a', path: '/a', unpack: false, strip: 1 }, 'files[0].strip: only for an archive'],
    [{ source: 'a', path: '/a', unpack: true, template: true }, 'files[0].template: an archive is not text'],
    [{ source: 'a', path: '/a', platforms: ['vax'] }, 'files[0].platforms[0]: expected linux/amd64'],
  ])('%j are refused', (file, message) => {
    expect(contents({ files: [file] }).problems.join()).toContain(message)
  })
})
