import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { parseRecipe } from '../read.ts'
import { importRecipe } from './import.ts'
import { importFile } from './load.ts'

const file = 'apko.yaml'
const imported = (text: string, releases?: readonly string[]) => {
  const draft = importRecipe({ text, file }, releases === undefined ? {} : { releases })
  const options = releases === undefined ? {} : { releases }
  return { ...draft, recipe: parseRecipe(draft.text, { file: 'web/recipe.yaml', ...options }) }
}

const web = `contents:
  keyring: [https://mirror.example/alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub]
  repositories:
    - https://mirror.example/alpine/v3.22/main
    - https://mirror.example/alpine/v3.22/community
    - https://packages.example/own
  packages: [nginx, busybox, apk-tools]
entrypoint:
  type: service-bundle
  services: { web: /usr/sbin/nginx -g "daemon off;" }
accounts:
  users: [{ username: web, uid: 10000 }]
  run-as: web
paths:
  - { path: /run/web, type: directory, uid: 10000, gid: 10000, permissions: 0o750 }
  - { path: /etc/web.conf, type: hardlink, source: /usr/share/web.conf, uid: 1, gid: 1, permissions: 0o644 }
vcs-url: https://code.example/web
layering: { strategy: origin, budget: 7 }
archs: [x86_64, aarch64]
`

describe('a configuration of apko', () => {
  it('is a recipe of the release that its repositories are of', () => {
    const { recipe, unmapped } = imported(web)
    expect(unmapped).toEqual([])
    expect(recipe).toMatchObject({
      distribution: 'alpine-3.22',
      entrypoint: ['/usr/sbin/nginx', '-g', 'daemon off;'],
      contents: { repositories: [{ address: 'https://packages.example/own' }], keyring: [] },
      accounts: { runAs: 'web' },
      paths: [
        { type: 'directory', path: '/run/web', mode: 0o750, uid: 10000 },
        { type: 'symlink', path: '/etc/web.conf', source: '/usr/share/web.conf' },
      ],
      annotations: { 'org.opencontainers.image.source': 'https://code.example/web' },
      output: { layers: 7 },
    })
    expect(recipe.platforms).toHaveLength(2)
  })

  it('keeps the tools that it asks for, with the reason', () => {
    expect(imported(web).recipe.hardening.allow).toMatchObject([
      { rule: 'shell', why: 'the configuration asks for busybox' },
      { rule: 'package-manager', why: 'the configuration asks for apk-tools' },
    ])
  })

  it.each([
    [
      'contents: {repositories: [https://mirror.example/alpine/edge/main]}',
      1,
      'contents.repositories[0]',
      'edge is none of those',
    ],
    [
      'contents: {repositories: [https://packages.wolfi.dev/os]}',
      1,
      'contents.repositories[0]',
      'this distribution is not among',
    ],
    [
      '\nentrypoint: {type: service-bundle, services: {a: /a, b: /b}}',
      2,
      'entrypoint',
      'one container runs one program',
    ],
    ['archs: [amd64, riscv64]', 1, 'archs[1]', 'expected linux/amd64 or linux/arm64'],
    ['contents: {packages: [a1]}\nwhatever: {deep: [1, 2]}', 2, 'whatever', 'unknown key'],
    [
      'contents:\n  packages: [a1]\n  runtime_keyring: [{name: a, content: b}]',
      3,
      'contents.runtime_keyring',
      'package manager',
    ],
    [
      'accounts:\n  users:\n    - {username: a, uid: 5}\n    - {username: b, uid: 5, shell: /bin/sh}',
      4,
      'accounts.users[1].shell',
      'no login shell',
    ],
    ['paths:\n  - {path: /a, type: mystery}\n  - {path: /b, type: directory}', 2, 'paths[0]', 'expected'],
  ])('names by line what a recipe cannot have: %s', (text, line, key, reason) => {
    const { unmapped } = imported(text, ['alpine-3.23'])
    expect(unmapped).toContainEqual({ line, key, reason: expect.stringContaining(reason) })
  })

  it('loses no certificates in silence', () => {
    const pem = '-----BEGIN CERTIFICATE-----'
    const told = (certificates: unknown) => {
      const { text, unmapped } = imported(JSON.stringify({ contents: { packages: ['a1'] }, certificates }))
      return [text.includes(pem) || text.includes('own.crt'), unmapped.map(({ key }) => key)]
    }
    expect(told(['own.crt'])).toEqual([true, []])
    expect(told({ additional: [{ name: 'a', content: pem }] })).toEqual([true, []])
    expect(told({ additional: [{ name: 'a', content: pem }], odd: 1 })).toEqual([true, ['certificates.odd']])
    expect(told({ providers: ['a'] })).toEqual([false, ['certificates.providers']])
    expect(told({ additional: [{ name: 'a', file: 'a.crt' }] })).toEqual([false, ['certificates']])
    expect(told({})).toEqual([false, []])
  })

  it('takes Wolfi where it is among the distributions', () => {
    const text = 'contents: {repositories: [https://packages.wolfi.dev/os], packages: [wolfi-base]}'
    const { recipe, unmapped } = imported(text, ['alpine-3.23', 'wolfi'])
    expect(unmapped).toEqual([])
    expect(recipe.distribution).toBe('wolfi')
  })

  it('counts what it took over and what not', () => {
    expect(imported('contents: {packages: [a1, a2]}\nwork-dir: /srv')).toMatchObject({
      mapped: 3,
      unmapped: [],
    })
    expect(imported('contents: {packages: [a1, a2]}\nwork-dir: srv')).toMatchObject({ mapped: 2 })
  })

  it('says at its head what is missing', () => {
    expect(imported('contents: {packages: [a1]}\nbuilds: []').text).toMatch(
      /^# From apko\.yaml\.\n#\n# Not taken over:\n# {3}line 2, builds: /,
    )
  })
})

