import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoopbackSigstore, requestToken } from '../../attest/fixtures/loopback/sigstore.ts'
import type { Identity } from '../../model/attestation.ts'
import type { Reference } from '../../model/reference.ts'
import { pushAll, sampleImage, sampleIndex } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import { attest } from '../evidence/attest.ts'
import { listEvidence } from '../evidence/list.ts'
import { provenance } from '../evidence/provenance.ts'
import { sign } from '../evidence/sign.ts'
import { verify } from '../evidence/verify.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { changeTrust, initTrust } from './edit.ts'
import type { TokenSource } from './keyless.ts'
import type { TrustRequest } from './open.ts'
import { trustPolicyOf } from './policy.ts'
import { showTrust } from './show.ts'
import { trustedAttached, trustFor } from './trust-for.ts'

/* Whom to trust, by trust files and by identities, with services on loopback. */

const start = new Date('2026-05-06T07:08:09Z')
const me = 'https://ci.example/team'
const password = async () => ''
let folder = ''
let services: LoopbackSigstore
let context: Context

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-trust-'))
  services = await LoopbackSigstore.start(start)
  await writeFile(join(folder, 'root.json'), JSON.stringify(services.trustedRoot()))
  context = sampleContext(folder, {
    fetch: globalThis.fetch,
    now: () => start,
    offline: false,
    sigstore: services.addresses,
  })
  // Not encrypted: opening those takes the time that protects passwords.
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  await writeFile(join(folder, 'release.key'), privateKey.export({ format: 'pem', type: 'pkcs8' }))
  await writeFile(join(folder, 'release.pub'), publicKey.export({ format: 'pem', type: 'spki' }))
  await writeFile(join(folder, 'claim.json'), '{"good":true}')
})
afterAll(async () => {
  await services.stop()
  await rm(folder, { recursive: true, force: true })
})

const keyless = (source: () => TokenSource) => ({
  key: { kind: 'keyless' } as const,
  password,
  keyless: { token: async () => source() },
})
const asMe = keyless(() => ({ kind: 'token', token: services.token(me) }))
const asKey = { key: { kind: 'file', path: 'release.key' } as const, password }
const trustedRoot = () => ({ name: 'root.json', read: () => readFile(join(folder, 'root.json')) })

let images = 0
async function newImage(kind: 'image' | 'index' = 'image') {
  const name = `image-${++images}`
  const store = openLayout(join(folder, name))
  const sample = kind === 'image' ? sampleImage(name) : sampleIndex(name)
  await pushAll(store, sample)
  await store.tag(sample.descriptor, 'v1')
  return { text: `oci:${name}:v1`, reference: parseReference(`oci:${name}:v1`), store, sample }
}

const trustMe = () => ({
  keys: [],
  identity: { identity: me, issuer: services.url },
  trustedRoot: trustedRoot(),
})

