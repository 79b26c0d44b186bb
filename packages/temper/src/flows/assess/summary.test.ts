import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { predicateTypes } from '../../model/attestation.ts'
import { pushAll, sampleImage } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import type { OwnRule } from '../../policy/file/policy.ts'
import { samplePolicy } from '../../policy/fixtures/sample.ts'
import type { Context } from '../context.ts'
import { listEvidence } from '../evidence/list.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { gateBeforeTag, type TagCandidate } from './before-tag.ts'
import { type GateOutcome, gate } from './gate.ts'
import { writeSummary } from './summary.ts'

let folder = ''
let context: Context
const image = sampleImage('judged')
const moved = sampleImage('moved')
const sign = { key: { kind: 'file', path: 'ours.key' }, password: async () => '' } as const
const reference = parseReference('oci:web:v1')
const registry = parseReference('registry.example/team/web:1')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-summary-'))
  context = sampleContext(folder)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await writeFile(join(folder, 'ours.key'), privateKey.export({ format: 'pem', type: 'pkcs8' }))
  await writeFile(join(folder, 'ours.pub'), publicKey.export({ format: 'pem', type: 'spki' }))
  const layout = openLayout(join(folder, 'web'))
  for (const each of [image, moved]) await pushAll(layout, each)
  await layout.tag(image.descriptor, 'v1')
  await layout.close()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const outcome = (over: Partial<GateOutcome> = {}): GateOutcome => ({
  reference: 'r',
  digest: image.descriptor.digest,
  allowed: true,
  policy: 'team policy/1',
  policyDigest: sha256('policy'),
  tier: 'hardened',
  images: [],
  ...over,
})
const written = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'))

describe('a verification summary', () => {
  it('says what the gate said of which image, by which policy, when', async () => {
    expect(await writeSummary(outcome(), { reference: registry, file: 's.json' }, context)).toEqual({
      file: 's.json',
    })
    expect(await written('s.json')).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        {
          name: 'registry.example/team/web:1',
          digest: { sha256: image.descriptor.digest.slice('sha256:'.length) },
        },
      ],
      predicateType: predicateTypes.vsa,
      predicate: {
        verifier: { id: 'urn:temper:verifier:unnamed', version: { temper: expect.any(String) } },
        timeVerified: '2026-01-02T03:04:05Z',
        resourceUri: 'oci://registry.example/team/web:1',
        policy: {
          uri: 'urn:temper:policy:team%20policy%2F1',
          digest: { sha256: sha256('policy').slice('sha256:'.length) },
        },
        verificationResult: 'PASSED',
        verifiedLevels: ['TEMPER_POLICY_TEAM_POLICY_1', 'TEMPER_TIER_HARDENED'],
        slsaVersion: '1.0',
      },
    })
  })

  it('of what was refused has no levels but FAILED', async () => {
    await writeSummary(outcome({ allowed: false }), { reference: registry, file: 'f.json' }, context)
    const { predicate } = await written('f.json')
    expect([predicate.verificationResult, predicate.verifiedLevels]).toEqual(['FAILED', ['FAILED']])
  })

  it('names no tier that is not known, and no name that an image in a folder has not', async () => {
    const { tier: _, ...unknown } = outcome()
    await writeSummary(
      unknown,
      { reference, file: 'n.json' },
      { ...context, builderId: 'https://ci.example' },
    )
    const { predicate, subject } = await written('n.json')
    expect(predicate.verifiedLevels).toEqual(['TEMPER_POLICY_TEAM_POLICY_1'])
    expect(predicate.resourceUri).toBe(`urn:temper:image:${image.descriptor.digest}`)
    expect(predicate.verifier.id).toBe('https://ci.example')
    expect(subject).toEqual([{ digest: expect.any(Object) }])
  })

  it('that is signed is a bundle in its file, and is attached to the image that was judged, whatever its tag means', async () => {
    const layout = openLayout(join(folder, 'web'))
    await layout.tag(moved.descriptor, 'v1')
    try {
      const made = await writeSummary(outcome(), { reference, sign, attach: true, file: 'b.json' }, context)
      expect(await written('b.json')).toMatchObject({ dsseEnvelope: { payloadType: expect.any(String) } })
      const at = (digest: string) =>
        listEvidence({ reference: parseReference(`oci:web@${digest}`), keys: ['ours.pub'] }, context)
      expect((await at(image.descriptor.digest)).evidence).toMatchObject([
        { type: predicateTypes.vsa, verified: true, digest: made.digest, signers: [made.signer] },
      ])
      expect((await at(moved.descriptor.digest)).evidence).toEqual([])
    } finally {
      await layout.tag(image.descriptor, 'v1')
      await layout.close()
    }
  })

  it('that nobody signed is not attached', async () => {
    await expect(writeSummary(outcome(), { reference, attach: true }, context)).rejects.toMatchObject({
      code: 'bad-usage',
      next: { action: 'sign-with-key' },
    })
  })
})

describe('an image that is about to get its name', () => {
  const candidate: TagCandidate = {
    reference,
    digest: image.descriptor.digest,
    repositories: [],
    state: 'it was built, but not published',
  }
  const rule = (id: string): OwnRule => ({
    id,
    level: 'error',
    title: 'it is fine',
    each: 'image',
    brokenWhen: 'true',
    fix: `mend ${id}`,
    origin: 'p.yaml:1',
  })

  it('gets what the gate said', async () => {
    expect(await gateBeforeTag(candidate, { policy: samplePolicy() }, context)).toMatchObject({
      allowed: true,
      digest: image.descriptor.digest,
    })
  })

  it('is refused with each reason once and what to do, and what became of it', async () => {
    const policy = samplePolicy({ name: 'strict', ownRules: [rule('a'), rule('b')] })
    const refused = gateBeforeTag(candidate, { policy }, context)
    await expect(refused).rejects.toMatchObject({
      code: 'gate-refused',
      message: expect.stringMatching(
        /^The policy strict refuses the image: it was built, but not published:\n {2}a: .*; mend a\n {2}b: .*; mend b$/,
      ),
      details: { gate: { allowed: false, reasons: [{ rule: 'a' }, { rule: 'b' }] } },
    })
  })

  it('is told no more than twenty reasons', async () => {
    const ownRules = Array.from({ length: 23 }, (_, i) => rule(`r${i}`))
    const { message } = (await gateBeforeTag(
      candidate,
      { policy: samplePolicy({ ownRules }) },
      context,
    ).catch((error: Error) => error as Error & { readonly message: string })) as Error
    expect(message.split('\n')).toHaveLength(22)
    expect(message).toMatch(/\n {2}and 3 more$/)
  })

  it('is another one when its name means something else by now', async () => {
    const changed = { ...candidate, digest: moved.descriptor.digest }
    await expect(gateBeforeTag(changed, { policy: samplePolicy() }, context)).rejects.toMatchObject({
      code: 'digest-mismatch',
      message: expect.stringContaining(moved.descriptor.digest),
    })
  })

  it('is judged as the gate judges it', async () => {
    const policy = samplePolicy({ otherRules: 'own' })
    const { images, allowed } = await gate({ reference, policy }, context)
    expect(allowed).toBe(false)
    expect(images.map(({ platform }) => platform)).toEqual(['linux/amd64'])
  })
})
