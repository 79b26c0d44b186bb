import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { predicateTypes } from '../../model/attestation.ts'
import type { Reference } from '../../model/reference.ts'
import { pushAll, sampleImage, sampleIndex, sampleReferrer } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { formatReference, parseReference } from '../../oci/reference.ts'
import type { Context } from '../context.ts'
import { creationTime } from '../creation-time.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { copyImage } from '../image/copy.ts'
import { generateKeyFiles } from '../trust/generate-keys.ts'
import { attest, refuseWitnessedTags, type SignatureScheme } from './attest.ts'
import { listEvidence } from './list.ts'
import { provenance } from './provenance.ts'
import { sign } from './sign.ts'
import { verify } from './verify.ts'

let folder = ''
let context: Context
const password = async () => 'secret'
const ours = { key: { kind: 'file', path: 'ours.key' } as const, password }
const theirs = { key: { kind: 'file', path: 'theirs.key' } as const, password }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-evidence-'))
  context = sampleContext(folder)
  for (const name of ['ours', 'theirs']) {
    // Not encrypted: opening those takes the time that protects passwords.
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await writeFile(join(folder, `${name}.key`), privateKey.export({ format: 'pem', type: 'pkcs8' }))
    await writeFile(join(folder, `${name}.pub`), publicKey.export({ format: 'pem', type: 'spki' }))
  }
  await writeFile(join(folder, 'claim.json'), '{"good":true}')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let layouts = 0
async function newImage(kind: 'image' | 'index' = 'image') {
  const name = `image-${++layouts}`
  const layout = openLayout(join(folder, name))
  const sample = kind === 'image' ? sampleImage(name) : sampleIndex(name)
  await pushAll(layout, sample)
  await layout.tag(sample.descriptor, 'v1')
  return { reference: parseReference(`oci:${name}:v1`), layout, sample, path: join(folder, name) }
}

const check = (reference: Reference, require: readonly string[] = [], keys = ['ours.pub']) =>
  verify({ reference, keys, require }, context)

const byDigest = (reference: Reference, digest: string) =>
  parseReference(`${formatReference(reference).replace(':v1', '')}@${digest}`)

describe('keys', () => {
  it('are written once, the private one for its owner only', async () => {
    const request = { prefix: 'made', algorithm: 'ed25519', password } as const
    const made = await generateKeyFiles(request, context)
    const text = await readFile(join(folder, made.privateKey), 'utf8')
    expect(text).toContain('ENCRYPTED SIGSTORE PRIVATE KEY')
    expect((await stat(join(folder, made.privateKey))).mode & 0o777).toBe(0o600)
    await expect(generateKeyFiles(request, context)).rejects.toMatchObject({ code: 'bad-usage' })
    expect(await readFile(join(folder, made.privateKey), 'utf8')).toBe(text)
    const { reference } = await newImage()
    const signed = await sign(
      { reference, scheme: 'referrers', key: { kind: 'file', path: 'made.key' } as const, password },
      context,
    )
    expect(signed.signer).toBe(made.id)
  })
})