describe('signing without a key', () => {
  it('is verified by who signed, without a network', async () => {
    const { text } = await newImage('index')
    const signed = await sign({ reference: parseReference(text), scheme: 'referrers', ...asMe }, context)
    expect(signed).toMatchObject({ signer: `${me} (${services.url})`, signatures: [{}, {}, {}] })
    const offline = { ...context, offline: true, fetch: () => Promise.reject(new Error('network')) }
    expect(
      await verify({ reference: parseReference(text), require: [], recursive: true, ...trustMe() }, offline),
    ).toMatchObject({
      verified: true,
      signers: [signed.signer],
      images: [{ verified: true }, { platform: 'linux/amd64', verified: true }, { verified: true }],
    })
    const other = { identity: 'https://ci.example/other', issuer: services.url }
    expect(
      await verify({ reference: parseReference(text), require: [], ...trustMe(), identity: other }, offline),
    ).toMatchObject({
      verified: false,
      required: [
        { reason: expect.stringMatching(/is signed by https:\/\/ci\.example\/team .* not trusted/) },
      ],
    })
    const pattern = { identityRegexp: 'https://ci\\.example/.*', issuer: services.url }
    const result = await verify(
      { reference: parseReference(text), require: [], ...trustMe(), identity: pattern },
      offline,
    )
    expect(result.verified).toBe(true)
  })

  it.each([
    ['none', undefined, 'not-found'],
    ['empty', Buffer.from('{}'), 'bad-trust'],
  ])('hears at once of a root that is %s, though only a key is asked for', async (_, bytes, code) => {
    const { text } = await newImage()
    await sign({ reference: parseReference(text), scheme: 'referrers', ...asKey }, context)
    const asked = { reference: parseReference(text), require: [], keys: ['release.pub'] }
    const bad = { name: 'bad.json', read: async () => bytes }
    await expect(verify({ ...asked, trustedRoot: bad }, context)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('bad.json'),
    })
    expect(await verify({ ...asked, trustedRoot: trustedRoot() }, context)).toMatchObject({ verified: true })
  })

  it('attests, and does not sign again what it can tell to be its own', async () => {
    const { text } = await newImage()
    const known = { ...context, sigstore: { ...services.addresses, trustedRoot: trustedRoot() } }
    const request = {
      reference: parseReference(text),
      type: 'openvex',
      predicate: 'claim.json',
      scheme: 'referrers',
    } as const
    await attest({ ...request, ...asMe }, known)
    expect(
      await verify({ reference: parseReference(text), require: ['openvex'], ...trustMe() }, context),
    ).toMatchObject({
      verified: true,
    })
    const first = await sign({ reference: parseReference(text), scheme: 'referrers', ...asMe }, known)
    const again = await sign({ reference: parseReference(text), scheme: 'referrers', ...asMe }, known)
    expect([first, again].map(({ signatures }) => signatures[0]?.existing)).toEqual([false, true])
  })

  it('signs nothing as somebody else than it shall', async () => {
    const { reference } = await newImage()
    const as = (expected: Identity) =>
      sign({ reference, scheme: 'referrers', ...asMe, keyless: { ...asMe.keyless, expected } }, context)
    const { url: issuer } = services
    for (const expected of [
      { identity: 'https://ci.example/other', issuer },
      { identity: me, issuer: 'https://other.example' },
      { identity: `${me}/more`, issuer },
    ])
      await expect(as(expected)).rejects.toMatchObject({
        code: 'bad-configuration',
        message: `The identity token is for another identity than the one that signs here: expected ${expected.identity} (${expected.issuer}), found ${me} (${issuer})`,
      })
    expect((await listEvidence({ reference, ...trustMe() }, context)).evidence).toEqual([])
    expect(await as({ identity: me, issuer })).toMatchObject({ signer: `${me} (${issuer})` })
  })

  it('is verified by each of several identities, with its own issuer alone, and by keys beside them', async () => {
    const { url: issuer } = services
    const [other, root] = ['https://ci.example/other', { trustedRoot: trustedRoot() }]
    const [byMe, byKey] = [(await newImage()).reference, (await newImage()).reference]
    await sign({ reference: byMe, scheme: 'referrers', ...asMe }, context)
    await sign({ reference: byKey, scheme: 'referrers', ...asKey }, context)
    const verified = async (reference: Reference, trust: TrustRequest) =>
      (await verify({ reference, require: [], ...trust }, context)).verified
    const both = [
      { identity: other, issuer },
      { identity: me, issuer },
    ]
    expect(await verified(byMe, { keys: [], identities: both, ...root })).toBe(true)
    expect(await verified(byMe, { keys: ['release.pub'], identities: both, ...root })).toBe(true)
    expect(await verified(byKey, { keys: ['release.pub'], identities: both, ...root })).toBe(true)
    expect(await verified(byKey, { keys: [], identities: both, ...root })).toBe(false)
    const identity = { identity: other, issuer }
    expect(await verified(byMe, { keys: [], identity, identities: both, ...root })).toBe(true)
    // The name of one with the provider of another is nobody.
    const crossed = [
      { identity: me, issuer: 'https://other.example' },
      { identity: other, issuer },
    ]
    expect(await verified(byMe, { keys: [], identities: crossed, ...root })).toBe(false)
  })

  it('asks the service of a run of GitHub Actions for its token', async () => {
    const { text } = await newImage()
    const from = (authorization: string) =>
      keyless(() => ({ kind: 'service', url: `${services.url}/ambient?api-version=2`, authorization }))
    const signed = await sign(
      { reference: parseReference(text), scheme: 'referrers', ...from(`Bearer ${requestToken}`) },
      context,
    )
    expect(signed.signer).toMatch(/^repo:team\/images:ref:refs\/heads\/main/)
    await expect(
      sign({ reference: parseReference(text), scheme: 'referrers', ...from('Bearer x') }, context),
    ).rejects.toMatchObject({
      code: 'unauthorized',
    })
  })

  it.each<[string, () => TokenSource, string]>([
    [
      'that expired',
      () => ({ kind: 'token', token: services.token(me, { exp: start.getTime() / 1000 - 1 }) }),
      'unauthorized',
    ],
    [
      'for somebody else',
      () => ({ kind: 'token', token: services.token(me, { aud: 'elsewhere' }) }),
      'unauthorized',
    ],
    ['that is none', () => ({ kind: 'token', token: 'secret' }), 'bad-usage'],
    [
      'of a service that would see it in the clear',
      () => ({ kind: 'service', url: 'http://ci.example/', authorization: 'x' }),
      'bad-usage',
    ],
  ])('is refused with a token %s, which is not shown', async (_name, source, code) => {
    const { text } = await newImage()
    const failed = sign({ reference: parseReference(text), scheme: 'referrers', ...keyless(source) }, context)
    await expect(failed).rejects.toMatchObject({ code, message: expect.not.stringMatching(/eyJ|secret/) })
  })

  it('needs the network, and says so', async () => {
    const { text } = await newImage()
    const offline = { ...context, offline: true }
    const request = { reference: parseReference(text), scheme: 'referrers' } as const
    await expect(sign({ ...request, ...asMe }, offline)).rejects.toMatchObject({ code: 'offline' })
    await expect(sign({ ...request, ...asKey, timestamp: true }, offline)).rejects.toMatchObject({
      code: 'offline',
    })
    await expect(
      verify(
        { reference: parseReference(text), require: [], keys: [], identity: { identity: me, issuer: 'x' } },
        offline,
      ),
    ).rejects.toMatchObject({ code: 'offline', next: { action: 'name-trusted-root' } })
  })

  it('writes no tags of the older scheme', async () => {
    const { text } = await newImage()
    for (const signer of [asMe, { ...asKey, timestamp: true }]) {
      const failed = sign({ reference: parseReference(text), scheme: 'tags', ...signer }, context)
      await expect(failed).rejects.toMatchObject({ code: 'bad-usage' })
    }
  })
})

