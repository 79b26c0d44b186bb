import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temperJson } from '../../../temper/test/support/temper-cli.ts'
import { ArchiveFolder } from './archive.ts'
import { OwnFactory } from './own-factory.ts'

/* Another key signs: what was signed before stays good, and nothing is signed by the one before. */

let factory: OwnFactory
let archive: ArchiveFolder

interface Key {
  readonly id: string
  readonly publicKey: string
  readonly retired: readonly { readonly id: string; readonly publicKey: string; readonly retired: string }[]
}

beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1' })
  await factory.start()
})
afterAll(() => factory.remove())

async function build(name: string, more = ''): Promise<string> {
  const recipe = archive.recipe(name, ['gadget'], more)
  const { build: id } = await factory.post<{ build: string }>('/api/recipes', {
    name,
    recipe,
    files: archive.files,
  })
  const { error, digest } = await factory.built(id)
  expect(error).toBeNull()
  return digest ?? ''
}

/** Everybody whose signatures are on an image, and whether the service takes all of them. */
async function signersOf(name: string, digest: string) {
  const { evidence } = await factory.get<{
    evidence: readonly { signers: readonly string[]; verified: boolean }[]
  }>(`/api/images/${name}/${digest}`)
  const signed = evidence.filter(({ signers }) => signers.length > 0)
  return {
    signers: [...new Set(signed.flatMap(({ signers }) => signers))],
    verified: signed.every(({ verified }) => verified),
  }
}

/** As whoever pulls it would, with one key. */
async function verifies(name: string, digest: string, publicKey: string): Promise<boolean> {
  const keyFile = factory.path('asked.pub')
  await writeFile(keyFile, publicKey)
  const auth = Buffer.from(`me:${factory.token}`).toString('base64')
  await writeFile(factory.path('config.json'), JSON.stringify({ auths: { [factory.host]: { auth } } }))
  const words = ['verify', `${factory.host}/${name}@${digest}`, '--key', keyFile, '--require', 'provenance']
  return await temperJson<{ verified: boolean }>(words, { env: { DOCKER_CONFIG: factory.folder } }).then(
    ({ verified }) => verified,
    () => false,
  )
}

describe('the key of a factory', () => {
  let [old, next] = [] as unknown as [Key, Key]
  let [first, second] = ['', '']

  it('is replaced when an administrator asks for it', async () => {
    first = await build('shop')
    old = await factory.get<Key>('/api/key')
    expect(old.retired).toEqual([])
    expect(await signersOf('shop', first)).toEqual({ signers: [old.id], verified: true })
    const signed = await readFile(factory.path('data/keys/factory.key'), 'utf8')
    next = await factory.post<Key>('/api/key/rotate')
    expect(next.id).not.toBe(old.id)
    expect(next.retired).toMatchObject([{ id: old.id, publicKey: old.publicKey }])
    expect(await readFile(factory.path('data/keys/factory.key'), 'utf8')).not.toBe(signed)
    expect((await readdir(factory.path('data/keys'))).sort()).toEqual([
      'factory.key',
      'factory.pub',
      'retired',
    ])
    expect(await readFile(factory.path('data/audit.jsonl'), 'utf8')).toContain('"rotate-key"')
  })

  it('signs what is built, and what was signed before it verifies by the one before', async () => {
    second = await build('shop', 'environment: {COLOUR: red}\n')
    expect(await signersOf('shop', second)).toEqual({ signers: [next.id], verified: true })
    expect(await signersOf('shop', first)).toEqual({ signers: [old.id], verified: true })
    const by = async (digest: string) => [
      await verifies('shop', digest, old.publicKey),
      await verifies('shop', digest, next.publicKey),
    ]
    expect([await by(first), await by(second)]).toEqual([
      [true, false],
      [false, true],
    ])
    // Whoever pulls may know both for a while.
    expect(await verifies('shop', first, old.publicKey + next.publicKey)).toBe(true)
  })

  it('and those before it tell the service its own word, when the database is lost', async () => {
    await factory.post(`/api/images/shop/${second}/withdraw`, { reason: 'it loses orders' })
    await factory.post('/api/key/rotate')
    const told = async () => [
      await factory.image('shop'),
      await factory.get<object>(`/api/images/shop/${first}`),
      await factory.get<object>(`/api/images/shop/${second}`),
    ]
    const before = await told()
    await factory.stop()
    await rm(factory.path('data/database'), { recursive: true })
    await factory.start()
    expect(await told()).toEqual(before)
    expect((await factory.get<Key>('/api/key')).retired.map(({ id }) => id)).toEqual([next.id, old.id])
  })

  it('is a pair that belongs together wherever a rotation is broken off', async () => {
    const keys = (name: string) => factory.path('data/keys', name)
    const now = await factory.get<Key>('/api/key')
    // Nothing was replaced yet: what was made is dropped.
    await factory.stop()
    await writeFile(keys('next.key'), 'half of a key')
    await factory.start()
    expect((await factory.get<Key>('/api/key')).id).toBe(now.id)
    // The private half was.
    await factory.post('/api/key/rotate')
    const after = await factory.get<Key>('/api/key')
    await factory.stop()
    await rename(keys('factory.pub'), keys('next.pub'))
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await writeFile(keys('factory.pub'), publicKey.export({ format: 'pem', type: 'spki' }))
    await factory.start()
    expect((await factory.get<Key>('/api/key')).id).toBe(after.id)
    const third = await build('other')
    expect(await signersOf('other', third)).toEqual({ signers: [after.id], verified: true })
    await promisify(execFile)('sh', ['-c', '! grep -rl PRIVATE "$0"', keys('retired')])
  })
})