describe.each(['referrers', 'tags'] as const)('signing with %s', (scheme: SignatureScheme) => {
  it('lets the key vouch for the image, and no other key', async () => {
    const { reference, sample } = await newImage()
    const signed = await sign({ reference, scheme, ...ours }, context)
    expect(signed.signatures).toMatchObject([{ subject: sample.descriptor.digest, existing: false }])
    const good = await check(reference)
    expect(good).toMatchObject({
      verified: true,
      subject: sample.descriptor.digest,
      signers: [signed.signer],
    })
    const bad = await check(reference, [], ['theirs.pub'])
    expect(bad).toMatchObject({
      verified: false,
      required: [{ type: predicateTypes.signature, reason: expect.stringMatching(/no trusted key made/) }],
    })
    expect((await check(reference, [], ['theirs.pub', 'ours.pub'])).verified).toBe(true)
  })

  it('adds nothing the second time, and a second signature for a second key', async () => {
    const { reference } = await newImage()
    const first = await sign({ reference, scheme, ...ours }, context)
    const again = await sign({ reference, scheme, ...ours }, context)
    expect(again.signatures).toEqual(first.signatures.map((each) => ({ ...each, existing: true })))
    await sign({ reference, scheme, ...theirs }, context)
    const { evidence } = await listEvidence({ reference, keys: ['ours.pub', 'theirs.pub'] }, context)
    expect(evidence.map((each) => each.verified)).toEqual([true, true])
    expect(new Set(evidence.flatMap((each) => each.signers)).size).toBe(2)
  })

  it('signs an index and each of its platforms', async () => {
    const { reference, sample, layout } = await newImage('index')
    const signed = await sign({ reference, scheme, ...ours }, context)
    expect(signed.signatures.map((each) => each.platform)).toEqual([undefined, 'linux/amd64', 'linux/arm64'])
    for (const { subject } of signed.signatures)
      expect((await check(byDigest(reference, subject))).verified).toBe(true)
    expect((await check(reference)).evidence).toHaveLength(3)
    expect(await layout.images()).toEqual([sample.descriptor])
  })

  it('survives a copy', async () => {
    const { reference } = await newImage('index')
    await sign({ reference, scheme, ...ours }, context)
    await attest({ reference, scheme, type: 'custom', predicate: 'claim.json', ...ours }, context)
    const to = parseReference(`oci:copy-${scheme}:v2`)
    await copyImage({ from: reference, to, evidence: 'require' }, context)
    expect((await check(to, ['signature', 'custom'])).verified).toBe(true)
    const bare = parseReference(`oci:bare-${scheme}:v2`)
    await copyImage({ from: reference, to: bare, evidence: 'none' }, context)
    expect(await check(bare)).toMatchObject({ verified: false, evidence: [] })
  })

  it('attests what a file says, of one type', async () => {
    const { reference, sample } = await newImage()
    const made = await attest(
      { reference, scheme, type: 'openvex', predicate: 'claim.json', ...ours },
      context,
    )
    expect(made).toMatchObject({ subject: sample.descriptor.digest, type: 'https://openvex.dev/ns' })
    expect((await check(reference, ['openvex'])).verified).toBe(true)
    expect(await check(reference, ['openvex', 'spdx'])).toMatchObject({
      verified: false,
      required: [
        { verified: true },
        { verified: false, reason: 'nothing of this type is attached to the image' },
      ],
    })
    // An attestation says something about the image; it does not stand by it.
    expect((await check(reference)).verified).toBe(false)
    const { evidence } = await listEvidence({ reference, keys: ['ours.pub'] }, context)
    expect(evidence).toMatchObject([{ digest: made.digest, type: made.type, verified: true }])
  })
})

describe('an image for several platforms', () => {
  const scheme = 'referrers'
  const attestOne = (reference: Reference, architecture: 'amd64' | 'arm64') =>
    attest(
      {
        reference,
        scheme,
        type: 'spdxjson',
        predicate: 'claim.json',
        platform: { os: 'linux', architecture },
        ...ours,
      },
      context,
    )

  it('has a type when every platform has it', async () => {
    const { reference } = await newImage('index')
    await attestOne(reference, 'amd64')
    expect(await check(reference, ['spdx'])).toMatchObject({
      verified: false,
      required: [{ reason: 'nothing of this type is attached to the image itself, linux/arm64' }],
    })
    await attestOne(reference, 'arm64')
    expect((await check(reference, ['spdx'])).verified).toBe(true)
  })

  it('is not signed by signatures of its platforms', async () => {
    const { reference, sample, layout } = await newImage('index')
    await layout.tag(sample.descriptor, 'v1')
    const { signatures } = await sign({ reference, scheme, ...ours }, context)
    const other = await newImage('index')
    for (const { subject, platform } of signatures)
      if (platform !== undefined) expect((await check(byDigest(reference, subject))).verified).toBe(true)
    expect((await check(other.reference)).verified).toBe(false)
  })
})

