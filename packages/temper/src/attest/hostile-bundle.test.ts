import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttp } from '../base/http/http.ts'
import type { Trust } from '../model/attestation.ts'
import { signBundle } from './envelope/bundle.ts'
import { olderMaterial } from './envelope/older-material.ts'
import { simpleSigningPayload } from './envelope/simple-signing.ts'
import { LoopbackSigstore } from './fixtures/loopback/sigstore.ts'
import { sampleStatement, sampleSubject } from './fixtures/sample.ts'
import { keylessSigner } from './sigstore/keyless.ts'
import { certificatePem } from './sigstore/rekor.ts'
import { readTrustedServices } from './sigstore/trusted-services.ts'
import { checkBundle, checkSimpleSigning } from './trust/check.ts'
import { trustedIdentity } from './trust/identity.ts'

/* Whatever a bundle holds, it is judged: never an error, never believed unless what it states was signed. */

const me = 'https://ci.example/team'
const http = createHttp({ fetch: globalThis.fetch, firstDelay: 1 })
let services: LoopbackSigstore
let trust: Trust
let bundle: string
beforeAll(async () => {
  services = await LoopbackSigstore.start(new Date('2026-05-06T07:08:09Z'))
  const root = Buffer.from(JSON.stringify(services.trustedRoot()))
  trust = {
    keys: [],
    identities: [trustedIdentity({ identity: me, issuer: services.url }, 'ci')],
    services: await readTrustedServices(root, 'root.json'),
  }
  const signer = await keylessSigner(services.token(me), { http, addresses: services.addresses })
  bundle = Buffer.from(await signBundle(sampleStatement('web'), signer)).toString()
})
afterAll(() => services.stop())

const expected = () => ({ subject: sampleSubject('web'), trust, where: 'evidence' })

/** Ways to the values of a document. */
function paths(value: unknown, way: readonly string[] = []): (readonly string[])[] {
  if (value === null || typeof value !== 'object') return [way]
  return [way, ...Object.entries(value).flatMap(([name, inner]) => paths(inner, [...way, name]))]
}

function replaced(value: unknown, way: readonly string[], by: unknown): unknown {
  const [name, ...rest] = way
  if (name === undefined) return by
  const copy = structuredClone(value) as Record<string, unknown>
  copy[name] = replaced(copy[name], rest, by)
  return copy
}

const values = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, [], {}, 'AAAA', '9'.repeat(30), true, [[]], [null], {
    rawBytes: 'MAA=',
  }),
  fc.base64String({ maxLength: 200 }),
  fc.jsonValue({ maxDepth: 2 }),
)

describe('a bundle', () => {
  it('with another value anywhere is judged, and believed only for what was signed', () => {
    const json: unknown = JSON.parse(bundle)
    fc.assert(
      fc.property(fc.constantFrom(...paths(json)), values, (way, value) => {
        const verdict = checkBundle(Buffer.from(JSON.stringify(replaced(json, way, value))), expected())
        if (verdict.verified)
          expect(verdict).toMatchObject({ vouchers: ['ci'], statement: sampleStatement('web') })
        else expect(verdict.reason).not.toBe('')
      }),
      { numRuns: 100 },
    )
  })

  it('with one byte of base64 turned is not believed, or says the same', () => {
    fc.assert(
      fc.property(fc.nat(bundle.length - 1), fc.constantFrom('A', 'b', '/', '"', '0'), (at, char) => {
        const text = `${bundle.slice(0, at)}${char}${bundle.slice(at + 1)}`
        const verdict = checkBundle(Buffer.from(text), expected())
        if (verdict.verified) expect(verdict.statement).toEqual(sampleStatement('web'))
      }),
      { numRuns: 100 },
    )
  })
})

describe('older material', () => {
  it('of any kind is judged', () => {
    const payload = simpleSigningPayload({ identity: 'web', digest: sampleSubject('web') })
    const { rawBytes } = (
      JSON.parse(bundle) as { verificationMaterial: { certificate: { rawBytes: string } } }
    ).verificationMaterial.certificate
    const certificate = certificatePem(Buffer.from(rawBytes, 'base64'))
    const texts = fc.oneof(fc.json({ maxDepth: 3 }), fc.string(), fc.constant('{"Payload":{"body":"e30="}}'))
    fc.assert(
      fc.property(fc.oneof(texts, fc.constant(certificate)), texts, texts, (pem, log, stamp) => {
        const material = olderMaterial({
          'dev.sigstore.cosign/certificate': pem,
          'dev.sigstore.cosign/bundle': log,
          'dev.sigstore.cosign/rfc3161timestamp': stamp,
        })
        if (material === undefined) return
        const verdict = checkSimpleSigning({ payload, signature: 'AAAA', material }, expected())
        expect(verdict.verified).toBe(false)
      }),
      { numRuns: 100 },
    )
  })
})
