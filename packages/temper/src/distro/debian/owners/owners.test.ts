import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  cleanUp,
  makeKey,
  makeWorld,
  publishDebian,
  type SigningKey,
  startMirror,
  type TestMirror,
} from '../fixtures/mirror.ts'
import { searchContents } from './search.ts'

let key: SigningKey
beforeAll(async () => {
  key = await makeKey()
})
afterEach(cleanUp)

async function* chunks(text: string, size = text.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size), 'latin1')
}

async function search(text: string, files: readonly string[], size?: number) {
  const owners = new Map<string, { readonly package: string; readonly rank: number }>()
  await searchContents(chunks(text, size), files, owners)
  return Object.fromEntries([...owners].map(([file, owner]) => [file, owner.package]))
}

const listed = `
bin/old\t\t\tutils/older
usr/bin/tool                                    net/tool-extra,net/tool
usr/lib/x86_64-linux-gnu/apart/libz.so.1        libs/apart
usr/lib/x86_64-linux-gnu/libz.so.1              libs/zlib1g
usr/lib/x86_64-linux-gnu/apart/libonly.so       libs/only
usr/share/doc/with blanks/tool                  doc/tool-doc
usr/share/tool                                  doc/tool-doc
`

describe('a list of files', () => {
  test.each([
    ['/usr/bin/tool', 'tool'],
    ['tool', 'tool'],
    ['libz.so.1', 'zlib1g'],
    ['libonly.so', 'only'],
    ['/usr/bin/old', 'older'],
    ['old', 'older'],
    ['/bin/tool', 'tool'],
    ['/usr/share/doc/with blanks/tool', 'tool-doc'],
  ])('says who has %s', async (file, owner) => {
    for (const size of [undefined, 7]) expect(await search(listed, [file], size)).toEqual({ [file]: owner })
  })

  test.each(['/usr/local/bin/tool', 'libother.so.1', 'blanks', '', '/'])(
    'says nothing of %s',
    async (file) => {
      expect(await search(listed, [file])).toEqual({})
    },
  )

  test('with lines that are none costs nothing but their length', async () => {
    expect(await search(`${'x'.repeat(3_000_000)}\nusr/bin/a  net/a\n`, ['a'], 65_536)).toEqual({ a: 'a' })
  })
})

const packages = [{ name: 'tool' }, { name: 'zlib1g' }, { name: 'scripts', architecture: 'all' }]
const contents = { amd64: listed, all: 'usr/bin/script  utils/scripts\nusr/bin/gone  utils/gone\n' }

async function mirrorWithLists(): Promise<TestMirror> {
  const mirror = await startMirror()
  await publishDebian(mirror, { key, packages, contents })
  return mirror
}

describe('the packages of a release', () => {
  test('are asked for what they have, once', async () => {
    const mirror = await mirrorWithLists()
    const world = await makeWorld(key)
    const files = ['libz.so.1', '/usr/bin/script', 'tool', 'gone', 'libonly.so']
    const expected = new Map([
      ['libz.so.1', 'zlib1g'],
      ['tool', 'tool'],
      ['/usr/bin/script', 'scripts'],
    ])
    // "gone" and "only" are in no index that is signed.
    expect(await world.source([mirror]).owners?.(files, 'amd64')).toEqual(expected)
    const asked = mirror.requests.length
    const offline = { access: { ...world.access, offline: true } }
    expect(await world.source([mirror], offline).owners?.(files, 'amd64')).toEqual(expected)
    expect(mirror.requests).toHaveLength(asked)
  })

  test('need no list of all architectures for a library', async () => {
    const mirror = await mirrorWithLists()
    const world = await makeWorld(key)
    await world.source([mirror]).owners?.(['libmissing.so.1'], 'amd64')
    expect(await readdir(join(world.access.cacheDir, 'owners-1'))).toHaveLength(1)
  })

  test('are known by a list that is late, which names only what is signed', async () => {
    const mirror = await mirrorWithLists()
    const world = await makeWorld(key)
    const late = gzipSync('usr/bin/tool  net/tool\nusr/bin/script  net/evil\n')
    for (const path of mirror.files.keys()) {
      if (path.endsWith('/main/Contents-amd64.gz')) mirror.files.set(path, late)
      if (path.includes('/main/by-hash/')) mirror.files.delete(path)
    }
    const owners = await world.source([mirror]).owners?.(['tool', '/usr/bin/script'], 'amd64')
    expect(owners?.get('tool')).toBe('tool')
    expect([...(owners?.values() ?? [])]).not.toContain('evil')
  })

  test('without lists know nothing, and say so without an error', async () => {
    const mirror = await startMirror()
    await publishDebian(mirror, { key, packages })
    const world = await makeWorld(key)
    expect(await world.source([mirror]).owners?.(['tool'], 'amd64')).toEqual(new Map())
  })
})
