import { describe, expect, it } from 'vitest'
import { type SampleEntry, sampleImage } from '../../formats/layer/sample-image.ts'
import { writablePathsLabel } from '../../model/assess/run-contract.ts'
import { imageFacts } from './image-facts.ts'

const root = { uid: 0, gid: 0 } as const
const accounts: readonly SampleEntry[] = [
  { path: 'etc/passwd', type: 'file', ...root, content: 'root:x:0:0::/:\nweb:x:1000:1001::/:\n' },
  { path: 'etc/group', type: 'file', ...root, content: 'web:x:1001:\nlogs:x:1002:web\nother:x:1003:\n' },
]
const directory = (path: string, more: Partial<SampleEntry> = {}): SampleEntry => ({
  ...{ path, type: 'directory', mode: 0o755 },
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
