import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256 } from '../../../base/digest.ts'
import type { RepositoryRequest } from '../../../model/recipe.ts'
import { archivePath } from '../../shared/fetching/packages.ts'
import {
  cleanUp,
  contentOf,
  failure,
  goodMirror,
  makeKey,
  makeWorld,
  releaseText,
  type SigningKey,
  stanzaOf,
  startMirror,
  temporaryFolder,
} from '../fixtures/mirror.ts'

/* Repositories that know their files by SHA-512 alone, as newer versions of apt's tools can make them. */

let key: SigningKey
let own: SigningKey

beforeAll(async () => {
  key = await makeKey()
  own = await makeKey()
})

afterAll(cleanUp)

const tool = { name: 'own-tool' }
const pool = 'pool/main/o/own-tool/own-tool_1.0-1_amd64.deb'
const index = 'main/binary-amd64/Packages'
const sha512 = (bytes: Uint8Array) => createHash('sha512').update(bytes).digest('hex')

interface Wrong {
  /** In place of what the Release file says of the index. */
  readonly listing?: Buffer
  readonly archive?: Buffer
}

async function opened(wrong: Wrong = {}) {
  const mirror = await startMirror()
  const text = Buffer.from(stanzaOf(tool).replace(/^SHA256: .*$/m, `SHA512: ${sha512(contentOf(tool))}`))
  const release = releaseText({ suite: 'stable' }, new Map()).replace(
    /SHA256:$/,
    `SHA512:\n ${sha512(text)} ${text.length} ${index}`,
  )
  mirror.files.set('dists/stable/InRelease', Buffer.from(await own.sign(release)))
  mirror.files.set(`dists/stable/main/binary-amd64/by-hash/SHA512/${sha512(text)}`, wrong.listing ?? text)
  mirror.files.set(pool, wrong.archive ?? contentOf(tool))
  const keyFile = join(await temporaryFolder(), 'keys', 'own.asc')
  await mkdir(join(keyFile, '..'))
  await writeFile(keyFile, own.armored)
  const repository: RepositoryRequest = {
    name: 'own',
    address: mirror.address,
    suite: 'stable',
    components: ['main'],
    key: keyFile,
  }
  const world = await makeWorld(key)
  const debian = await goodMirror(key)
  const open = (offline = {}) =>
    world.source([debian], { repositories: [repository], access: { ...world.access, ...offline } })
  return { open, mirror, cacheDir: world.access.cacheDir }
}

test('its packages are found, and have the digest of their bytes once they are chosen', async () => {
  const { open, mirror, cacheDir } = await opened()
  const source = open()
  const versions = (await source.index('amd64')).versions(tool.name)
  expect(versions).toMatchObject([
    { listedBy: `sha512:${sha512(contentOf(tool))}`, origin: { location: pool } },
  ])
  const others = (await source.index('amd64')).versions('nginx')
  const [pinned, ...unchanged] = (await source.pin?.([...versions, ...others])) ?? []
  expect(pinned?.digest).toBe(sha256(contentOf(tool)))
  expect(unchanged).toEqual(others)
  expect(await readFile(archivePath('deb')(cacheDir, sha256(contentOf(tool))))).toEqual(contentOf(tool))
  // What was fetched is remembered, and nothing is asked for again.
  mirror.files.clear()
  const again = open({ offline: true })
  expect(await again.pin?.((await again.index('amd64')).versions(tool.name))).toEqual([pinned])
})

test('an index with other bytes is refused', async () => {
  const { open } = await opened({ listing: Buffer.from(stanzaOf({ name: 'own-evil' })) })
  expect((await failure(open().index('amd64'))).code).toBe('digest-mismatch')
})

test('an archive with other bytes of the same size is refused, and not kept', async () => {
  const changed = Buffer.from(contentOf(tool))
  changed[0] = 0
  const { open, cacheDir } = await opened({ archive: changed })
  const source = open()
  const versions = (await source.index('amd64')).versions(tool.name)
  const error = await failure(source.pin?.(versions) ?? Promise.resolve())
  expect([error.code, error.message]).toEqual([
    'digest-mismatch',
    expect.stringContaining('expected sha512:'),
  ])
  await expect(readFile(archivePath('deb')(cacheDir, sha256(changed)))).rejects.toThrow()
})

test('offline, an archive that was never fetched is missed', async () => {
  const { open } = await opened()
  await open().index('amd64')
  const source = open({ offline: true })
  const versions = (await source.index('amd64')).versions(tool.name)
  expect((await failure(source.pin?.(versions) ?? Promise.resolve())).code).toBe('offline')
})
