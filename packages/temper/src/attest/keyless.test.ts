import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttp } from '../base/http.ts'
import type { Trust } from '../model/attestation.ts'
import { signBundle } from './bundle.ts'
import { checkBundle } from './check.ts'
import { trustedIdentity } from './identity.ts'
import { keylessSigner } from './keyless.ts'
import { LoopbackSigstore } from './loopback/sigstore.ts'
import { sampleStatement, sampleSubject } from './sample.ts'
import { readTrustedServices } from './trusted-services.ts'

const now = new Date('2026-05-06T07:08:09Z')
const http = createHttp({ fetch: globalThis.fetch, firstDelay: 1 })
let services: LoopbackSigstore
let trust: Trust
beforeAll(async () => {
  services = await LoopbackSigstore.start(now)
  trust = {
    keys: [],
    identities: [trustedIdentity({ identity: 'https://ci.example/team', issuer: services.url }, 'ci')],
    services: await readTrustedServices(Buffer.from(JSON.stringify(services.trustedRoot())), 'root.json'),
  }
})
afterAll(() => services.stop())

const expected = (believed = trust) => ({
  subject: sampleSubject('web'),
  trust: believed,
  where: 'evidence',
})

async function signed(sub = 'https://ci.example/team'): Promise<Uint8Array> {
  const signer = await keylessSigner(services.token(sub), { http, addresses: services.addresses })
  return await signBundle(sampleStatement('web'), signer)
}

describe('signing without a key', () => {
  it('is verified by identity, offline, with the time that was witnessed', async () => {
    expect(checkBundle(await signed(), expected())).toMatchObject({
      reason: 'signed by a trusted identity',
      verified: true,
      vouchers: ['ci'],
      signers: [`https://ci.example/team (${services.url})`],
      time: now.toISOString(),
    })
  })
})
