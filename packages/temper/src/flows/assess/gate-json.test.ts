import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import type { Place } from '../../model/rule.ts'
import type { Reason } from '../../policy/decide/decision.ts'
import type { PolicyException } from '../../policy/file/policy.ts'
import { type GatedImage, type GateOutcome, merged } from './gate.ts'
import { gateJson } from './gate-json.ts'

const digest = sha256('image')
const reason = (rule: string, over: Partial<Reason> = {}): Reason => ({
  rule,
  level: 'error',
  subject: 'it',
  place: { kind: 'whole' },
  found: 'so',
  remedy: 'mend it',
  ...over,
})
const exception = (rule: string): PolicyException => ({
  rule,
  images: [],
  owner: 'a@example.org',
  reason: 'why not',
  expires: '2026-12-31',
  origin: 'p.yaml:3',
})

function gated(platform: string, over: Partial<GatedImage> = {}): GatedImage {
  const none = { reasons: [], remarks: [], waived: [], expired: [], unused: [] }
  return { platform, digest: sha256(platform), allowed: true, policy: 'p', ...none, ...over }
}

function outcome(...images: readonly GatedImage[]): GateOutcome {
  const allowed = images.every((each) => each.allowed)
  return { reference: 'r', digest, allowed, policy: 'p', policyDigest: sha256('policy'), images }
}

describe('what several platforms have in common', () => {
  it('is told once, and without saying of which platforms when it is true of all', () => {
    const [all, one] = [reason('all'), reason('one')]
    const json = gateJson(
      outcome(
        gated('linux/amd64', { allowed: false, reasons: [all] }),
        gated('linux/arm64', { allowed: false, reasons: [one, all] }),
      ),
    )
    expect(json.reasons).toEqual([
      { rule: 'all', level: 'error', subject: 'it', found: 'so', remedy: 'mend it' },
      expect.objectContaining({ rule: 'one', platforms: ['linux/arm64'] }),
    ])
  })

  it('is every reason of every image, each once, whatever they are', () => {
    const reasons = fc.array(
      fc.constantFrom('a', 'b', 'c').map((rule) => reason(rule)),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(fc.array(reasons, { minLength: 1, maxLength: 3 }), (all) => {
        const images = all.map((each, i) => gated(`linux/p${i}`, { reasons: each }))
        const once = merged(images, (image) => image.reasons)
        expect(new Set(once.map(({ item }) => item.rule)).size).toBe(once.length)
        for (const { item, platforms } of once)
          expect(platforms).toEqual(
            images
              .filter((image) => image.reasons.some(({ rule }) => rule === item.rule))
              .map(({ platform }) => platform),
          )
        expect(new Set(once.map(({ item }) => item.rule))).toEqual(
          new Set(all.flat().map(({ rule }) => rule)),
        )
      }),
      { numRuns: 100 },
    )
  })

  it('are exceptions that fit nothing on any of them: one that fits on one platform is used', () => {
    const [one, both] = [exception('one'), exception('both')]
    const json = gateJson(
      outcome(gated('linux/amd64', { unused: [one, both] }), gated('linux/arm64', { unused: [both] })),
    )
    expect(json.unused).toEqual([
      { rule: 'both', owner: 'a@example.org', reason: 'why not', until: '2026-12-31', place: 'p.yaml:3' },
    ])
  })
})

describe('a platform that is judged for several repositories', () => {
  it('is allowed when it is allowed in each, and is listed once', () => {
    const json = gateJson(
      outcome(
        gated('linux/amd64'),
        gated('linux/amd64', { allowed: false, reasons: [reason('there')] }),
        gated('linux/arm64'),
      ),
    )
    expect(json.platforms).toEqual([
      { platform: 'linux/amd64', digest: sha256('linux/amd64'), allowed: false },
      { platform: 'linux/arm64', digest: sha256('linux/arm64'), allowed: true },
    ])
    expect(json.reasons.map(({ platforms }) => platforms)).toEqual([['linux/amd64']])
  })
})

describe('a reason', () => {
  const layer = sha256('layer')
  it.each<[Place, object]>([
    [{ kind: 'whole' }, {}],
    [{ kind: 'path', path: '/a' }, { path: '/a' }],
    [
      { kind: 'path', path: '/a', layer },
      { path: '/a', layer },
    ],
    [
      { kind: 'span', file: '/b', line: 3, column: 1, layer },
      { path: '/b', layer },
    ],
    [{ kind: 'layer', layer }, { layer }],
    [{ kind: 'package', name: 'n', version: '1', purl: 'pkg:npm/n@1' }, {}],
    [{ kind: 'package', name: 'n', version: '1', purl: 'pkg:npm/n@1', path: '/db' }, { path: '/db' }],
  ])('at %j has as its place %j', (place, expected) => {
    const [first] = gateJson(outcome(gated('linux/amd64', { reasons: [reason('r', { place })] }))).reasons
    const { rule: _, level, subject, found, remedy, ...rest } = first ?? reason('none')
    expect(rest).toEqual(expected)
    expect([level, subject, found, remedy]).toEqual(['error', 'it', 'so', 'mend it'])
  })

  it('says when nobody could judge it, and nothing of it otherwise', () => {
    const json = gateJson(
      outcome(
        gated('linux/amd64', { remarks: [reason('a', { unjudged: true, level: 'warning' }), reason('b')] }),
      ),
    )
    expect(json.remarks.map(({ judged }) => judged)).toEqual([false, undefined])
    expect(json.reasons).toEqual([])
  })

  it('that is let pass is told with who answers for it and until when', () => {
    const waived = [{ reason: reason('r', { subject: '/x', found: 'setuid' }), exception: exception('r*') }]
    expect(gateJson(outcome(gated('linux/amd64', { waived, expired: [exception('old')] })))).toMatchObject({
      waived: [
        {
          rule: 'r',
          owner: 'a@example.org',
          reason: 'why not',
          until: '2026-12-31',
          subject: '/x',
          found: 'setuid',
        },
      ],
      expired: [{ rule: 'old', place: 'p.yaml:3' }],
    })
  })
})
