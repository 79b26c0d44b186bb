import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  cleanUp,
  failure,
  goodMirror,
  makeKey,
  makeWorld,
  packages,
  publishDebian,
  type SigningKey,
  startMirror,
} from '../fixtures/mirror.ts'

let key: SigningKey
let otherKey: SigningKey
beforeAll(async () => {
  key = await makeKey()
  otherKey = await makeKey()
})
afterEach(cleanUp)

describe('a mirror is refused', () => {
  type Case = readonly [title: string, code: string, change: Parameters<typeof publishDebian>[1]]
  const cases: readonly Case[] = [
    ['that is expired', 'release-expired', { fields: { 'Valid-Until': 'Mon, 01 Jun 2026 11:59:59 UTC' } }],
    ['that is not yet valid', 'release-expired', { fields: { Date: 'Mon, 01 Jun 2026 12:01:00 UTC' } }],
    ['that has another suite', 'bad-index', { fields: { Codename: 'sid', Suite: 'unstable' } }],
    ['whose suite has no name', 'bad-index', { fields: { Codename: undefined, Suite: undefined } }],
    ['that has no date', 'bad-index', { fields: { Date: undefined } }],
    ['whose date is none', 'bad-index', { fields: { Date: 'yesterday' } }],
    [
      'whose signature is from the future',
      'signature-invalid',
      { signedAt: new Date('2026-06-02T00:00:00Z') },
    ],
  ]
  test.each(cases)('%s', async (_title, code, change) => {
    const mirror = await startMirror()
    await publishDebian(mirror, { key, packages, ...change })
    const error = await failure((await makeWorld(key)).source([mirror]).index('amd64'))
    expect(error.code).toBe(code)
    expect(error.message).toContain(mirror.address)
    expect(error.hint).toBeTruthy()
  })

  test('that is not signed', async () => {
    const mirror = await startMirror()
    await publishDebian(mirror, { packages })
    const error = await failure((await makeWorld(key)).source([mirror]).index('amd64'))
    expect(error.code).toBe('signature-invalid')
    expect(error.message).toContain('does not start with a signed message')
  })

  test('that is signed by an unknown key', async () => {
    const mirror = await startMirror()
    await publishDebian(mirror, { key: otherKey, packages })
    const error = await failure((await makeWorld(key)).source([mirror]).index('amd64'))
    expect(error.code).toBe('signature-invalid')
    expect(error.message).toContain('is not trusted')
  })

  test('whose key has expired since it signed', async () => {
    const old = await makeKey({ created: new Date('2026-01-01T00:00:00Z'), lifetime: 100 * 24 * 3600 })
    const mirror = await startMirror()
    const signedAt = new Date('2026-03-01T00:00:00Z')
    await publishDebian(mirror, { key: old, packages, signedAt })
    const world = await makeWorld(old)
    const error = await failure(world.source([mirror]).index('amd64'))
    expect(error.code).toBe('signature-invalid')
    expect(error.message).toContain('expired')
    const then = world.source([mirror], { now: new Date('2026-03-01T12:00:00Z') })
    expect((await failure(then.index('amd64'))).code).toBe('release-expired')
  })

  test('that changed one byte of the signed text', async () => {
    const mirror = await goodMirror(key)
    const path = 'dists/trixie/InRelease'
    const text = String(mirror.files.get(path)).replace('Valid-Until: Mon, 08', 'Valid-Until: Mon, 09')
    mirror.files.set(path, Buffer.from(text))
    expect((await failure((await makeWorld(key)).source([mirror]).index('amd64'))).code).toBe(
      'signature-invalid',
    )
  })

  test('that adds text around the signed message', async () => {
    for (const change of [
      (text: string) => `Origin: evil\n\n${text}`,
      (text: string) => `${text}\nOrigin: evil\n`,
    ]) {
      const mirror = await goodMirror(key)
      const path = 'dists/trixie/InRelease'
      mirror.files.set(path, Buffer.from(change(String(mirror.files.get(path)))))
      const error = await failure((await makeWorld(key)).source([mirror]).index('amd64'))
      expect(error.code).toBe('signature-invalid')
    }
  })

  test('that goes back in time', async () => {
    const world = await makeWorld(key)
    await world.source([await goodMirror(key)]).index('amd64')
    const older = await startMirror()
    await publishDebian(older, { key, packages, fields: { Date: 'Sun, 31 May 2026 06:00:00 UTC' } })
    const error = await failure(world.source([older]).index('amd64'))
    expect(error.code).toBe('release-rollback')
    expect(error.message).toContain('2026-06-01')
  })

  test('is told when the note of what was seen is damaged, and the note is made anew', async () => {
    const world = await makeWorld(key)
    await world.source([await goodMirror(key)]).index('amd64')
    const folder = join(world.access.cacheDir, 'seen')
    const files = await readdir(folder, { recursive: true, withFileTypes: true })
    const [state] = files.filter((entry) => entry.isFile())
    const path = join(state?.parentPath ?? '', state?.name ?? '')
    const sound = await readFile(path)
    await writeFile(
      path,
      sound.map((byte, at) => (at === 100 ? byte ^ 1 : byte)),
    )
    await world.source([await goodMirror(key)]).index('amd64')
    expect(world.warnings).toEqual([expect.stringContaining(`${path} is damaged`)])
    expect(await readFile(path, 'utf8')).toContain('2026-06-01')
  })

  test.each([
    [
      'redirects without end',
      (_: string, response: import('node:http').ServerResponse) => {
        response.writeHead(302, { location: '/again' }).end()
      },
    ],
    [
      'stalls',
      (_: string, response: import('node:http').ServerResponse) => {
        response.writeHead(200, { 'content-length': '5000' })
        response.write('-----BEGIN PGP')
      },
    ],
    [
      'sends without end',
      (_: string, response: import('node:http').ServerResponse) => {
        const block = Buffer.alloc(1 << 20, 'x')
        const more = () => {
          while (response.writable && response.write(block)) {}
          if (response.writable) response.once('drain', more)
        }
        more()
      },
    ],
  ])(
    'that %s, and the next one is asked',
    async (_title, act) => {
      const bad = await startMirror()
      bad.behave = (path, _request, response) => {
        act(path, response)
        return true
      }
      const world = await makeWorld(key)
      const alone = await failure(world.source([bad]).index('amd64'))
      expect(['network', 'limit-exceeded']).toContain(alone.code)
      const index = await world.source([bad, await goodMirror(key)]).index('amd64')
      expect(index.versions('nginx')).toHaveLength(1)
    },
    30_000,
  )
})

