import { describe, expect, it } from 'vitest'
import type { ImageConfig } from '../../model/image.ts'
import type { SystemPackage } from '../../model/package/installed.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import { MemoryTree } from '../../model/tree/memory-tree.ts'
import { folderAbove } from '../../tree/reading.ts'
import { ownersIn } from './owners.ts'
import { putText, textOf } from './put-file.ts'
import type { Started } from './runtime.ts'
import { type HardenUserRequest, setUser } from './user.ts'

const rootLine = 'root:x:0:0:root:/root:/bin/sh\n'
const node = (path: string, more: Partial<TreeNode> = {}): TreeNode =>
  ({ path, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 1, ...more }) as TreeNode

function treeOf(texts: Record<string, string>, nodes: readonly TreeNode[] = []) {
  const root = new MemoryTree<TreeNode>({ folder: folderAbove })
  for (const [path, text] of Object.entries(texts)) putText(root, { path, mode: 0o644, mtime: 1 }, text)
  for (const each of nodes) root.put(each)
  return root
}

interface Case {
  readonly passwd?: string
  readonly group?: string
  readonly shadow?: string
  readonly nodes?: readonly TreeNode[]
  readonly settings?: NonNullable<ImageConfig['config']>
  readonly request?: Partial<HardenUserRequest['request']>
  readonly started?: TreeNode
  readonly packages?: readonly SystemPackage[]
}

function decided({ settings = {}, request = {}, started, packages = [], ...image }: Case) {
  const { passwd = rootLine, group = 'root:x:0:\n', shadow = '', nodes = [] } = image
  const texts = {
    ...(passwd === '' ? {} : { 'etc/passwd': passwd }),
    'etc/group': group,
    ...(shadow === '' ? {} : { 'etc/shadow': shadow }),
  }
  const root = treeOf(texts, [...nodes, ...(started === undefined ? [] : [started])])
  const files = new Map(
    started === undefined ? [] : [[started.path, { node: started, by: 'the entrypoint', names: [] }]],
  )
  const user = setUser(root, {
    request: { allow: [], writable: [], ...request } as HardenUserRequest['request'],
    config: { architecture: 'amd64', os: 'linux', config: settings } as unknown as ImageConfig,
    started: { files, texts: [], reach: {} } as unknown as Started,
    owners: ownersIn(root, packages),
    packages,
    mtime: 7,
  })
  return { root, user, why: user.left[0]?.why }
}

const program = node('usr/bin/app', { type: 'file' })
const service = { package: { source: { name: 'app' } }, files: ['usr/bin/app', 'etc/init.d/app'] }