describe('conditions', () => {
  it('of age need a time that somebody witnessed', async () => {
    const { text } = await newImage()
    await sign({ reference: parseReference(text), scheme: 'referrers', ...asKey }, context)
    const request = {
      reference: parseReference(text),
      require: [],
      keys: ['release.pub'],
      trustedRoot: trustedRoot(),
      maxAge: '1h',
    }
    expect((await verify(request, context)).required[0]?.reason).toMatch(/no trusted service confirms when/)
    const { text: stamped } = await newImage()
    await sign(
      { reference: parseReference(stamped), scheme: 'referrers', ...asKey, timestamp: true },
      context,
    )
    expect(await verify({ ...request, reference: parseReference(stamped) }, context)).toMatchObject({
      verified: true,
      evidence: [{ time: start.toISOString() }],
    })
    const later = { ...context, now: () => new Date(start.getTime() + 3_600_001) }
    expect(
      (await verify({ ...request, reference: parseReference(stamped) }, later)).required[0]?.reason,
    ).toMatch(/it was signed at 2026-05-06T07:08:09.000Z, more than 1h ago/)
  })

  it('of name refuse what was signed as another image', async () => {
    const { text } = await newImage()
    await sign(
      { reference: parseReference(text), scheme: 'referrers', ...asKey, name: 'registry.example/web:1' },
      context,
    )
    const request = { reference: parseReference(text), require: [], keys: ['release.pub'], requireName: true }
    const named = (name: string) => verify({ ...request, name }, context)
    expect((await named('registry.example/web:1')).verified).toBe(true)
    expect((await named('registry.example/web:2')).required[0]?.reason).toBe(
      'its signature names the image registry.example/web:1, not registry.example/web:2',
    )
    expect((await named('registry.example/other:1')).verified).toBe(false)
    await expect(verify(request, context)).rejects.toMatchObject({ code: 'bad-usage' })
    const { text: unnamed } = await newImage()
    await sign({ reference: parseReference(unnamed), scheme: 'referrers', ...asKey }, context)
    const asked = { ...request, reference: parseReference(unnamed), name: 'registry.example/web:1' }
    expect((await verify(asked, context)).required[0]?.reason).toMatch(
      /does not name the image, and it has to name/,
    )
  })
})