describe('indices', () => {
  const indexPath = /binary-amd64\/(by-hash|Packages)/

  test('with wrong bytes are refused, and the next mirror is asked', async () => {
    const bad = await goodMirror(key)
    for (const [path, bytes] of bad.files) {
      if (indexPath.test(path)) bad.files.set(path, Buffer.alloc(bytes.length, 1))
    }
    const world = await makeWorld(key)
    const error = await failure(world.source([bad]).index('amd64'))
    expect(error.code).toBe('digest-mismatch')
    const good = await goodMirror(key)
    const source = world.source([bad, good])
    expect((await source.index('amd64')).versions('nginx')).toHaveLength(1)
    expect(source.suites()[0]?.address).toBe(good.address)
    expect(world.warnings.join('\n')).toContain(bad.address)
  })

  test('that are cut short, too long or not there are refused', async () => {
    const changes = [
      (bytes: Buffer) => bytes.subarray(0, -1),
      (bytes: Buffer) => Buffer.concat([bytes, bytes]),
    ]
    for (const change of changes) {
      const bad = await goodMirror(key)
      for (const [path, bytes] of bad.files) if (indexPath.test(path)) bad.files.set(path, change(bytes))
      const error = await failure((await makeWorld(key)).source([bad]).index('amd64'))
      expect(['digest-mismatch', 'limit-exceeded']).toContain(error.code)
    }
    const empty = await goodMirror(key)
    for (const path of [...empty.files.keys()]) if (indexPath.test(path)) empty.files.delete(path)
    const error = await failure((await makeWorld(key)).source([empty]).index('amd64'))
    expect(error.code).toBe('network')
  })

  test('are found by name when the mirror keeps none by hash', async () => {
    const mirror = await goodMirror(key)
    for (const path of [...mirror.files.keys()]) if (path.includes('by-hash')) mirror.files.delete(path)
    expect((await (await makeWorld(key)).source([mirror]).index('amd64')).versions('nginx')).toHaveLength(1)
  })

  test('of a mirror that switches to a new state midway are read from the new state', async () => {
    const mirror = await goodMirror(key)
    const before = new Map(mirror.files)
    mirror.files.clear()
    const newer = [{ name: 'nginx', version: '1.26.3-4' }]
    await publishDebian(mirror, { key, packages: newer, fields: { Date: 'Mon, 01 Jun 2026 07:00:00 UTC' } })
    let served = 0
    mirror.behave = (path, _request, response) => {
      const old = path === 'dists/trixie/InRelease' && served++ === 0 ? before.get(path) : undefined
      if (!old) return undefined
      response.end(old)
      return true
    }
    const source = (await makeWorld(key)).source([mirror])
    expect((await source.index('amd64')).versions('nginx')[0]?.version).toBe('1.26.3-4')
    expect(source.suites()[0]?.date).toBe('2026-06-01T07:00:00Z')
  })

  test('that are damaged in the cache are made anew', async () => {
    const mirror = await goodMirror(key)
    const world = await makeWorld(key)
    await world.source([mirror]).index('amd64')
    const folder = join(world.access.cacheDir, 'indices', 'v3')
    const [name = ''] = await readdir(folder)
    const sound = await readFile(join(folder, name))
    for (let at = 0; at < sound.length; at += 97)
      for (const damaged of [sound.map((byte, i) => (i === at ? byte ^ 1 : byte)), sound.subarray(0, at)]) {
        await writeFile(join(folder, name), damaged)
        expect((await world.source([mirror]).index('amd64')).versions('nginx')).toHaveLength(1)
        expect(await readFile(join(folder, name))).toEqual(sound)
      }
  })

  test('that unpack to more than promised are refused', async () => {
    const mirror = await startMirror()
    await publishDebian(mirror, { key, packages })
    const bomb = await startMirror()
    await publishDebian(bomb, {
      key,
      packages: [{ name: 'a', fields: { Description: 'x'.repeat(100_000) } }],
    })
    const text = String(bomb.files.get('dists/trixie/InRelease'))
    const listed = /^ ([0-9a-f]{64}) (\d+) main\/binary-amd64\/Packages$/m
    const unsigned = text
      .replace(/^-----BEGIN PGP SIGNED[\s\S]*?\n\n/, '')
      .replace(/\n-----BEGIN PGP SIGNATURE[\s\S]*$/, '')
      .replace(listed, ` ${'0'.repeat(64)} 1000 main/binary-amd64/Packages`)
    bomb.files.set('dists/trixie/InRelease', Buffer.from(await key.sign(unsigned)))
    const error = await failure((await makeWorld(key)).source([bomb]).index('amd64'))
    expect(error.code).toBe('limit-exceeded')
  })
})