describe('the user of an image that was root’s', () => {
  it.each<[string, Case, RegExp]>([
    ['listens', { settings: { ExposedPorts: { '80/tcp': {} } } }, /listens on 80\/tcp/],
    ['keeps data', { settings: { Volumes: { '/data': {} } } }, /keeps data in \/data/],
    ['is asked how it is', { settings: { Healthcheck: { Test: ['CMD', 'x'] } } }, /health check/],
    [
      'starts a script',
      { started: node('start', { type: 'file', shebang: ['/bin/sh'] }) },
      /script \/start,/,
    ],
    ['starts what root alone may', { started: { ...program, mode: 0o750 } }, /only its owner may start/],
    ['starts what others may not read', { started: { ...program, mode: 0o751 } }, /only its owner may/],
    ['starts a service', { started: program, packages: [service as never] }, /belongs to a service/],
    [
      'has accounts elsewhere',
      { passwd: '', nodes: [node('etc/passwd', { type: 'symlink', target: '/run/passwd' })] },
      /is a link/,
    ],
    ['calls root nonroot', { passwd: `${rootLine}nonroot:x:0:0::/:/x\n` }, /nonroot is root's/],
    ['has an account of the number', { passwd: `${rootLine}app:x:65532:5::/:/x\n` }, /the number 65532/],
    ['has a group of the number', { group: 'root:x:0:\napp:x:065532:\n' }, /the number 65532/],
    ['has a group of the name', { group: 'root:x:0:\nnonroot:x:9:\n' }, /the name nonroot/],
  ])('stays where the image %s, and nobody names another', (_, image, why) => {
    const { root, user, why: told } = decided({ started: program, ...image })
    expect(told).toMatch(why)
    expect(user).toMatchObject({ text: '', uid: 0, left: [{ what: 'root-user' }] })
    expect(textOf(root, 'etc/passwd')).not.toContain('/home/nonroot')
  })

  it.each<[string, Case]>([
    ['only updates are asked for', { request: { only: 'updates' } }],
    ['it may be root', { request: { allow: [{ rule: 'root-user', why: 'it mounts' } as never] } }],
  ])('stays without a word where %s', (_, image) => {
    expect(decided({ started: program, ...image }).user).toMatchObject({ text: '', uid: 0, left: [] })
  })

  it('is an account of its own where nothing speaks against it, added behind those that are there', () => {
    const passwd = 'root:x:0:0:root:/root:/bin/sh\nweb:x:33:33::/var/www:/x'
    const { root, user } = decided({ started: program, passwd, shadow: 'root:*:1::::::\n\n\n' })
    expect(user).toMatchObject({ text: '65532', uid: 65_532, gid: 65_532, left: [] })
    expect(textOf(root, 'etc/passwd')).toBe(
      `${passwd}\nnonroot:x:65532:65532:nonroot:/home/nonroot:/usr/sbin/nologin\n`,
    )
    expect(textOf(root, 'etc/group')).toBe('root:x:0:\nnonroot:x:65532:\n')
    expect(textOf(root, 'etc/shadow')).toBe('root:*:1::::::\nnonroot:*:::::::\n')
    expect(root.get('home/nonroot')).toMatchObject({ type: 'directory', uid: 65_532, gid: 65_532, mtime: 7 })
    const { root: bare } = decided({ started: program, passwd: '' })
    expect(textOf(bare, 'etc/passwd')).toMatch(/^nonroot:/)
    expect(bare.get('etc/shadow')).toBeUndefined()
  })

  it('is the account nonroot that the image has, as it is there', () => {
    const passwd = `${rootLine}nonroot:x:1001:1002::/home/nonroot:/x\n`
    const { root, user } = decided({ started: program, passwd })
    expect(user).toMatchObject({ text: '1001', uid: 1001, gid: 1002, declared: ['/home/nonroot'] })
    expect(textOf(root, 'etc/passwd')).toBe(passwd)
  })
})

describe('a user that somebody names', () => {
  const passwd = `${rootLine}web:x:33:44::/var/www:/x\nme:x:1000:1000::/home/me:/x\nweb:x:0:0::/:/x\n`
  const group = 'root:x:0:\ndata:x:50:\n'
  it.each<[string, string, { uid: number; gid: number; declared?: readonly string[] }]>([
    ['web', '33', { uid: 33, gid: 44, declared: [] }],
    ['me', '1000', { uid: 1000, gid: 1000, declared: ['/home/me'] }],
    ['web:data', '33:50', { uid: 33, gid: 50 }],
    ['web:7', '33:7', { uid: 33, gid: 7 }],
    ['web:', '33:44', { uid: 33, gid: 44 }],
    ['33', '33', { uid: 33, gid: 44 }],
    ['4000', '4000:0', { uid: 4000, gid: 0 }],
    ['4000:data', '4000:50', { uid: 4000, gid: 50 }],
    ['root', '0', { uid: 0, gid: 0 }],
  ])('%s is written as %s', (user, text, numbers) => {
    const { user: account } = decided({ passwd, group, request: { user } })
    expect(account).toMatchObject({ text, ...numbers, left: [] })
  })

  it.each(['nobody', 'web:nothing', ':50', 'WEB', '4294967295', 'w', '-1'])(
    '%j is refused where the image has none',
    (user) => {
      expect(() => decided({ passwd, group, request: { user } })).toThrow(
        expect.objectContaining({ code: 'bad-usage' }),
      )
    },
  )

  it.each([
    { passwd: `${rootLine}app:x:65532:5::/:/x\n` },
    { group: 'app:x:65532:\n' },
    { group: 'nonroot:x:7:\n' },
  ])('nonroot is refused where something is in the way: %j', (image) => {
    expect(() => decided({ ...image, request: { user: 'nonroot' } })).toThrow(
      /number 65532 or the name nonroot/,
    )
  })

  it('owns volumes and what it writes to with all below, missing folders, and what links lead to', () => {
    const log = node('var/log/app.log', { type: 'symlink', target: '/dev/stdout' })
    const { root, user } = decided({
      passwd,
      nodes: [
        ...[node('data/a/b', { type: 'file' }), node('data/out', { type: 'symlink', target: '/etc' })],
        ...[node('etc/x', { type: 'file' }), log, node('run'), node('data-2')],
        node('var/run', { type: 'symlink', target: '/run' }),
      ],
      settings: { Volumes: { '/data/': {}, '/': {} } },
      request: { user: 'me', writable: ['/var/run', '/new/below', '/var/log/app.log'] },
    })
    const mine = [...root.nodes()].filter(({ uid, gid }) => uid === 1000 && gid === 1000)
    expect(mine.map(({ path }) => path)).toEqual(['data', 'data/a', 'data/a/b', 'new/below', 'run'])
    expect(root.get('new')).toMatchObject({ uid: 0, mode: 0o755 })
    expect(root.get('var/log/app.log')).toEqual(log)
    expect(user.declared).toEqual(expect.arrayContaining(['/data/', '/run', '/new/below', '/home/me']))
  })
})

describe('an image with a user of its own', () => {
  it('keeps it, and what it has', () => {
    const passwd = `${rootLine}web:x:33:44::/var/www:/x\n`
    const { root, user } = decided({
      passwd,
      nodes: [node('var/www', { uid: 33 }), node('data')],
      started: program,
      settings: { User: 'web', Volumes: { '/data': {} } },
      request: { writable: ['/cache'] },
    })
    expect(user).toMatchObject({ text: 'web', uid: 33, gid: 44, left: [] })
    expect(user.declared).toEqual(expect.arrayContaining(['/data', '/cache', '/var/www']))
    expect(root.get('cache')).toMatchObject({ uid: 33, gid: 44 })
    expect(root.get('data')).toMatchObject({ uid: 0, gid: 0 })
    expect(textOf(root, 'etc/passwd')).toBe(passwd)
  })

  it('keeps it also where nobody there has that name', () => {
    expect(decided({ settings: { User: 'ghost' } }).user).toMatchObject({ text: 'ghost', left: [] })
  })
})
