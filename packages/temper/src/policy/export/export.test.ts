import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { glob } from '../../base/glob.ts'
import { type AdmissionRule, labelOf, referencePattern } from './admission-rule.ts'
import { gatekeeperPolicies } from './gatekeeper.ts'
import { kyvernoPolicies } from './kyverno.ts'
import { policyControllerPolicies } from './policy-controller.ts'

const schemas: Record<string, object> = JSON.parse(
  readFileSync(new URL('fixtures/admission-crds.json', import.meta.url), 'utf8'),
)
const validator = (name: string) =>
  new Ajv({ strict: false, logger: false, validateFormats: false }).compile(schemas[name] ?? {})

const rule: AdmissionRule = {
  name: 'team',
  images: ['registry.example/team/*'],
  signers: [
    { name: 'release', keys: ['-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----\n', 'B'] },
    {
      name: 'ci',
      keys: [],
      identity: { identityRegexp: 'https://ci\\.example/.*', issuer: 'https://ci.example' },
    },
  ],
  attestations: ['https://spdx.dev/Document'],
  signature: true,
}
const texts = fc.oneof(fc.string(), fc.constantFrom('registry.example/a*', '**', 'x"y', "it's"))
const rules = fc.record({
  name: fc.constantFrom('a', 'b'),
  images: fc.array(texts, { minLength: 1, maxLength: 3 }),
  signers: fc.constant(rule.signers),
  attestations: fc.array(fc.constantFrom('https://spdx.dev/Document', 'x')),
  signature: fc.boolean(),
})

describe.each([
  ['kyverno', kyvernoPolicies],
  ['policy-controller', policyControllerPolicies],
  ['gatekeeper', gatekeeperPolicies],
] as const)('for %s', (name, make) => {
  it('are of a kind that its definition takes, whatever the trust file says', () => {
    const validate = validator(name)
    fc.assert(
      fc.property(fc.array(rules, { minLength: 1, maxLength: 3 }), (all) => {
        const { objects } = make(all)
        for (const object of objects.slice(0, name === 'gatekeeper' ? 1 : objects.length)) {
          validate(object)
          expect(validate.errors ?? []).toEqual([])
          expect(parse(stringify(object))).toEqual(object)
        }
      }),
      { numRuns: 30 },
    )
    const [object] = make([rule]).objects
    expect(validate({ ...object, spec: { ...(object?.['spec'] as object), unheard: 1 } })).toBe(false)
  })
})

it('Kyverno asks every list of containers for a signature of one of the signers, and for each statement', () => {
  const [object] = kyvernoPolicies([rule]).objects
  const spec = object?.['spec'] as {
    attestors: { name: string; cosign: object }[]
    validations: { expression: string }[]
  }
  expect(spec.attestors.map(({ name }) => name)).toEqual(['release', 'release-2', 'ci'])
  expect(spec.attestors[2]?.cosign).toEqual({
    keyless: { identities: [{ subjectRegExp: 'https://ci\\.example/.*', issuer: 'https://ci.example' }] },
  })
  expect(spec.validations).toHaveLength(6)
  expect(spec.validations[1]?.expression).toBe(
    'images.initContainers.map(image, verifyImageSignatures(image, [attestors["release"], attestors["release-2"], attestors["ci"]])).all(count, count > 0)',
  )
})

it('policy-controller is given patterns that fit tags and digests', () => {
  const [object] = policyControllerPolicies([rule]).objects
  expect(object).toMatchObject({
    spec: { images: [{ glob: 'registry.example/team/*:**' }, { glob: 'registry.example/team/*@**' }] },
  })
})

describe('a pattern of repositories', () => {
  it('fits the references of just those that the trust file means', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '.')
    const name = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
    const pattern = fc.array(fc.constantFrom('a', 'b', '/', '*', '**', '?', '.'), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(
        name,
        pattern,
        fc.constantFrom('', ':1', '@sha256:ab', ':1@sha256:ab'),
        (text, parts, end) => {
          const expression = new RegExp(referencePattern([parts.join('')]))
          expect(expression.test(text + end)).toBe(glob(parts.join(''))(text))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('takes apart no character of a name', () => {
    expect(new RegExp(referencePattern(['a.b/c+', 'x'])).test('aXb/c+')).toBe(false)
    expect(new RegExp(referencePattern(['a.b/c+', 'x'])).test('x:latest')).toBe(true)
    expect(labelOf('Team/Web *', 'rule')).toBe('team-web')
    expect(labelOf('**', 'rule')).toBe('rule')
  })
})
