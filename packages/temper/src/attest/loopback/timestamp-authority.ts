import { sign } from 'node:crypto'
import {
  certificate,
  ecdsaWithSha256,
  type KeyPair,
  nameOf,
  newKeyPair,
  newSerial,
  rootCertificate,
  sha256Of,
  usage,
} from './authority.ts'
import { der, frames, generalizedTime, integer, octets, oid, sequence, setOf } from './der.ts'

const sha256 = () => sequence(oid('2.16.840.1.101.3.4.2.1'))
const contentType = '1.2.840.113549.1.9.16.1.4'

/** Signs what time it is (RFC 3161 over RFC 5652). For tests. */
export class TimestampAuthority {
  /** The signer first. */
  readonly chain: readonly Buffer[]
  readonly #keys: KeyPair = newKeyPair()
  readonly #serial = newSerial()

  constructor(start: Date) {
    const rootKeys = newKeyPair()
    const fields = {
      subject: 'loopback tsa signer',
      issuer: 'loopback tsa',
      key: this.#keys.publicKey,
      issuerKey: rootKeys,
      notBefore: start,
      notAfter: new Date(start.getTime() + 5 * 365 * 86_400_000),
      extensions: [usage.sign(), usage.time()],
    }
    this.chain = [certificate(fields, this.#serial), rootCertificate('loopback tsa', rootKeys, start)]
  }

  /** Answers a TimeStampReq, or the JSON that Sigstore's authority takes in its place. */
  answer(request: Buffer, time: Date): Buffer {
    if (request[0] === 0x7b) {
      const { artifactHash } = JSON.parse(request.toString()) as { readonly artifactHash: string }
      const imprint = sequence(sha256(), octets(Buffer.from(artifactHash, 'base64')))
      return this.answer(sequence(integer(1), imprint), time)
    }
    const [outer] = frames(request)
    const [, imprint, ...options] = frames(outer?.content ?? Buffer.alloc(0))
    if (imprint === undefined) throw new RangeError('not a timestamp request')
    const nonce = options.find(({ tag }) => tag === 0x02)
    const withCertificate = options.some(({ tag }) => tag === 0x01)
    const info = sequence(
      integer(1),
      oid('1.3.6.1.4.1.57264.2'),
      imprint.whole,
      integer(newSerial()),
      generalizedTime(time),
      sequence(integer(1)),
      ...(nonce === undefined ? [] : [nonce.whole]),
    )
    return sequence(sequence(integer(0)), this.#token(info, withCertificate))
  }

  #token(info: Buffer, withCertificate: boolean): Buffer {
    const [signer = Buffer.alloc(0)] = this.chain
    const attributes = [
      sequence(oid('1.2.840.113549.1.9.3'), setOf(oid(contentType))),
      sequence(oid('1.2.840.113549.1.9.4'), setOf(octets(sha256Of(info)))),
      sequence(
        oid('1.2.840.113549.1.9.16.2.47'),
        setOf(sequence(sequence(sequence(octets(sha256Of(signer)))))),
      ),
    ]
    const signed = setOf(...attributes)
    const signedAttributes = Buffer.concat([Buffer.from([0xa0]), signed.subarray(1)])
    const signerInfo = sequence(
      integer(1),
      sequence(nameOf('loopback tsa'), integer(this.#serial)),
      sha256(),
      signedAttributes,
      ecdsaWithSha256(),
      octets(sign('sha256', signed, this.#keys.privateKey)),
    )
    const signedData = sequence(
      integer(3),
      setOf(sha256()),
      sequence(oid(contentType), der(0xa0, octets(info))),
      ...(withCertificate ? [der(0xa0, signer)] : []),
      setOf(signerInfo),
    )
    return sequence(oid('1.2.840.113549.1.7.2'), der(0xa0, signedData))
  }
}
