import { readFile, rm, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoopbackSigstore } from '../../../temper/src/attest/fixtures/loopback/sigstore.ts'
import { temperJson } from '../../../temper/test/support/temper-cli.ts'
import { ArchiveFolder } from './archive.ts'
import { OwnFactory } from './own-factory.ts'
import type { ListedBuild } from './service.ts'

/* A service that signs as who it is, with services that certify, log and date on loopback; and its way there from a key, and back. */

const me = 'https://kubernetes.io/namespaces/images/serviceaccounts/temper'
let factory: OwnFactory
let archive: ArchiveFolder
let services: LoopbackSigstore
let signer = ''
let rest: object

beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  services = await LoopbackSigstore.start(new Date())
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1' })
  await writeFile(factory.path('root.json'), JSON.stringify(services.trustedRoot()))
  await renew()
  signer = `${me} (${services.url})`
  rest = {
    keyless: {
      ...services.addresses,
      identity: me,
      issuer: services.url,
      identityTokenFile: factory.path('token'),
    },
    trustedRootFile: factory.path('root.json'),
    earlierKeyFiles: [factory.path('data/keys/factory.pub')],
  }
})
afterAll(async () => {
  await factory.remove()
  await services.stop()
})

/** As whoever looks after the token writes a new one. */
async function renew(subject = me, more: { readonly exp?: number } = {}): Promise<void> {
  services.now = new Date()
  await writeFile(factory.path('token'), `${services.token(subject, more)}\n`)
}

async function order(name: string, more = ''): Promise<string> {
  const recipe = archive.recipe(name, ['gadget'], more)
  const asked = { name, recipe, files: archive.files }
  return (await factory.post<{ build: string }>('/api/recipes', asked)).build
}

async function build(name: string, more = ''): Promise<ListedBuild & { readonly digest: string }> {
  const done = await factory.built(await order(name, more))
  expect(done.error).toBeNull()
  return { ...done, digest: done.digest ?? '' }
}

/** Everybody whose signatures are on an image, and whether the service takes all of them. */
async function signersOf(digest: string) {
  const { evidence } = await factory.get<{
    evidence: readonly { signers: readonly string[]; verified: boolean }[]
  }>(`/api/images/shop/${digest}`)
  const signed = evidence.filter(({ signers }) => signers.length > 0)
  return {
    signers: [...new Set(signed.flatMap(({ signers }) => signers))],
    verified: signed.length > 0 && signed.every(({ verified }) => verified),
  }
}

/** As whoever pulls it would. */
async function verifies(digest: string, ...words: readonly string[]): Promise<boolean> {
  const auth = Buffer.from(`me:${factory.token}`).toString('base64')
  await writeFile(factory.path('config.json'), JSON.stringify({ auths: { [factory.host]: { auth } } }))
  const asked = [
    'verify',
    `${factory.host}/shop@${digest}`,
    '--require',
    'provenance',
    '--require',
    'spdx',
    ...words,
  ]
  return await temperJson<{ verified: boolean }>(asked, { env: { DOCKER_CONFIG: factory.folder } }).then(
    ({ verified }) => verified,
    () => false,
  )
}

const certificates = () => services.seen.filter((each) => each === 'POST /api/v2/signingCert').length

