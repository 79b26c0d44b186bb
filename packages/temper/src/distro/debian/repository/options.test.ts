import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Architecture } from '../../../model/platform.ts'
import type { RepositoryRequest } from '../../../model/recipe.ts'
import {
  cleanUp,
  failure,
  goodMirror,
  makeKey,
  makeWorld,
  publish,
  releaseText,
  type SigningKey,
  stanzaOf,
  startMirror,
  temporaryFolder,
} from '../fixtures/mirror.ts'

/* What the options of a line of apt's decide: "[arch=…]" and "[signed-by=…]", and what is read without them. */

let debian: SigningKey
let own: SigningKey
let other: SigningKey

beforeAll(async () => {
  ;[debian, own, other] = await Promise.all([makeKey(), makeKey(), makeKey()])
})

afterAll(cleanUp)

/** A repository with a package of each architecture, signed by `own`. */
async function ownMirror() {
  const mirror = await startMirror()
  const packages = [
    { name: 'own-tool' },
    { name: 'own-tool', architecture: 'arm64' },
    { name: 'own-data', architecture: 'all' },
  ]
  await publish(mirror, {
    suite: 'stable',
    key: own,
    packages,
    fields: { Suite: 'stable', Codename: 'stable' },
  })
  return mirror
}

async function opened(
  change: Partial<RepositoryRequest>,
  {
    keyring = [],
    architectures = ['amd64'],
  }: { keyring?: readonly string[]; architectures?: readonly Architecture[] } = {},
) {
  const mirror = await ownMirror()
  const world = await makeWorld(debian)
  const repository: RepositoryRequest = {
    name: 'own',
    address: mirror.address,
    suite: 'stable',
    components: ['main'],
    ...change,
  }
  const source = world.source([await goodMirror(debian)], {
    repositories: [repository],
    keyring,
    architectures,
  })
  return { mirror, source }
}

async function keyFile(...keys: readonly SigningKey[]): Promise<string> {
  const path = join(await temporaryFolder(), 'own.asc')
  await writeFile(path, keys.map(({ armored }) => armored).join('\n'))
  return path
}

describe('[arch=…]', () => {
  test.each([
    [undefined, 1, 1],
    [['amd64', 'arm64'] as const, 1, 1],
    [['amd64'] as const, 1, 0],
    [['arm64'] as const, 0, 1],
    [[] as const, 0, 0],
  ])('%j gives packages to these alone', async (wanted, amd64, arm64) => {
    const architectures = ['amd64', 'arm64'] as const
    const key = await keyFile(own)
    const change = { key, ...(wanted === undefined ? {} : { architectures: wanted }) }
    const { mirror, source } = await opened(change, { architectures })
    const counts = await Promise.all(
      architectures.map(async (each) => (await source.index(each)).versions('own-tool').length),
    )
    expect(counts).toEqual([amd64, arm64])
    // What is not wanted is not even asked for.
    const asked = mirror.requests
      .filter((path) => path.includes('/binary-'))
      .map((path) => path.split('/')[3])
    expect(new Set(asked)).toEqual(
      new Set([...(amd64 === 1 ? ['binary-amd64'] : []), ...(arm64 === 1 ? ['binary-arm64'] : [])]),
    )
    // Packages for all architectures come with those of each.
    const data = await Promise.all(
      architectures.map(async (each) => (await source.index(each)).versions('own-data')),
    )
    expect(data.map((each) => each.length)).toEqual([amd64, arm64])
  })

  test('of another architecture does not need the repository to have this one', async () => {
    const { source } = await opened({
      key: await keyFile(own),
      components: ['main'],
      architectures: ['arm64'],
    })
    expect((await source.index('amd64')).versions('nginx')).toHaveLength(1)
  })
})

describe('[signed-by=…]', () => {
  test('a file counts for its repository alone, and nothing else does', async () => {
    const { source } = await opened({ key: await keyFile(own) })
    expect((await source.index('amd64')).versions('own-tool')).toHaveLength(1)
    expect(source.suites().find(({ repository }) => repository === 'own')?.signedBy).toEqual([
      own.fingerprint,
    ])
    // Neither the keyring of the recipe nor Debian's own keys stand in for it.
    const wrong = await opened({ key: await keyFile(other) }, { keyring: [await keyFile(own)] })
    expect(await failure(wrong.source.index('amd64'))).toMatchObject({ code: 'signature-invalid' })
    const debians = await opened({ key: await keyFile(debian) })
    expect(await failure(debians.source.index('amd64'))).toMatchObject({ code: 'signature-invalid' })
  })

  test('a fingerprint chooses among the keys of the recipe', async () => {
    const keyring = [await keyFile(other, own)]
    const { source } = await opened({ fingerprint: own.fingerprint }, { keyring })
    expect((await source.index('amd64')).versions('own-tool')).toHaveLength(1)
    const wrong = await opened({ fingerprint: other.fingerprint }, { keyring })
    expect(await failure(wrong.source.index('amd64'))).toMatchObject({ code: 'signature-invalid' })
    const absent = await opened({ fingerprint: 'AB'.repeat(20) }, { keyring })
    const error = await failure(absent.source.index('amd64'))
    expect([error.code, error.advice() !== undefined]).toEqual(['signature-invalid', true])
  })

  test('a file may hold more keys than one', async () => {
    const { source } = await opened({ key: await keyFile(other, own) })
    expect((await source.index('amd64')).versions('own-tool')).toHaveLength(1)
  })
})

describe('a repository', () => {
  const text = Buffer.from(stanzaOf({ name: 'own-tool', fields: { Filename: './amd64/o/own-tool.deb' } }))

  test('that is flat may keep its packages in folders', async () => {
    const mirror = await startMirror()
    const release = releaseText(
      { suite: 'x', fields: { Suite: undefined, Codename: undefined, 'Acquire-By-Hash': undefined } },
      new Map([['Packages.gz', gzipSync(text)]]),
    )
    mirror.files.set('apt/InRelease', Buffer.from(await own.sign(release)))
    mirror.files.set('apt/Packages.gz', gzipSync(text))
    const world = await makeWorld(debian)
    const repository = {
      name: 'own',
      address: `${mirror.address}/apt`,
      suite: './',
      components: [],
      key: await keyFile(own),
    }
    const source = world.source([await goodMirror(debian)], { repositories: [repository] })
    const [indexed] = (await source.index('amd64')).versions('own-tool')
    expect(indexed?.origin.location).toBe('amd64/o/own-tool.deb')
  })

  test('that names its files by SHA-1 alone is refused in words', async () => {
    const mirror = await ownMirror()
    const signed = releaseText(
      { suite: 'stable', fields: { Suite: 'stable', Codename: 'stable' } },
      new Map(),
    )
    const only = signed.replace('SHA256:', `SHA1:\n ${'a'.repeat(40)} 1 main/binary-amd64/Packages`)
    mirror.files.set('dists/stable/InRelease', Buffer.from(await own.sign(only)))
    const world = await makeWorld(debian)
    const repository = {
      name: 'own',
      address: mirror.address,
      suite: 'stable',
      components: ['main'],
      key: await keyFile(own),
    }
    const source = world.source([await goodMirror(debian)], { repositories: [repository] })
    const error = await failure(source.index('amd64'))
    expect(error.code).toBe('bad-index')
    expect(error.message).toContain(
      'it names its files by SHA1 only, and there are no SHA256 or SHA512 digests in it',
    )
    expect(error.advice()).toContain('SHA256')
  })
})