describe('a definition of a Docker Hardened Image', () => {
  it('keeps what means the same, and names build steps', () => {
    const { recipe, unmapped } = imported(`name: Web server
image: registry.example/web
variant: runtime
tags: ["1.26"]
platforms: [linux/amd64]
flavor: compat
dates: { release: 2025-01-02, end-of-life: 2027-01-02 }
contents:
  packages: [nginx]
  builds: [{ name: app, pipeline: [{ runs: make }] }]
accounts: { root: true, run-as: app, users: [{ name: app, uid: 10001 }] }
`)
    expect(recipe).toMatchObject({ name: 'web', tags: ['1.26'], accounts: { runAs: 'app' } })
    expect(unmapped).toMatchObject([{ line: 10, key: 'contents.builds' }])
  })
})

describe('a user', () => {
  it.each(['root', '0', '"0"', '00'])('%s is taken over with the reason that recipes give for it', (user) => {
    const { recipe, unmapped } = imported(`contents: { packages: [nginx] }\naccounts: { run-as: ${user} }`)
    expect(unmapped).toEqual([])
    expect(recipe.accounts.runAs).toMatch(/^(?:root|0+)$/)
    expect(recipe.hardening.allow).toMatchObject([
      { rule: 'root-user', why: 'the configuration runs as root' },
    ])
  })

  it.each(['app', '10'])('%s needs none', (user) => {
    const { recipe } = imported(
      `contents: { packages: [nginx] }\naccounts: { run-as: ${user}, users: [{ name: app, uid: 10 }] }`,
    )
    expect(recipe.hardening.allow).toEqual([])
  })
})