describe('a factory without a key', () => {
  let [first, second, key] = ['', '', '']

  it('does not start where what is believed about identities is no such document', async () => {
    await writeFile(factory.path('empty.json'), '{}')
    const trustedRootFile = factory.path('empty.json')
    for (const settings of [{ trustedRootFile }, { ...rest, earlierKeyFiles: [], trustedRootFile }])
      await expect(factory.start({}, { factory: settings })).rejects.toMatchObject({
        code: 'bad-trust',
        message: expect.stringContaining(trustedRootFile),
      })
  })

  it('takes over from a key, whose signatures stay good', async () => {
    await factory.start()
    first = (await build('shop')).digest
    key = (await factory.get<{ id: string }>('/api/key')).id
    await factory.stop()
    await factory.start({}, { factory: rest })
    expect(await factory.get('/api/key')).toMatchObject({
      id: signer,
      identity: me,
      issuer: services.url,
      retired: [{ id: key, publicKey: await readFile(factory.path('data/keys/factory.pub'), 'utf8') }],
    })
    expect(await signersOf(first)).toEqual({ signers: [key], verified: true })
    const rotated = await factory.ask('/api/key/rotate', {})
    expect([rotated.status, await rotated.text()]).toEqual([
      409,
      expect.stringMatching(/no key to replace.*factory\.keyless.*factory\.earlier-identities/),
    ])
  })

  it('signs what it builds as its identity, which whoever pulls it can verify', async () => {
    const built = await build('shop', 'environment: {COLOUR: red}\n')
    second = built.digest
    expect(built.steps.find(({ name }) => name === 'sign')?.note).toBe(signer)
    expect(await signersOf(second)).toEqual({ signers: [signer], verified: true })
    expect(await factory.digestOf('shop', '1')).toBe(second)
    const by = (digest: string, identity: string, issuer = services.url) =>
      verifies(
        digest,
        '--identity',
        identity,
        '--issuer',
        issuer,
        '--trusted-root',
        factory.path('root.json'),
      )
    expect(await by(second, me)).toBe(true)
    expect(await by(second, `${me}-2`)).toBe(false)
    expect(await by(second, me, 'https://other.example')).toBe(false)
    expect(await by(first, me)).toBe(false)
    const keyFile = factory.path('data/keys/factory.pub')
    expect(await verifies(second, '--key', keyFile)).toBe(false)
    expect(await verifies(first, '--key', keyFile)).toBe(true)
  })

  it('tags nothing while it cannot sign, says why, and goes on when the token is renewed', async () => {
    await renew(me, { exp: 1_700_000_000 })
    const asked = certificates()
    const id = await order('stall')
    const waiting = await factory.until(async () => {
      const each = await factory.get<ListedBuild>(`/api/builds/${id}`)
      return each.error === null ? undefined : each
    }, 'a try without a good token')
    expect(waiting).toMatchObject({
      state: 'waiting',
      error: expect.stringMatching(/the identity token in .*token expired at 2023-11-14T22:13:20\.000Z/),
    })
    // It went nowhere.
    expect(certificates()).toBe(asked)
    expect(await factory.image('stall')).toBeUndefined()
    await renew()
    expect(await factory.built(id)).toMatchObject({ state: 'published', error: null })
    expect(certificates()).toBeGreaterThan(asked)
  })

  it('signs nothing as somebody else', async () => {
    await renew(`${me}-2`)
    const failed = await factory.built(await order('stand'))
    expect(failed).toMatchObject({
      state: 'failed',
      digest: null,
      error: expect.stringContaining(`expected ${signer}, found ${me}-2 (${services.url})`),
    })
    expect(await factory.image('stand')).toBeUndefined()
    // Nothing is decided either.
    const withdrawn = await factory.ask(`/api/images/shop/${second}/withdraw`, { reason: 'it loses orders' })
    expect(withdrawn.ok).toBe(false)
    expect(await factory.digestOf('shop', '1')).toBe(second)
    await renew()
  })

  const told = async () => [
    await factory.image('shop'),
    await factory.get<object>(`/api/images/shop/${first}`),
    await factory.get<object>(`/api/images/shop/${second}`),
  ]

  it('knows its own word, and that of the key before, when the database is lost', async () => {
    await factory.post(`/api/images/shop/${second}/withdraw`, { reason: 'it loses orders' })
    expect(await factory.digestOf('shop', '1')).toBe(first)
    const before = await told()
    await factory.stop()
    await rm(factory.path('data/database'), { recursive: true })
    await factory.start({}, { factory: rest })
    expect(await told()).toEqual(before)
  })

  it('leaves to a key what it signed, as long as the settings name it', async () => {
    await factory.stop()
    await factory.start()
    expect(await signersOf(second)).toMatchObject({ verified: false })
    await factory.stop()
    const earlierIdentities = [{ identity: me, issuer: services.url }]
    await factory.start({}, { factory: { earlierIdentities, trustedRootFile: factory.path('root.json') } })
    expect(await signersOf(second)).toEqual({ signers: [signer], verified: true })
    expect(await factory.get('/api/key')).toMatchObject({
      id: key,
      retired: [{ id: signer, identity: me, issuer: services.url, retired: null }],
    })
    expect((await build('shop', 'environment: {COLOUR: green}\n')).digest).toMatch(/^sha256:/)
  })

  it('waits for whoever certifies, logs and dates, when they are away, and reads what they said before', async () => {
    const address = new URL(services.url).host
    await factory.stop()
    await services.stop()
    await factory.start({}, { factory: rest })
    const last = (await factory.digestOf('shop', '1')) ?? ''
    const id = await order('kiosk')
    const waiting = await factory.until(async () => {
      const each = await factory.get<ListedBuild>(`/api/builds/${id}`)
      return each.error === null ? undefined : each
    }, 'a try without a certificate')
    expect(waiting).toMatchObject({ state: 'waiting', error: expect.stringContaining(address) })
    expect(await factory.image('kiosk')).toBeUndefined()
    await factory.post(`/api/builds/${id}/cancel`)
    const withdrawn = await factory.ask(`/api/images/shop/${last}/withdraw`, { reason: 'it loses orders' })
    expect([withdrawn.status, await withdrawn.text()]).toEqual([503, expect.stringContaining(address)])
    expect(await factory.digestOf('shop', '1')).toBe(last)
    expect(await signersOf(second)).toEqual({ signers: [signer], verified: true })
  })
})