describe('what every platform has to have', () => {
  const recursive = (reference: Reference, require: readonly string[] = []) =>
    verify({ reference, keys: ['ours.pub'], require, recursive: true }, context)

  it('is on the image too, and no signature of it stands in for theirs', async () => {
    const { reference, sample } = await newImage('index')
    const index = byDigest(reference, sample.descriptor.digest)
    const request = { scheme: 'referrers', type: 'custom', predicate: 'claim.json', ...ours } as const
    await attest({ reference: index, ...request }, context)
    expect((await check(reference, ['custom'])).verified).toBe(true)
    expect(await recursive(reference, ['custom'])).toMatchObject({
      verified: false,
      required: [{ reason: 'nothing of this type is attached to linux/amd64, linux/arm64' }],
      images: [{ verified: true }, { platform: 'linux/amd64', verified: false }, { verified: false }],
    })
    for (const architecture of ['amd64', 'arm64'] as const)
      await attest({ reference, ...request, platform: { os: 'linux', architecture } }, context)
    expect(await recursive(reference, ['custom'])).toMatchObject({
      verified: true,
      required: [{ reason: expect.stringMatching(/, and so is each platform$/) }],
      images: [{ verified: true }, { verified: true }, { verified: true }],
    })
  })

  it('lacks on the image what its platforms alone have', async () => {
    const { reference } = await newImage('index')
    for (const architecture of ['amd64', 'arm64'] as const)
      await attest(
        {
          reference,
          scheme: 'referrers',
          type: 'custom',
          predicate: 'claim.json',
          platform: { os: 'linux', architecture },
          ...ours,
        },
        context,
      )
    expect(await check(reference, ['custom'])).toMatchObject({
      verified: true,
      required: [{ reason: expect.stringMatching(/ for each platform$/) }],
    })
    expect(await recursive(reference, ['custom'])).toMatchObject({
      verified: false,
      required: [{ reason: 'nothing of this type is attached to the image itself' }],
    })
  })

  it('is a signature for each, as sign makes them', async () => {
    const { reference } = await newImage('index')
    const { signer } = await sign({ reference, scheme: 'referrers', ...ours }, context)
    const result = await recursive(reference, ['signature', 'signature'])
    expect(result).toMatchObject({ verified: true, signers: [signer] })
    expect(result.required).toHaveLength(1)
    expect(result.evidence).toHaveLength(3)
  })
})

