import { generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttp } from '../base/http/http.ts'
import { evidenceTypes, type Trust } from '../model/attestation.ts'
import { signBundle } from './envelope/bundle.ts'
import { preAuthEncoding } from './envelope/dsse.ts'
import { LoopbackSigstore } from './fixtures/loopback/sigstore.ts'
import { sampleStatement, sampleSubject } from './fixtures/sample.ts'
import { keylessSigner } from './sigstore/keyless.ts'
import { readTrustedServices } from './sigstore/trusted-services.ts'
import { statementBytes } from './statement/in-toto.ts'
import { type CheckedDocument, checkBundle } from './trust/check.ts'
import { trustedIdentity } from './trust/identity.ts'

/*
 * The kinds of bundles with which clients of Sigstore are tried against each other (sigstore-conformance, bundle-verify),
 * made here: all valid ones are accepted, all others refused.
 */

// biome-ignore lint/suspicious/noExplicitAny: documents are taken apart at any place
type Json = any

const me = 'https://ci.example/team'
const now = new Date('2026-05-06T07:08:09Z')
const http = createHttp({ fetch: globalThis.fetch, firstDelay: 1 })
let services: LoopbackSigstore
let others: LoopbackSigstore
/** What was signed, once with a log entry and a timestamp, once by another instance, once of another statement. */
let bundle: Json
let elsewhere: Json
let another: Json
let lateBundle: Json

async function signed(by: LoopbackSigstore, name: string): Promise<Json> {
  const signer = await keylessSigner(by.token(me), { http, addresses: by.addresses })
  return JSON.parse(Buffer.from(await signBundle(sampleStatement(name), signer)).toString())
}

beforeAll(async () => {
  services = await LoopbackSigstore.start(now)
  others = await LoopbackSigstore.start(now)
  bundle = await signed(services, 'web')
  elsewhere = await signed(others, 'web')
  another = await signed(services, 'other')
  const signer = await keylessSigner(services.token(me), { http, addresses: services.addresses })
  // The certificate holds for ten minutes: what is logged and stamped later was signed with an expired one.
  services.now = new Date(now.getTime() + 3_600_000)
  lateBundle = JSON.parse(Buffer.from(await signBundle(sampleStatement('web'), signer)).toString())
  services.now = now
})
afterAll(async () => {
  await services.stop()
  await others.stop()
})

async function judge(json: Json | string, change: (root: Json) => void = () => {}): Promise<CheckedDocument> {
  const root = structuredClone(services.trustedRoot())
  change(root)
  const trust: Trust = {
    keys: [],
    identities: [trustedIdentity({ identity: me, issuer: services.url }, 'ci')],
    services: await readTrustedServices(Buffer.from(JSON.stringify(root)), 'root.json'),
  }
  const bytes = Buffer.from(typeof json === 'string' ? json : JSON.stringify(json))
  return checkBundle(bytes, { subject: sampleSubject('web'), trust, where: 'evidence' })
}

/** The bundle with a change. */
function changed(change: (json: Json) => void, from = bundle): Json {
  const json = structuredClone(from)
  change(json)
  return json
}

const entryOf = (json: Json) => json.verificationMaterial.tlogEntries[0]
const flipped = (base64: string) => {
  const bytes = Buffer.from(base64, 'base64')
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  return bytes.toString('base64')
}
const legacy = (version: string) => (json: Json) => {
  const { certificate, ...material } = json.verificationMaterial
  json.mediaType = `application/vnd.dev.sigstore.bundle+json;version=${version}`
  json.verificationMaterial = { x509CertificateChain: { certificates: [certificate] }, ...material }
}
/** Replaces text in a checkpoint, whose lines are origin, size and root hash. */
const checkpoint = (replace: (text: string) => string) => (json: Json) => {
  const { inclusionProof } = entryOf(json)
  inclusionProof.checkpoint.envelope = replace(inclusionProof.checkpoint.envelope)
}

type Case = readonly [what: string, make: () => Json | string, root?: (root: Json) => void]
const whole = (cases: readonly Case[]) =>
  cases.map(([what, make, root = () => {}]) => [what, make, root] as const)

