import { createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { preAuthEncoding } from '../envelope/dsse.ts'
import type { SigstoreAddresses } from '../sigstore/client.ts'
import {
  certificate,
  certificateTimestamp,
  extension,
  newKeyPair,
  newSerial,
  pem,
  rootCertificate,
  sha256Of,
  spki,
  toBeSigned,
  usage,
} from './authority.ts'
import { der, sequence, text } from './der.ts'
import { type Claims, IdentityProvider } from './identity-provider.ts'
import { MerkleLog } from './merkle-log.ts'
import { TimestampAuthority } from './timestamp-authority.ts'

type Json = Readonly<Record<string, unknown>>

/** An answer: JSON, or bytes of another type. */
type Answer = { readonly status: number; readonly body: Json | Buffer | string; readonly type?: string }

/** Authorisation of the loopback's own ambient tokens, as in a run of a CI service. */
export const requestToken = 'a-request-token'

/**
 * Fulcio, Rekor, a timestamp authority and an identity provider on one loopback port: real certificates, a real
 * log, real timestamps, trusted by nobody but the trusted root that they hand out. For tests.
 */
export class LoopbackSigstore {
  /** What they take for now. */
  now: Date
  /** Paths of the requests that came in. */
  readonly seen: string[] = []
  readonly provider = new IdentityProvider()
  readonly #started: Date
  readonly #server: Server
  readonly #ca = newKeyPair()
  readonly #certificateLog = newKeyPair()
  readonly #root: Buffer
  readonly #tsa: TimestampAuthority
  #log: MerkleLog | undefined

  private constructor(now: Date) {
    this.now = now
    // Certificates hold whole seconds.
    this.#started = new Date(Math.floor(now.getTime() / 1000) * 1000 - 86_400_000)
    this.#root = rootCertificate('loopback fulcio', this.#ca, this.#started)
    this.#tsa = new TimestampAuthority(this.#started)
    this.#server = createServer((request, response) => {
      this.#respond(request, response).catch((error: Error) => {
        response.writeHead(400, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ code: 3, message: error.message }))
      })
    })
  }

  static async start(now: Date): Promise<LoopbackSigstore> {
    const services = new LoopbackSigstore(now)
    await new Promise<void>((done) => services.#server.listen(0, '127.0.0.1', done))
    return services
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get addresses(): SigstoreAddresses {
    return { fulcio: this.url, rekor: this.url, tsa: this.url }
  }

  get log(): MerkleLog {
    this.#log ??= new MerkleLog(newKeyPair(), new URL(this.url).host)
    return this.#log
  }

  /** A token for an identity, good for ten minutes. */
  token(sub: string, more: Partial<Claims> = {}): string {
    const exp = Math.floor(this.now.getTime() / 1000) + 600
    return this.provider.token({ iss: this.url, sub, aud: 'sigstore', exp, ...more })
  }

  /** Whom to trust (protobuf-specs, sigstore_trustroot.proto). */
  trustedRoot(): Json {
    const start = this.#started.toISOString()
    const log = (key: KeyObject) => ({
      baseUrl: this.url,
      hashAlgorithm: 'SHA2_256',
      publicKey: {
        rawBytes: spki(key).toString('base64'),
        keyDetails: 'PKIX_ECDSA_P256_SHA_256',
        validFor: { start },
      },
      logId: { keyId: sha256Of(spki(key)).toString('base64') },
    })
    const authority = (chain: readonly Buffer[], commonName: string) => ({
      subject: { organization: 'loopback', commonName },
      uri: this.url,
      certChain: { certificates: chain.map((each) => ({ rawBytes: each.toString('base64') })) },
      validFor: { start },
    })
    return {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [log(this.log.keys.publicKey)],
      certificateAuthorities: [authority([this.#root], 'loopback fulcio')],
      ctlogs: [log(this.#certificateLog.publicKey)],
      timestampAuthorities: [authority(this.#tsa.chain, 'loopback tsa')],
    }
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    this.seen.push(`${request.method} ${request.url}`)
    const { status, body, type = 'application/json' } = this.#answer(request, Buffer.concat(chunks))
    response.writeHead(status, { 'content-type': type })
    response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body))
  }

  #answer(request: IncomingMessage, body: Buffer): Answer {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url)
    const { authorization = '' } = request.headers
    switch (pathname) {
      case '/api/v2/signingCert':
        return this.#certify(JSON.parse(body.toString()) as Json)
      case '/api/v1/signingCert':
        return this.#certifyOlder(JSON.parse(body.toString()) as Json, authorization.replace('Bearer ', ''))
      case '/api/v1/log/entries':
        return {
          status: 201,
          body: this.log.append(loggedBody(JSON.parse(body.toString()) as Json), this.now),
        }
      case '/api/v1/log/publicKey':
        return {
          status: 200,
          body: this.log.keys.publicKey.export({ format: 'pem', type: 'spki' }),
          type: 'text/plain',
        }
      case '/api/v1/timestamp':
        return { status: 201, body: this.#tsa.answer(body, this.now), type: 'application/timestamp-reply' }
      case '/ambient':
        if (authorization !== `Bearer ${requestToken}`) return { status: 401, body: { message: 'no' } }
        return {
          status: 200,
          body: {
            value: this.token('repo:team/images:ref:refs/heads/main', {
              aud: searchParams.get('audience') ?? '',
            }),
          },
        }
      default:
        return { status: 404, body: { message: `nothing at ${pathname}` } }
    }
  }

  #certify(request: Json): Answer {
    const { oidcIdentityToken } = request['credentials'] as { readonly oidcIdentityToken: string }
    const { publicKey, proofOfPossession } = request['publicKeyRequest'] as {
      readonly publicKey: { readonly content: string }
      readonly proofOfPossession: string
    }
    const chain = this.#issue(oidcIdentityToken, createPublicKey(publicKey.content), proofOfPossession)
    if (chain === undefined) return { status: 401, body: { code: 16, message: 'the token is not good' } }
    return { status: 200, body: { signedCertificateEmbeddedSct: { chain: { certificates: chain } } } }
  }

  #certifyOlder(request: Json, token: string): Answer {
    const { content } = request['publicKey'] as { readonly content: string }
    const key = createPublicKey(Buffer.from(content, 'base64').toString())
    const chain = this.#issue(token, key, String(request['signedEmailAddress']))
    if (chain === undefined) return { status: 401, body: { code: 16, message: 'the token is not good' } }
    return { status: 201, body: chain.join(''), type: 'application/pem-certificate-chain' }
  }

  /** The chain for whoever holds a token and the key; undefined for anybody else. */
  #issue(token: string, key: KeyObject, proof: string): readonly string[] | undefined {
    const claims = this.provider.claims(token, this.now)
    if (claims === undefined) return undefined
    const email = typeof claims['email'] === 'string' ? claims['email'] : undefined
    const subject = email ?? claims.sub
    if (!verify('sha256', Buffer.from(subject), key, Buffer.from(proof, 'base64')))
      throw new Error('the key is not that of the caller')
    return [
      pem(this.certify({ key, subject, email: email !== undefined, issuer: claims.iss })),
      pem(this.#root),
    ]
  }

  /** A certificate for ten minutes, entered into the certificate log. */
  certify(holder: {
    readonly key: KeyObject
    readonly subject: string
    readonly email: boolean
    readonly issuer: string
    /** What it may be used for; signing code unless told otherwise. */
    readonly purpose?: 'time'
  }): Buffer {
    const notBefore = new Date(Math.floor(this.now.getTime() / 1000) * 1000)
    const alternative = sequence(der(holder.email ? 0x81 : 0x86, Buffer.from(holder.subject)))
    const fields = {
      subject: '',
      issuer: 'loopback fulcio',
      key: holder.key,
      issuerKey: this.#ca,
      notBefore,
      notAfter: new Date(notBefore.getTime() + 600_000),
      extensions: [
        usage.sign(),
        holder.purpose === 'time' ? usage.time() : usage.code(),
        extension('2.5.29.17', alternative, 'critical'),
        extension('1.3.6.1.4.1.57264.1.1', Buffer.from(holder.issuer)),
        extension('1.3.6.1.4.1.57264.1.8', text(holder.issuer)),
      ],
    }
    const serial = newSerial()
    const timestamp = certificateTimestamp(toBeSigned(fields, serial), {
      issuer: this.#ca.publicKey,
      log: this.#certificateLog,
      time: this.now,
    })
    return certificate({ ...fields, extensions: [...fields.extensions, timestamp] }, serial)
  }
}

/** What the log keeps of what it is given, once the signature was checked. */
function loggedBody(proposed: Json): Json {
  const { kind, apiVersion } = proposed
  const spec = proposed['spec'] as Json
  if (kind === 'hashedrekord') return { apiVersion, kind, spec }
  const { envelope, verifiers } = spec['proposedContent'] as {
    readonly envelope: string
    readonly verifiers: readonly string[]
  }
  const { payload, payloadType, signatures } = JSON.parse(envelope) as {
    readonly payload: string
    readonly payloadType: string
    readonly signatures: readonly { readonly sig: string }[]
  }
  const bytes = Buffer.from(payload, 'base64')
  const key = publicKeyOf(Buffer.from(verifiers[0] ?? '', 'base64').toString())
  for (const { sig } of signatures)
    if (!verify('sha256', preAuthEncoding(payloadType, bytes), key, Buffer.from(sig, 'base64')))
      throw new Error('the signature is wrong')
  return {
    apiVersion: '0.0.1',
    kind: 'dsse',
    spec: {
      envelopeHash: { algorithm: 'sha256', value: sha256Of(Buffer.from(envelope)).toString('hex') },
      payloadHash: { algorithm: 'sha256', value: sha256Of(bytes).toString('hex') },
      signatures: signatures.map(({ sig }) => ({ signature: sig, verifier: verifiers[0] })),
    },
  }
}

function publicKeyOf(text: string): KeyObject {
  return text.includes('CERTIFICATE') ? new X509Certificate(text).publicKey : createPublicKey(text)
}
