import { describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { type Tier, tiers } from '../../model/assess/assessment.ts'
import type { ImageFacts } from '../../policy/facts/facts.ts'
import type { Policy, PolicyException } from '../../policy/file/policy.ts'
import { sampleFacts, samplePolicy } from '../../policy/fixtures/sample.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { judge } from './gate.ts'

const digest = sha256('index')
const context = sampleContext('/nowhere')
const on = (platform: string, over: Partial<ImageFacts> = {}): ImageFacts => {
  const facts = sampleFacts(over)
  return { ...facts, image: { ...facts.image, platform, digest: sha256(platform) } }
}

const gate = (policy: Policy, images: readonly ImageFacts[], repositories: readonly string[] = []) =>
  judge({ reference: 'r', digest, images }, { policy, repositories }, context)

const setuid = { rule: 'setuid', level: 'error', subject: '/x', found: 'so', remedy: 'mend' } as const
const broken = { violations: [{ ...setuid, place: { kind: 'path', path: '/x' } as const }] }
const strict = samplePolicy({ otherRules: 'error' })

describe('an image for several platforms', () => {
  it('is allowed when each of them is, and tells the index that was looked up', async () => {
    const fine = await gate(strict, [on('linux/amd64'), on('linux/arm64')])
    expect(fine).toMatchObject({ allowed: true, digest, reference: 'r', policy: 'sample' })
    const bad = await gate(strict, [on('linux/amd64'), on('linux/arm64', broken)])
    expect(bad.images.map(({ platform, digest: own, allowed }) => [platform, own, allowed])).toEqual([
      ['linux/amd64', sha256('linux/amd64'), true],
      ['linux/arm64', sha256('linux/arm64'), false],
    ])
    expect(bad.allowed).toBe(false)
  })

  it('without any is not allowed: nothing was judged', async () => {
    const { allowed, images } = await gate(samplePolicy(), [])
    expect([allowed, images]).toEqual([false, []])
  })
})

describe('repositories that an image will be in', () => {
  const exception: PolicyException = {
    rule: 'setuid',
    images: ['registry.example/playground/**'],
    owner: 'o',
    reason: 'r',
    expires: '2026-12-31',
    origin: 'p:1',
  }
  const lenient = samplePolicy({ otherRules: 'error', exceptions: [exception] })

  it.each<[readonly string[], boolean]>([
    [[], false],
    [['registry.example/playground/web'], true],
    [['registry.example/team/web'], false],
    [['registry.example/playground/web', 'registry.example/team/web'], false],
    [['registry.example/playground/web', 'registry.example/playground/more/web'], true],
  ])('%j: allowed %s', async (repositories, allowed) => {
    const outcome = await gate(lenient, [on('linux/amd64', broken)], repositories)
    expect(outcome.allowed).toBe(allowed)
    expect(outcome.images).toHaveLength(Math.max(1, repositories.length))
  })
})

describe('the tier of all', () => {
  const withTier = (tier: Tier | undefined) => {
    const { tier: _, ...facts } = sampleFacts()
    return tier === undefined ? facts : { ...facts, tier }
  }

  it('is the lowest of its images', async () => {
    for (const [at, low] of tiers.entries())
      for (const high of tiers.slice(at))
        for (const images of [
          [withTier(low), withTier(high)],
          [withTier(high), withTier(low)],
        ])
          expect((await gate(samplePolicy(), images)).tier).toBe(low)
  })

  it('is not known unless that of each is', async () => {
    expect(await gate(samplePolicy(), [withTier('secure'), withTier(undefined)])).not.toHaveProperty('tier')
    expect(await gate(samplePolicy(), [])).not.toHaveProperty('tier')
  })
})

describe('the digest of the policy', () => {
  it('is another one whenever it says something else', async () => {
    const of = async (policy: Policy) => (await gate(policy, [])).policyDigest
    const same = await of(samplePolicy())
    expect(await of(samplePolicy())).toBe(same)
    const others = [
      await of(strict),
      await of(samplePolicy({ tier: 'minimal' })),
      await of(samplePolicy({ images: ['registry.example/**'] })),
      await of(samplePolicy({ evidence: new Map([['sbom', 'error']]) })),
      await of(samplePolicy({ rules: new Map([['shell', { level: 'off', parameters: {} }]]) })),
      await of(samplePolicy({ rules: new Map([['shell', { level: 'off', parameters: { most: 3 } }]]) })),
    ]
    expect(new Set([same, ...others]).size).toBe(others.length + 1)
  })
})