const valid: readonly Case[] = [
  ['version 0.3', () => bundle],
  [
    'version 0.3 by its older media type',
    () =>
      changed((json) => {
        json.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.3'
      }),
  ],
  ['version 0.2 with a chain', () => changed(legacy('0.2'))],
  ['version 0.1 with a chain', () => changed(legacy('0.1'))],
  [
    'version 0.1 with the promise of the log alone',
    () =>
      changed((json) => {
        legacy('0.1')(json)
        delete entryOf(json).inclusionProof
      }),
  ],
  [
    'a log that ends counting in the very second',
    () => bundle,
    (root) => {
      root.tlogs[0].publicKey.validFor.end = now.toISOString()
    },
  ],
  [
    'a timestamp authority that ends counting in the very second',
    () => bundle,
    (root) => {
      root.timestampAuthorities[0].validFor.end = now.toISOString()
    },
  ],
  [
    'no timestamp where the log promises a time',
    () =>
      changed((json) => {
        delete json.verificationMaterial.timestampVerificationData
      }),
  ],
]

const invalid: readonly Case[] = [
  ['malformed JSON', () => `${JSON.stringify(bundle)}}`],
  [
    'an unknown version',
    () =>
      changed((json) => {
        json.mediaType = json.mediaType.replace('0.3', '9.9')
      }),
  ],
  [
    'no certificate in its chain',
    () =>
      changed((json) => {
        legacy('0.2')(json)
        json.verificationMaterial.x509CertificateChain.certificates = []
      }),
  ],
  [
    'a chain in version 0.3',
    () =>
      changed((json) => {
        const { mediaType } = json
        legacy('0.2')(json)
        json.mediaType = mediaType
      }),
  ],
  [
    'the root as its certificate',
    () =>
      changed((json) => {
        json.verificationMaterial.certificate = (
          services.trustedRoot() as Json
        ).certificateAuthorities[0].certChain.certificates[0]
      }),
  ],
  ['another instance', () => elsewhere],
  [
    'the certificate of another signature',
    () =>
      changed((json) => {
        json.verificationMaterial.certificate = elsewhere.verificationMaterial.certificate
      }),
  ],
  [
    'a signature that is no base64',
    () =>
      changed((json) => {
        json.dsseEnvelope.signatures[0].sig = '%%%'
      }),
  ],
  [
    'a signature that is wrong',
    () =>
      changed((json) => {
        json.dsseEnvelope.signatures[0].sig = flipped(json.dsseEnvelope.signatures[0].sig)
      }),
  ],
  [
    'the signature of something else',
    () =>
      changed((json) => {
        json.dsseEnvelope.signatures = another.dsseEnvelope.signatures
      }),
  ],
  [
    'another envelope than the one logged',
    () =>
      changed((json) => {
        json.verificationMaterial.tlogEntries = another.verificationMaterial.tlogEntries
      }),
  ],
  [
    'a payload that was changed',
    () =>
      changed((json) => {
        json.dsseEnvelope.payload = another.dsseEnvelope.payload
      }),
  ],
  [
    'a negative place in the log',
    () =>
      changed((json) => {
        entryOf(json).logIndex = '-1'
      }),
  ],
  [
    'no log entry',
    () =>
      changed((json) => {
        json.verificationMaterial.tlogEntries = []
      }),
  ],
  [
    'no proof of inclusion',
    () =>
      changed((json) => {
        delete entryOf(json).inclusionProof
      }),
  ],
  [
    'no proof of inclusion, in version 0.2',
    () =>
      changed((json) => {
        legacy('0.2')(json)
        delete entryOf(json).inclusionProof
      }),
  ],
  [
    'neither proof nor promise, in version 0.1',
    () =>
      changed((json) => {
        legacy('0.1')(json)
        delete entryOf(json).inclusionProof
        delete entryOf(json).inclusionPromise
      }),
  ],
  [
    'a proof of inclusion with a wrong hash',
    () =>
      changed((json) => {
        const { inclusionProof } = entryOf(another)
        entryOf(json).inclusionProof.hashes = inclusionProof.hashes
          .map(flipped)
          .concat(flipped(inclusionProof.rootHash))
      }),
  ],
  [
    'a log entry that is another',
    () =>
      changed((json) => {
        entryOf(json).canonicalizedBody = entryOf(another).canonicalizedBody
      }),
  ],
  [
    'a promise with a wrong signature',
    () =>
      changed((json) => {
        entryOf(json).inclusionPromise.signedEntryTimestamp = flipped(
          entryOf(json).inclusionPromise.signedEntryTimestamp,
        )
      }),
  ],
  [
    'a time that was changed',
    () =>
      changed((json) => {
        entryOf(json).integratedTime = String(Number(entryOf(json).integratedTime) + 1)
      }),
  ],
  ['a checkpoint without origin', () => changed(checkpoint((text) => text.slice(text.indexOf('\n') + 1)))],
  [
    'a checkpoint without size',
    () => changed(checkpoint((text) => text.split('\n').toSpliced(1, 1).join('\n'))),
  ],
  [
    'a checkpoint without root hash',
    () => changed(checkpoint((text) => text.split('\n').toSpliced(2, 1).join('\n'))),
  ],
  [
    'a checkpoint with another root hash',
    () =>
      changed(
        checkpoint((text) =>
          text
            .split('\n')
            .with(2, flipped(text.split('\n')[2] ?? ''))
            .join('\n'),
        ),
      ),
  ],
  [
    'a checkpoint with a wrong signature',
    () =>
      changed(checkpoint((text) => text.replace(/(— \S+ )(\S+)/, (_, who, base64) => who + flipped(base64)))),
  ],
  [
    'a checkpoint with the hint of another key',
    () => changed(checkpoint((text) => text.replace(/(— \S+ )(\S{4})/, (_, who) => `${who}AAAA`))),
  ],
  ['a checkpoint that nobody signed', () => changed(checkpoint((text) => text.slice(0, text.indexOf('—'))))],
  [
    'a timestamp of something else',
    () =>
      changed((json) => {
        json.verificationMaterial.timestampVerificationData =
          another.verificationMaterial.timestampVerificationData
      }),
  ],
  [
    'a timestamp of nobody who is trusted',
    () =>
      changed((json) => {
        json.verificationMaterial.timestampVerificationData =
          elsewhere.verificationMaterial.timestampVerificationData
      }),
  ],
  ['a certificate that was expired when it signed', () => lateBundle],
  [
    'a timestamp outside the time for which its authority counts',
    () => bundle,
    (root) => {
      root.timestampAuthorities[0].validFor.end = new Date(now.getTime() - 1000).toISOString()
    },
  ],
  [
    'a log entry outside the time for which the log counts',
    () => bundle,
    (root) => {
      root.tlogs[0].publicKey.validFor.end = new Date(now.getTime() - 1000).toISOString()
    },
  ],
  [
    'a certificate in no log that is trusted',
    () => bundle,
    (root) => {
      root.ctlogs = (others.trustedRoot() as Json).ctlogs
    },
  ],
  [
    'a certificate of no authority that is trusted',
    () => bundle,
    (root) => {
      root.certificateAuthorities = (others.trustedRoot() as Json).certificateAuthorities
    },
  ],
  [
    'a key in place of a certificate',
    () =>
      changed((json) => {
        json.verificationMaterial = {
          ...json.verificationMaterial,
          certificate: undefined,
          publicKey: { hint: 'x' },
        }
      }),
  ],
  [
    'an envelope signed with a key beside the certificate',
    () =>
      changed((json) => {
        const payload = statementBytes(sampleStatement('web'))
        const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
        const signature = sign('sha256', preAuthEncoding(evidenceTypes.statement, payload), privateKey)
        json.dsseEnvelope.signatures[0].sig = signature.toString('base64')
      }),
  ],
]

