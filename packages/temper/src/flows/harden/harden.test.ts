import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildElf } from '../../formats/elf/fixtures/fixture-elf.ts'
import type { SampleEntry } from '../../formats/layer/fixtures/sample-image.ts'
import type { ImageConfig } from '../../model/image.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { readImageTree } from '../../tree/image.ts'
import { writeLayout } from '../assess/fixtures/sample-layout.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { file, link, program, sampleRoot, usualPackages } from './fixtures/sample-image.ts'
import { harden } from './harden.ts'
import type { HardenRequest } from './request.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-harden-'))
})
afterEach(() => rmSync(home, { recursive: true }))

type Settings = NonNullable<ImageConfig['config']>

async function hardened(
  layers: readonly (readonly SampleEntry[])[],
  settings: Settings,
  request: Partial<HardenRequest> = {},
) {
  await writeLayout(join(home, 'in'), layers, settings)
  const result = await harden(
    {
      image: { kind: 'oci', path: join(home, 'in') },
      layout: { path: join(home, 'out') },
      allow: [],
      writable: [],
      only: 'rules',
      ...request,
    },
    sampleContext(home),
  )
  const store = openLayout(join(home, 'out'))
  const image = await readImage(store, await store.resolve('latest'), {})
  const tree = await readImageTree(image, {
    keep: (path) => path.startsWith('etc/') || path.startsWith('var/lib/dpkg/'),
  })
  const text = (path: string) => Buffer.from(tree.get(path)?.content ?? '').toString('utf8')
  return { result, image, tree, text }
}

const runsTool: Settings = { Entrypoint: ['/usr/bin/tool'], Env: ['PATH=/usr/bin'] }

describe('an image whose program needs no more than itself', () => {
  it('loses shell and package manager with all that only they made sense of', async () => {
    const { result, image, tree, text } = await hardened([sampleRoot(usualPackages)], runsTool)
    expect(result.left).toEqual([])
    expect(result.removed).toEqual([
      { path: '/bin/sh', rule: 'shell' },
      { path: '/etc/dpkg', rule: 'package-manager' },
      { path: '/usr/bin/alias', rule: 'dangling-symlink' },
      { path: '/usr/bin/dash', rule: 'shell' },
      { path: '/usr/bin/dpkg', rule: 'package-manager' },
      { path: '/usr/bin/wrapper', rule: 'missing-interpreter' },
      { path: '/usr/share/doc/dash', rule: 'shell' },
      { path: '/usr/share/doc/dpkg', rule: 'package-manager' },
      { path: '/usr/share/doc/tools/README', rule: 'documentation' },
    ])
    expect(tree.get('usr/bin/su')?.mode).toBe(0o755)
    expect(text('etc/passwd')).toBe(
      'root:x:0:0:root:/root:/usr/sbin/nologin\ngames:x:5:60::/usr/games:/usr/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/usr/sbin/nologin\n',
    )
    expect(text('etc/shadow')).toContain('games:*:19000:0:99999:7:::\n')
    expect(tree.get('etc/shadow')?.mode).toBe(0o640)
    expect(tree.get('home/nonroot')).toMatchObject({ uid: 65_532, gid: 65_532 })
    expect(image.config.config).toMatchObject({ ...runsTool, User: '65532' })
    expect(image.manifest.annotations?.['org.opencontainers.image.base.digest']).toBe(result.from)
    expect(image.layers).toHaveLength(2)
  })

  it('has a folder for everybody to write to, though a tool lost its sticky bit, and no other', async () => {
    const folder = (path: string, mode: number) =>
      ({ path, type: 'directory', mode, uid: 0, gid: 0 }) as const
    const { tree } = await hardened(
      [sampleRoot(usualPackages), [folder('tmp', 0o777), folder('srv', 0o777), folder('var/tmp', 0o755)]],
      runsTool,
    )
    expect(['tmp', 'srv', 'var/tmp'].map((path) => tree.get(path)?.mode)).toEqual([0o1777, 0o775, 0o755])
  })

  it('keeps a database for scanners that tells of nothing that is gone', async () => {
    const { tree, text } = await hardened([sampleRoot(usualPackages)], runsTool)
    expect(tree.list('var/lib/dpkg')).toEqual(['status.d'])
    expect(tree.list('var/lib/dpkg/status.d')).toEqual(['libc6', 'libc6.md5sums', 'tools', 'tools.md5sums'])
    expect(text('var/lib/dpkg/status.d/tools.md5sums')).not.toContain('wrapper')
    expect(text('var/lib/dpkg/status.d/tools.md5sums')).toContain('usr/bin/tool')
  })

  it('is the same image each time, and its own hardening changes nothing', async () => {
    const { result } = await hardened([sampleRoot(usualPackages)], runsTool)
    const again = await hardened([sampleRoot(usualPackages)], runsTool)
    expect(again.result.digest).toBe(result.digest)
    const second = await harden(
      {
        image: { kind: 'oci', path: join(home, 'out') },
        layout: { path: join(home, 'twice') },
        allow: [],
        writable: [],
        only: 'rules',
      },
      sampleContext(home),
    )
    expect(second).toMatchObject({ removed: [], left: [] })
    expect(second.size.after).toBe(second.size.before)
  })
})

