import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Policy, PolicyException, PolicyLevel } from '../../policy/file/policy.ts'
import { samplePolicy } from '../../policy/fixtures/sample.ts'
import type { AdmissionReason } from './admission.ts'
import { type Judged, waive } from './waive.ts'

const now = new Date('2026-03-01T12:00:00Z')

function reason(rule: string, level: AdmissionReason['level'] = 'error'): AdmissionReason {
  return {
    rule,
    level,
    found: `${rule} is broken`,
    remedy: 'mend it',
    file: 'a.yaml',
    line: 3,
    column: 5,
  } as AdmissionReason
}

function exception(over: Partial<PolicyException> = {}): PolicyException {
  return {
    rule: '*',
    images: [],
    owner: 'o@example.org',
    reason: 'why',
    expires: '2026-12-31',
    origin: 'p.yaml:1',
    ...over,
  }
}

function policyWith(
  exceptions: readonly PolicyException[],
  rules: Readonly<Record<string, PolicyLevel>> = {},
): Policy {
  const levels = Object.entries(rules).map(([rule, level]) => [rule, { level, parameters: {} }] as const)
  return samplePolicy({ exceptions, rules: new Map(levels) })
}

const pod = (over: Partial<Judged> = {}): Judged => ({
  object: 'Deployment/shop/web',
  subject: 'Deployment/web in shop',
  images: ['registry.example/team/web:1'],
  now,
  ...over,
})

const left = (policy: Policy | undefined, judged: Judged, ...rules: readonly string[]) =>
  waive(
    rules.map((rule) => reason(rule)),
    policy,
    judged,
  ).reasons.map(({ rule }) => rule)

describe('what refuses a pod', () => {
  it('stays where there is no policy, or none that lets it pass', () => {
    expect(left(undefined, pod(), 'a', 'b')).toEqual(['a', 'b'])
    expect(left(policyWith([]), pod(), 'a', 'b')).toEqual(['a', 'b'])
    expect(left(policyWith([exception({ rule: 'c' })]), pod(), 'a')).toEqual(['a'])
  })

  it('has the level of the policy, and is gone where that is off', () => {
    const { reasons } = waive(
      [reason('a'), reason('b'), reason('c', 'note')],
      policyWith([], { a: 'warning', b: 'off' }),
      pod(),
    )
    expect(reasons.map(({ rule, level, line }) => [rule, level, line])).toEqual([
      ['a', 'warning', 3],
      ['c', 'note', 3],
    ])
  })

  it('passes with the words of who let it', () => {
    const { reasons, waived } = waive(
      [reason('host-path')],
      policyWith([exception({ rule: 'host-*' })]),
      pod(),
    )
    expect(reasons).toEqual([])
    expect(waived).toEqual([
      {
        rule: 'host-path',
        owner: 'o@example.org',
        reason: 'why',
        until: '2026-12-31',
        subject: 'Deployment/web in shop',
        found: 'host-path is broken',
      },
    ])
  })

  it.each<[string, Partial<PolicyException>, Partial<Judged>, boolean]>([
    ['of the day', { expires: '2026-03-01' }, {}, true],
    ['that has ended', { expires: '2026-02-28' }, {}, false],
    ['for the object', { object: 'Deployment/shop/*' }, {}, true],
    ['for objects of another namespace', { object: 'Deployment/web' }, {}, false],
    ['for an object, of an image alone', { object: '**' }, { object: undefined as never }, false],
    ['for its image', { images: ['registry.example/team/**'] }, {}, true],
    ['for another image', { images: ['registry.example/other/**'] }, {}, false],
    [
      'for an image as Docker Hub calls it',
      { images: ['docker.io/library/nginx'] },
      { images: ['nginx:1.27'] },
      true,
    ],
    [
      'for one of its two images',
      { images: ['registry.example/team/web'] },
      { images: ['registry.example/team/web:1', 'elsewhere.example/x'] },
      false,
    ],
    [
      'for both',
      { images: ['registry.example/**', 'elsewhere.example/x'] },
      { images: ['registry.example/team/web:1', 'elsewhere.example/x'] },
      false,
    ],
    [
      'for both, by one pattern',
      { images: ['*.example/**'] },
      { images: ['registry.example/team/web:1', 'elsewhere.example/x'] },
      true,
    ],
    [
      'for images, where one has no proper name',
      { images: ['**'] },
      { images: ['registry.example/team/web:1', '$(IMAGE)'] },
      false,
    ],
    ['for images, where there is none', { images: ['registry.example/**'] }, { images: [] }, false],
    ['for whatever there is, where there is no image', {}, { images: [] }, true],
    ['for a finding', { finding: 'CVE-1' }, {}, false],
    ['for a package', { package: '*' }, {}, false],
    ['for the file that it is in', { path: 'a.yaml' }, {}, true],
    ['for another file', { path: 'b/**' }, {}, false],
  ])('an exception %s: it passes', (_, over, judged, passes) => {
    const { object, ...rest } = pod(judged)
    const about =
      'object' in judged && judged.object === undefined
        ? rest
        : { ...rest, ...(object === undefined ? {} : { object }) }
    expect(left(policyWith([exception(over)]), about, 'a')).toEqual(passes ? [] : ['a'])
  })

  it('is never more for an exception that is added, and each is either left or passes', () => {
    const rules = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 })
    const exceptions = fc.array(
      fc.record({
        rule: fc.constantFrom('a', 'b', '*', '?'),
        expires: fc.constantFrom('2020-01-01', '2099-01-01'),
        images: fc.constantFrom<readonly string[]>([], ['registry.example/**'], ['x.example/**']),
      }),
      { maxLength: 3 },
    )
    fc.assert(
      fc.property(rules, exceptions, (broken, stated) => {
        const reasons = broken.map((rule) => reason(rule))
        const all = stated.map(exception)
        const some = waive(reasons, policyWith(all.slice(1)), pod())
        const more = waive(reasons, policyWith(all), pod())
        expect(more.reasons.length).toBeLessThanOrEqual(some.reasons.length)
        expect(more.reasons.length + more.waived.length).toBe(reasons.length)
      }),
      { numRuns: 150, seed: 95 },
    )
  })
})