it('a summary that says no vouches for nothing', async () => {
  const { text } = await newImage()
  const vsa = {
    reference: parseReference(text),
    type: 'vsa',
    predicate: 'vsa.json',
    scheme: 'referrers',
  } as const
  const request = { reference: parseReference(text), keys: ['release.pub'], require: ['vsa'] }
  await writeFile(join(folder, 'vsa.json'), '{"verificationResult":"FAILED"}')
  await attest({ ...vsa, ...asKey }, context)
  expect(await verify(request, context)).toMatchObject({
    verified: false,
    required: [{ reason: 'its signer says that the image did not pass' }],
    evidence: [{ verified: true }],
  })
  await writeFile(join(folder, 'vsa.json'), '{"verificationResult":"PASSED"}')
  await attest({ ...vsa, ...asKey }, context)
  expect((await verify(request, context)).verified).toBe(true)
})

it('a name is asked of the signature, and so a signature, whatever else is required', async () => {
  const { text } = await newImage()
  const vex = {
    reference: parseReference(text),
    type: 'openvex',
    predicate: 'claim.json',
    scheme: 'referrers',
  } as const
  await attest({ ...vex, ...asKey }, context)
  const name = 'registry.example/web:1'
  const request = {
    reference: parseReference(text),
    keys: ['release.pub'],
    require: ['openvex'],
    requireName: true,
    name,
  }
  expect(await verify(request, context)).toMatchObject({
    verified: false,
    required: [{ verified: false }, { verified: true }],
  })
  await sign({ reference: parseReference(text), scheme: 'referrers', ...asKey, name }, context)
  expect((await verify(request, context)).verified).toBe(true)
})