describe('bundles that are accepted', () => {
  it.each(whole(valid))('%s', async (_, make, change) => {
    const { verified, reason } = await judge(make(), change)
    expect({ verified, reason }).toEqual({ verified: true, reason: 'signed by a trusted identity' })
  })
})

describe('bundles that are refused', () => {
  it.each(whole(invalid))('%s', async (_, make, change) => {
    const { verified, reason } = await judge(make(), change)
    expect(verified).toBe(false)
    expect(reason).not.toBe('')
  })
})

describe('a trusted root', () => {
  it.each(['tlogs', 'ctlogs'])('whose %s count from no time on is refused', async (logs) => {
    const without = (root: Json) => {
      delete root[logs][0].publicKey.validFor.start
    }
    await expect(judge(bundle, without)).rejects.toMatchObject({
      code: 'bad-trust',
      message: expect.stringContaining('validFor.start'),
    })
  })

  it.each(['certificateAuthorities', 'timestampAuthorities'])(
    'whose %s count from no time on is refused',
    async (authorities) => {
      const without = (root: Json) => {
        delete root[authorities][0].validFor.start
      }
      await expect(judge(bundle, without)).rejects.toMatchObject({
        code: 'bad-trust',
        message: expect.stringMatching(/the authority \S+ has no validFor\.start/),
      })
    },
  )

  it.each(['start', 'end'])('that says no time as %s is refused', async (which) => {
    const odd = (root: Json) => {
      root.tlogs[0].publicKey.validFor[which] = 'soon'
    }
    await expect(judge(bundle, odd)).rejects.toMatchObject({
      code: 'bad-trust',
      message: expect.stringContaining(`the validFor.${which} of the key of the log`),
    })
  })
})
