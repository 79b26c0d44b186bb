import { describe, expect, it } from 'vitest'
import { type SampleEntry, sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { writablePathsLabel } from '../../model/assess/run-contract.ts'
import { imageFacts } from './image-facts.ts'

const root = { uid: 0, gid: 0 } as const
const accounts: readonly SampleEntry[] = [
  { path: 'etc/passwd', type: 'file', ...root, content: 'root:x:0:0::/:\nweb:x:1000:1001::/:\n' },
  { path: 'etc/group', type: 'file', ...root, content: 'web:x:1001:\nlogs:x:1002:web\nother:x:1003:\n' },
]
const directory = (path: string, more: Partial<SampleEntry> = {}): SampleEntry => ({
  path,
  type: 'directory',
  mode: 0o755,
  ...root,
  ...more,
})
const read = (config: Parameters<typeof sampleImage>[1], ...layers: readonly (readonly SampleEntry[])[]) =>
  imageFacts(sampleImage([accounts, ...layers], config), { signal: new AbortController().signal })

describe('the user of an image', () => {
  it.each([
    ['', { uid: 0, gid: 0 }],
    ['web', { uid: 1000, gid: 1001 }],
    ['1000', { uid: 1000, gid: 1001 }],
    ['4242', { uid: 4242, gid: 0 }],
    ['1000650000', { uid: 1_000_650_000, gid: 0 }],
    ['web:', { uid: 1000, gid: 1001 }],
    ['web:other', { uid: 1000, gid: 1003 }],
    ['web:7', { uid: 1000, gid: 7 }],
    ['stranger', undefined],
    ['web:strangers', undefined],
  ])('%j is resolved as a runtime does it', async (User, user) => {
    expect((await read({ User })).user).toEqual(user)
  })
})

it('the layers prove where the user may write: by owner, by groups, or everyone; and what is there', async () => {
  const below = [
    directory('own', { uid: 1000 }),
    directory('read-only', { uid: 1000, mode: 0o555 }),
    directory('logs', { gid: 1002, mode: 0o775 }),
    directory('others', { gid: 1003, mode: 0o775 }),
    directory('tmp', { mode: 0o1777 }),
    directory('dev/shm', { mode: 0o1777 }),
    { path: 'own/file', type: 'file', ...root } as const,
    { path: 'su', type: 'file', mode: 0o4755, ...root } as const,
  ]
  const above: readonly SampleEntry[] = [{ path: 'own/.wh.file', type: 'file', ...root }]
  const labels = { Labels: { [writablePathsLabel]: '/others /gone' } }
  const facts = await read({ User: 'web', ...labels }, below, above)
  expect(facts.writable.map(({ path, holds }) => [path, holds])).toEqual([
    ['/logs', 0],
    ['/own', 0],
    ['/tmp', 0],
  ])
  expect([...facts.folders.keys()].sort()).toEqual(['/logs', '/others', '/own', '/tmp'])
  expect(facts.privileged).toEqual(['/su'])
  // Another primary group takes the others away.
  const narrow = await read({ User: 'web:web' }, below)
  expect(narrow.writable.map(({ path, holds }) => [path, holds])).toEqual([
    ['/own', 1],
    ['/tmp', 0],
  ])
  expect((await read({ User: 'root' }, below)).writable).toEqual([])
})

it('a group that is left empty leaves the user in its other groups', async () => {
  const below = [directory('logs', { gid: 1002, mode: 0o775 })]
  const paths = async (User: string) => (await read({ User }, below)).writable.map(({ path }) => path)
  expect(await paths('web:')).toEqual(['/logs'])
  expect(await paths('web')).toEqual(['/logs'])
  expect(await paths('web:web')).toEqual([])
})

describe('folders that a user may write to', () => {
  it.each([
    ['its own', { uid: 1000, mode: 0o700 }, true],
    ['its own, that it may only read', { uid: 1000, mode: 0o577 }, false],
    ['its own, that it may not enter', { uid: 1000, mode: 0o600 }, false],
    ['of its group', { gid: 1001, mode: 0o730 }, true],
    ['of its group, that the group may only enter', { gid: 1001, mode: 0o717 }, false],
    ['of another group', { gid: 1003, mode: 0o770 }, false],
    ['of everyone', { mode: 0o773 }, true],
    ['of everyone, that nobody else may enter', { mode: 0o772 }, false],
  ])('are those %s (%j): %s', async (_, more, may) => {
    const { writable } = await read({ User: 'web' }, [directory('x', more)])
    expect(writable.map(({ path }) => path)).toEqual(may ? ['/x'] : [])
  })

  it('are not those that the kernel fills', async () => {
    const kernel = ['dev', 'dev/shm', 'proc', 'proc/self', 'sys', 'sys/fs'].map((path) =>
      directory(path, { mode: 0o777 }),
    )
    const { writable } = await read({ User: 'web' }, [...kernel, directory('system', { mode: 0o777 })])
    expect(writable.map(({ path }) => path)).toEqual(['/system'])
  })
})

it('files that raise privileges are those with a bit or a capability, and no folders', async () => {
  const file = (path: string, more: Partial<SampleEntry>): SampleEntry => ({
    path,
    type: 'file',
    ...root,
    ...more,
  })
  const { privileged } = await read({}, [
    file('a', { mode: 0o4755 }),
    file('b', { mode: 0o2755 }),
    file('c', { mode: 0o1755 }),
    file('d', { mode: 0o755, xattrs: { 'security.capability': 'AQAAAg==' } }),
    directory('e', { mode: 0o2775 }),
  ])
  expect(privileged).toEqual(['/a', '/b', '/d'])
})