describe('a trust file', () => {
  let world: Context
  beforeAll(async () => {
    world = { ...context, trust: () => trustPolicyOf(join(folder, 'trust.yaml')) }
    await initTrust('trust.yaml', context)
    await changeTrust('trust.yaml', { add: 'key', name: 'release', file: 'release.pub' }, context)
    const pattern = { identity: me, issuer: services.url }
    await changeTrust('trust.yaml', { add: 'identity', name: 'ci', pattern }, context)
    const rule = { add: 'rule', require: [], name: false } as const
    await changeTrust('trust.yaml', { ...rule, images: ['oci:image-*'], signedBy: ['release'] }, context)
    const more = {
      images: ['registry.example/**'],
      signedBy: ['ci', 'release'],
      require: ['signature', 'openvex'],
      maxAge: '30d',
    }
    await changeTrust('trust.yaml', { ...rule, ...more }, context)
    const text = await readFile(join(folder, 'trust.yaml'), 'utf8')
    await writeFile(
      join(folder, 'trust.yaml'),
      text.replace('version: 1', 'version: 1\ntrusted-root: root.json'),
    )
  })

  it('keeps its comments and has the newest rule first', async () => {
    expect(await readFile(join(folder, 'trust.yaml'), 'utf8')).toMatch(/^# Whom to trust/)
    expect(await showTrust('trust.yaml', context)).toMatchObject({
      keys: [{ name: 'release', ids: [expect.stringMatching(/^sha256:/)] }],
      identities: [{ name: 'ci', identity: me, issuer: services.url }],
      rules: [{ images: ['registry.example/**'], maxAge: '30d' }, { images: ['oci:image-*'] }],
    })
  })

  it('is not changed into something that could not be read', async () => {
    const before = await readFile(join(folder, 'trust.yaml'), 'utf8')
    const rule = { add: 'rule', images: ['x'], require: [], name: false, signedBy: ['nobody'] } as const
    await expect(changeTrust('trust.yaml', rule, context)).rejects.toMatchObject({ code: 'bad-trust' })
    await expect(
      changeTrust('trust.yaml', { add: 'key', name: 'release', file: 'release.pub' }, context),
    ).rejects.toMatchObject({ code: 'bad-usage' })
    await expect(initTrust('trust.yaml', context)).rejects.toMatchObject({ code: 'bad-usage' })
    expect(await readFile(join(folder, 'trust.yaml'), 'utf8')).toBe(before)
  })

  it('decides when nobody is named on the spot', async () => {
    const { text } = await newImage()
    await sign({ reference: parseReference(text), scheme: 'referrers', ...asMe }, context)
    const request = { reference: parseReference(text), require: [], keys: [] }
    expect(await verify(request, world)).toMatchObject({ verified: false, rule: 'oci:image-*' })
    await sign({ reference: parseReference(text), scheme: 'referrers', ...asKey }, context)
    expect(await verify(request, world)).toMatchObject({ verified: true, rule: 'oci:image-*' })
    expect((await listEvidence(request, world)).evidence.map(({ verified }) => verified).sort()).toEqual([
      false,
      true,
    ])
    await expect(verify(request, context)).rejects.toMatchObject({ code: 'bad-usage' })
    const both = { ...request, keys: ['release.pub'], trust: () => trustPolicyOf(join(folder, 'trust.yaml')) }
    await expect(verify(both, world)).rejects.toMatchObject({ code: 'bad-usage' })
  })

  it('asks for all that its rule requires', async () => {
    const { text } = await newImage()
    const request = {
      reference: parseReference(text),
      require: [],
      keys: [],
      name: 'registry.example/team/web:1',
    }
    await sign({ reference: parseReference(text), scheme: 'referrers', ...asMe }, context)
    expect(await verify(request, world)).toMatchObject({
      verified: false,
      required: [{ verified: true }, { verified: false, type: 'https://openvex.dev/ns' }],
    })
    const vex = {
      reference: parseReference(text),
      type: 'openvex',
      predicate: 'claim.json',
      scheme: 'referrers',
    } as const
    // Too old to count: nobody witnessed when the key signed.
    await attest({ ...vex, ...asKey }, context)
    expect((await verify(request, world)).verified).toBe(false)
    await attest({ ...vex, ...asMe }, context)
    expect((await verify(request, world)).verified).toBe(true)
  })

  it('trusts nobody about images that no rule fits', async () => {
    const { text, store, sample } = await newImage()
    await sign({ reference: parseReference(text), scheme: 'referrers', ...asKey }, context)
    const name = 'elsewhere.example/web:1'
    await expect(
      verify({ reference: parseReference(text), require: [], keys: [], name }, world),
    ).rejects.toMatchObject({
      code: 'not-verified',
      exitCode: 1,
    })
    const reference = parseReference(name)
    expect(await trustFor(reference, world)).toBeUndefined()
    expect(await trustedAttached({ store, reference }, sample.descriptor, { context: world })).toEqual([])
  })

  it('tells the rest of Temper what attached evidence to use', async () => {
    const { text, reference, store, sample } = await newImage()
    const vex = {
      reference: parseReference(text),
      type: 'openvex',
      predicate: 'claim.json',
      scheme: 'referrers',
    } as const
    await attest({ ...vex, ...asMe }, context)
    const keep = () => true
    const listed = () => trustedAttached({ store, reference }, sample.descriptor, { context: world, keep })
    expect(await listed()).toEqual([])
    await attest({ ...vex, ...asKey }, context)
    expect(await listed()).toMatchObject([{ verified: true, statement: { predicate: { good: true } } }])
    expect(await trustedAttached({ store, reference }, sample.descriptor, { context })).toEqual([])
  })

  it('lets only trusted provenance be followed', async () => {
    const { text } = await newImage()
    const request = {
      reference: parseReference(text),
      type: 'slsaprovenance1',
      predicate: 'claim.json',
      scheme: 'referrers',
    } as const
    await attest({ ...request, ...asMe }, context)
    expect(await provenance({ reference: parseReference(text), keys: [] }, context)).toMatchObject({
      verified: false,
    })
    await expect(provenance({ reference: parseReference(text), keys: [] }, world)).rejects.toMatchObject({
      code: 'not-verified',
    })
  })

  it.each([
    ['keys: [', /trust.*yaml: /],
    ['a: &x [1]\nb: *x', /Excessive alias|trust/],
    [
      'version: 1\nkeys: { a: missing.pub }\nrules: [{ images: "oci:**", signed-by: a }]',
      /no key file missing.pub/,
    ],
  ])('is refused when it is %j', async (text, reason) => {
    const file = join(folder, `bad-${images}.yaml`)
    await writeFile(file, text)
    await expect(
      trustFor(parseReference('oci:x'), context, { policy: () => trustPolicyOf(file) }),
    ).rejects.toMatchObject({
      code: 'bad-trust',
      message: expect.stringMatching(reason),
    })
  })
})