describe('what may be needed is left, with the reason', () => {
  const shell = ['shell: /bin/sh', 'shell: /usr/bin/dash']
  const whats = (left: readonly { readonly what: string }[]) => left.map(({ what }) => what)

  it('a shell that the program may ask the C library for, or start by its path', async () => {
    for (const [needed, text] of [
      // The names of libraries lie in the same table as those of functions.
      [['system'], ''],
      [[], 'a\0/bin/sh\0'],
    ] as const) {
      const library = file('lib64/system', buildElf({ type: 3, soname: 'system' }))
      const server = { name: 'server', files: [program('usr/bin/server', needed, text), library] }
      const { result } = await hardened([sampleRoot([...usualPackages, server])], {
        Entrypoint: ['/usr/bin/server'],
      })
      expect(whats(result.left)).toEqual(shell)
      expect(result.left[0]?.why).toContain('/usr/bin/server may start it')
    }
  })

  it('the interpreter of a script that somebody added, and the tools that it names', async () => {
    const start = file('app/start', '#!/bin/sh\ndpkg --version\nexec /usr/bin/tool\n', 0o755)
    const { result } = await hardened([sampleRoot(usualPackages), [start]], { Cmd: ['/app/start'] })
    expect(result.left).toEqual([
      { what: 'root-user', why: expect.stringContaining('/app/start') },
      ...shell.map((what) => ({ what, why: expect.stringContaining('/app/start is a script for it') })),
      { what: 'package-manager: /usr/bin/dpkg', why: 'a package manager; /app/start names it' },
    ])
  })

  it.each([
    ['that may ask for it', [program('opt/server/bin/server', ['system'])]],
    [
      'that is a link to one',
      [program('opt/server/real', ['system']), link('usr/bin/server', '/opt/server/real')],
    ],
    ['that is a script for it', [file('usr/bin/server', '#!/bin/sh\n', 0o755)]],
    [
      'that starts another, which is',
      [file('usr/bin/server', '#!/bin/bash\nexec worker\n', 0o755), file('opt/worker', '#!/bin/sh\n', 0o755)],
    ],
  ])('a shell beside that of a script, which starts a program %s', async (_, files) => {
    const bash = { name: 'bash', files: [program('bin/bash')] }
    const library = file('lib64/system', buildElf({ type: 3, soname: 'system' }))
    const server = { name: 'server', files: [...files, library] }
    const start = file('app/start', '#!/bin/bash\nPATH=/opt/server/bin\nexec server\n', 0o755)
    const root = sampleRoot([...usualPackages, bash, server])
    const { result, tree } = await hardened([root, [start]], { Cmd: ['/app/start'] })
    expect(whats(result.left)).toEqual(['root-user', 'shell: /bin/bash', ...shell])
    expect(tree.get(files[0]?.path ?? '')).toBeDefined()
    // One that the script does not name is no reason.
    const other = file('app/start', '#!/bin/bash\nexec tool\n', 0o755)
    const { result: without } = await hardened([root, [other]], { Cmd: ['/app/start'] })
    expect(whats(without.left)).toEqual(['root-user', 'shell: /bin/bash'])
  })

  it('a shell that the health check runs in', async () => {
    const { result } = await hardened([sampleRoot(usualPackages)], {
      ...runsTool,
      Healthcheck: { Test: ['CMD-SHELL', 'tool --check'] },
    })
    expect(whats(result.left)).toEqual(['root-user', ...shell])
  })

  it('everything of a distribution that nobody knows', async () => {
    const { result, tree } = await hardened([sampleRoot(usualPackages, 'ID=plan9\nVERSION_ID=4\n')], runsTool)
    expect(result.removed).toEqual([])
    expect(result.left[0]).toEqual({
      what: 'plan9 4',
      why: 'it is a distribution that is not known here: nothing is removed',
    })
    expect(tree.get('bin/sh')).toBeDefined()
  })

  it('nothing that is allowed, of which nothing is told', async () => {
    const { result, tree } = await hardened([sampleRoot(usualPackages)], runsTool, {
      allow: [
        { rule: 'shell', why: 'asked for' },
        { rule: 'package-manager', path: '/usr/bin/*', why: 'asked for' },
      ],
    })
    expect(result.left).toEqual([])
    expect(tree.get('usr/bin/wrapper')).toBeDefined()
    expect(tree.get('var/lib/dpkg/status')).toBeDefined()
    expect(tree.get('usr/bin/dpkg')).toBeDefined()
  })
})