describe('what definitions write in another way', () => {
  it('is what is asked for, though it is kept out before, and folders with a slash at their end', () => {
    const { recipe, unmapped } = imported(`
contents: { packages: ['!base-files', '!mawk', base-files, nginx=1.2] }
paths: [{ type: directory, path: /etc/app/config/, uid: 5000, gid: 5000 }]
`)
    expect(recipe.contents.packages.map(({ name, excluded }) => `${excluded ? '!' : ''}${name}`)).toEqual([
      '!mawk',
      'base-files',
      'nginx',
    ])
    expect(recipe.paths).toMatchObject([{ path: '/etc/app/config' }])
    expect(unmapped).toEqual([])
  })

  it('is versions of Alpine with an underscore, one layer as "squashed", and a working folder with a slash', () => {
    const { recipe, unmapped } = imported(`
contents: { packages: [busybox=1.37.0_git20260817-r32, 'openssh=9.9_p2-r0'] }
output: squashed
work-dir: /harbor/
`)
    expect(unmapped).toEqual([])
    expect(recipe.contents.packages).toMatchObject([
      { name: 'busybox', version: '1.37.0_git20260817-r32' },
      { name: 'openssh', version: '9.9_p2-r0' },
    ])
    expect(recipe).toMatchObject({ output: { layers: 1 }, workDir: '/harbor' })
  })

  it('is what is written twice, where both mean one: the second folder of a path decides', () => {
    const { recipe, unmapped } = imported(`
contents: { packages: [curl, curl, nginx, nginx=1.2, git=2.*, git] }
accounts:
  users: [{ name: app, uid: 5000, gid: 5000 }, { name: app, uid: 5000, gid: 5000 }]
  groups: [{ name: app, gid: 5000 }, { name: app, gid: 5000 }]
paths:
  - { type: directory, path: /srv/data, uid: 5000, gid: 5000, mode: "0700" }
  - { type: directory, path: /srv/other }
  - { type: directory, path: /srv/data, uid: 0, gid: 0, mode: "0755" }
`)
    expect(unmapped).toEqual([])
    expect(recipe.contents.packages.map(({ name, version = '' }) => `${name} ${version}`)).toEqual([
      'curl ',
      'nginx 1.2',
      'git 2.*',
    ])
    expect(recipe.accounts.users.filter(({ name }) => name === 'app')).toHaveLength(1)
    expect(recipe.accounts.groups.filter(({ name }) => name === 'app')).toHaveLength(1)
    expect(recipe.paths).toMatchObject([{ path: '/srv/data', uid: 0, mode: 0o755 }, { path: '/srv/other' }])
  })

  it('is told where what is written twice says two things, at the line of the second', () => {
    const { unmapped } = imported(`
contents: { packages: [nginx=1.2, curl] }
accounts:
  users:
    - { name: app, uid: 5000 }
    - { name: app, uid: 6000 }
`)
    expect(unmapped).toMatchObject([{ line: 6, reason: expect.stringContaining('app is there twice') }])
  })

  it('is an image to begin with: the layout that apko pulled, without the index that it needs', () => {
    const base = '{ image: ./examples/base_image, apkindex: ./examples/apkindexes }'
    const { recipe, unmapped } = imported(`contents: { packages: [curl], baseimage: ${base} }`)
    expect(unmapped).toEqual([])
    expect(recipe.base).toMatchObject({ image: 'oci:./examples/base_image' })
    const named = imported(`contents: { packages: [curl], baseimage: { image: ./a, odd: 1 } }`)
    expect(named.unmapped).toMatchObject([
      { key: 'contents.baseimage', reason: expect.stringContaining('as base') },
    ])
  })

  it('is told with what to write in its place where it is made elsewhere', () => {
    const { unmapped } = imported(`
contents:
  packages: [nginx]
  builds: [{ name: app, pipeline: [{ runs: make }] }]
  artifacts: [{ name: registry.example/static@sha256:0 }]
`)
    expect(unmapped).toMatchObject([
      { line: 4, key: 'contents.builds', reason: expect.stringContaining('as a step of the recipe') },
      { line: 5, key: 'contents.artifacts', reason: expect.stringContaining('name it as base') },
    ])
  })
})

describe('anything else', () => {
  it('gives a recipe that can be read, or one error', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(
          fc.constantFrom(
            'contents',
            'packages',
            'paths',
            'path',
            'type',
            'entrypoint',
            'services',
            'archs',
            'uid',
            'certificates',
            'additional',
          ),
          tie('any'),
          { maxKeys: 4 },
        ),
      ),
    })).any
    for (const additional of [[null], [7], [[]], null, {}])
      expect(() => imported(JSON.stringify({ certificates: { additional } }))).not.toThrow(TypeError)
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(
            'contents',
            'accounts',
            'paths',
            'entrypoint',
            'certificates',
            'archs',
            'include',
            'layering',
          ),
          value,
        ),
        (document) => {
          try {
            imported(JSON.stringify(document))
          } catch (error) {
            expect(error).toBeInstanceOf(TemperError)
            expect((error as TemperError).code).not.toBe('internal')
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('importFile', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'import-'))
    const files: Readonly<Record<string, string | Uint8Array>> = {
      'configs/base.yaml': 'contents: {packages: [a1]}\nenvironment: {A: "1"}\ncmd: /bin/base',
      'configs/top.yaml': 'include: configs/base.yaml\ncontents: {packages: [b1]}\ncmd: /bin/top\nodd: 1',
      'configs/one.yaml': 'include: configs/two.yaml',
      'configs/two.yaml': 'include: configs/one.yaml',
      'configs/lost.yaml': 'include: nowhere.yaml',
      'binary.yaml': new Uint8Array([0xff, 0xfe]),
    }
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), content)
    }
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each([[''], ['configs']])(
    'finds what is included from the working folder or above: %s',
    async (below) => {
      const name = below === '' ? 'configs/top.yaml' : 'top.yaml'
      const { text, unmapped } = await importFile(name, { workingDir: join(folder, below) })
      const recipe = parseRecipe(text, { file: 'x/recipe.yaml' })
      expect(recipe.contents.packages.map((each) => each.name)).toEqual(['a1', 'b1'])
      expect(recipe).toMatchObject({ cmd: ['/bin/top'], environment: { A: '1' } })
      expect(unmapped).toMatchObject([{ line: 4, key: 'odd' }])
    },
  )

  it.each([
    ['configs/one.yaml', 'it includes this one'],
    ['configs/lost.yaml', 'there is no such file'],
    ['binary.yaml', 'is not UTF-8'],
    ['configs', 'found a folder'],
    ['none.yaml', 'found no file'],
  ])('refuses %s', async (name, message) => {
    await expect(importFile(name, { workingDir: folder })).rejects.toThrow(message)
  })
})