describe('provenance', () => {
  const build = (reference: Reference, more: object = {}) =>
    attest(
      { reference, scheme: 'referrers', type: 'slsaprovenance1', predicate: 'claim.json', ...ours, ...more },
      context,
    )
  const find = (reference: Reference, keys: readonly string[], more: object = {}) =>
    provenance({ reference, keys, ...more }, context)

  it('is what somebody who is trusted signed', async () => {
    const { reference, sample } = await newImage()
    await build(reference, theirs)
    const { signer } = await build(reference)
    expect(await find(reference, ['ours.pub'])).toMatchObject({
      subject: sample.descriptor.digest,
      statement: { predicate: { good: true } },
      verified: true,
      signers: [signer],
    })
  })

  it('is whatever is there when nobody is trusted, and proves nothing then', async () => {
    const { reference } = await newImage()
    await build(reference)
    expect(await find(reference, [])).toMatchObject({ verified: false })
  })

  it('is refused when only somebody else signed it', async () => {
    const { reference } = await newImage()
    const { digest } = await build(reference, theirs)
    await expect(find(reference, ['ours.pub'])).rejects.toMatchObject({
      code: 'not-verified',
      details: { digest },
    })
  })

  it('is not what says something else', async () => {
    const { reference } = await newImage()
    await attest(
      { reference, scheme: 'referrers', type: 'custom', predicate: 'claim.json', ...ours },
      context,
    )
    for (const keys of [[], ['ours.pub']])
      await expect(find(reference, keys)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('of an index may be that of a platform; of a platform it is its own', async () => {
    const { reference } = await newImage('index')
    const platform = { os: 'linux', architecture: 'arm64' } as const
    const { subject } = await build(reference, { platform })
    expect(await find(reference, ['ours.pub'])).toMatchObject({ subject })
    expect(await find(reference, ['ours.pub'], { platform })).toMatchObject({ subject })
    await expect(
      find(reference, ['ours.pub'], { platform: { os: 'linux', architecture: 'amd64' } }),
    ).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('the older scheme', () => {
  const keyless = { kind: 'keyless', token: async () => '' } as const

  it.each([
    ['a key alone', { key: ours.key, scheme: 'tags' }, true],
    ['a key with a timestamp', { key: ours.key, scheme: 'tags', timestamp: true }, false],
    ['no key', { key: keyless, scheme: 'tags' }, false],
    ['no key, in a bundle', { key: keyless, scheme: 'referrers' }, true],
    ['a timestamp, in a bundle', { key: ours.key, scheme: 'referrers', timestamp: true }, true],
  ])('with %s', (_, request, taken) => {
    const refuse = () => refuseWitnessedTags(request as Parameters<typeof refuseWitnessedTags>[0])
    if (taken) expect(refuse).not.toThrow()
    else expect(refuse).toThrow(/writes Sigstore bundles, not the older scheme/)
  })
})

describe('the time in what is attached', () => {
  it('is now, or what SOURCE_DATE_EPOCH says, in whole seconds', () => {
    const now = () => new Date('2026-01-02T03:04:05.678Z')
    expect(creationTime({ now })).toBe('2026-01-02T03:04:05Z')
    expect(creationTime({ now, sourceDateEpoch: 0 })).toBe('1970-01-01T00:00:00Z')
  })
})

describe('what is not signed', () => {
  it('is listed with its type, and vouches for nothing', async () => {
    const { reference, sample, layout } = await newImage()
    await pushAll(layout, sampleReferrer(sample.descriptor, 'application/spdx+json', '{}'))
    await pushAll(layout, sampleReferrer(sample.descriptor, 'application/vnd.example.note'))
    const { evidence } = await listEvidence({ reference, keys: ['ours.pub'] }, context)
    expect(evidence.map(({ type, verified, reason }) => ({ type, verified, reason }))).toEqual([
      { type: predicateTypes.spdxjson, verified: false, reason: 'it is not signed' },
      { type: 'application/vnd.example.note', verified: false, reason: 'it is not signed' },
    ])
    expect(await check(reference, ['spdx'])).toMatchObject({ verified: false, signers: [] })
  })

  it('is all there is without a key', async () => {
    const { reference } = await newImage()
    await sign({ reference, scheme: 'referrers', ...ours }, context)
    const { evidence } = await listEvidence({ reference, keys: [] }, context)
    expect(evidence).toMatchObject([{ verified: false, reason: expect.stringMatching(/no key/) }])
    await expect(check(reference, [], [])).rejects.toMatchObject({ code: 'bad-usage' })
  })
})

describe('bad input', () => {
  it.each([
    ['a key that is not there', { key: { kind: 'file', path: 'none.key' } as const }, 'not-found'],
    ['a public key', { key: { kind: 'file', path: 'ours.pub' } as const }, 'bad-key'],
    [
      'a wrong password',
      { key: { kind: 'file', path: 'made.key' } as const, password: async () => 'wrong' },
      'bad-key',
    ],
    ['a predicate that is not there', { predicate: 'none.json' }, 'not-found'],
    ['a predicate that is not JSON', { predicate: 'ours.pub' }, 'bad-attestation'],
    ['a type that nobody knows', { type: 'nonsense' }, 'bad-usage'],
    ['an image that is not there', { reference: parseReference('oci:none:v1') }, 'not-found'],
  ])('%s is told', async (_what, change, code) => {
    const { reference } = await newImage()
    const request = {
      reference,
      scheme: 'referrers',
      type: 'custom',
      predicate: 'claim.json',
      ...ours,
    } as const
    await expect(attest({ ...request, ...change }, context)).rejects.toMatchObject({ code })
  })

  it('a type to require that nobody knows is told', async () => {
    const { reference } = await newImage()
    await expect(check(reference, ['nonsense'])).rejects.toMatchObject({ code: 'bad-usage' })
  })

  // The place of the image answers nobody: whoever asked it first would tell that.
  const nowhere = parseReference('oci:none:v1')
  const trust = () => Promise.reject(new TemperError('bad-trust', 'no trust file'))
  it.each([
    ['a trust file that cannot be read', { trust }, 'bad-trust'],
    ['a key that is not there', { keys: ['none.pub'] }, 'not-found'],
    ['an age that is none', { keys: ['ours.pub'], maxAge: 'old' }, 'bad-usage'],
  ])('%s is told before the image is asked for', async (_what, change, code) => {
    const request = { reference: nowhere, keys: [], require: [], ...change }
    for (const ask of [verify, listEvidence, provenance]) {
      const error = await ask(request, context).catch((error: unknown) => error)
      expect(error).toMatchObject({ code })
      expect(String(error)).not.toContain('oci:none')
    }
  })

  it('nobody to trust, and a type that nobody knows, are told before the image is asked for', async () => {
    const ask = (require: readonly string[], keys: readonly string[]) =>
      verify({ reference: nowhere, keys, require }, context)
    await expect(ask([], [])).rejects.toMatchObject({ next: { action: 'name-trusted' } })
    await expect(ask(['nonsense'], ['ours.pub'])).rejects.toMatchObject({ code: 'bad-usage' })
    await expect(ask([], ['ours.pub'])).rejects.toMatchObject({ code: 'not-found' })
  })
})