describe('an image of a server', () => {
  const settings: Settings = { ...runsTool, ExposedPorts: { '80/tcp': {} }, Volumes: { '/data': {} } }

  it('keeps its user until somebody names one, who then owns what is written', async () => {
    const root = [
      ...sampleRoot(usualPackages),
      { path: 'data', type: 'directory' } as const,
      file('data/seed'),
    ]
    expect((await hardened([root], settings)).result.left.map(({ what }) => what)).toEqual(['root-user'])
    const { result, tree, image } = await hardened([root], settings, {
      user: 'nonroot',
      writable: ['/var/cache/tool'],
    })
    expect(result.left).toEqual([])
    expect(image.config.config?.User).toBe('65532')
    for (const path of ['data', 'data/seed', 'var/cache/tool'])
      expect(tree.get(path)).toMatchObject({ uid: 65_532, gid: 65_532 })
  })

  it('is one too when its package has a service, whatever the image says', async () => {
    const service = file('usr/lib/systemd/system/tool.service')
    const packages = [...usualPackages, { name: 'tools-common', fields: 'Source: tools\n', files: [service] }]
    const { result } = await hardened([sampleRoot(packages)], runsTool)
    expect(result.left).toEqual([
      { what: 'root-user', why: expect.stringContaining('/usr/bin/tool belongs to a service') },
    ])
  })

  it('is told that it does not know a user', async () => {
    await expect(hardened([sampleRoot(usualPackages)], settings, { user: 'nobody-knows' })).rejects.toThrow(
      'no user or group "nobody-knows"',
    )
  })
})

describe('images that are made to deceive', () => {
  it('cannot have files outside changed, nor hide what is taken out', async () => {
    const { tree } = await hardened(
      [
        sampleRoot(usualPackages),
        [link('usr/share/man', '../../../../etc'), file('usr/share/man/passwd', 'root::0:0::/:/bin/sh\n')],
      ],
      runsTool,
    )
    expect(tree.get('usr/bin/dash')).toBeUndefined()
  })

  it('with lists of packages that claim what is not theirs keep it', async () => {
    const root = sampleRoot([
      ...usualPackages,
      { name: 'liar', files: [program('usr/bin/other')], fields: 'Depends: ((((\n' },
    ])
    const { result } = await hardened([root], runsTool)
    expect(result.left).toEqual([{ what: 'package database', why: expect.stringContaining('liar') }])
  })
})
