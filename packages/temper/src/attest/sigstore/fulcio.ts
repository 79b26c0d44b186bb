import { createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto'
import { tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import type { Http } from '../../base/http/http.ts'
import type { SigningCertificate } from '../../model/attestation.ts'
import { listOf, malformed, objectOf, parseDocument, textOf } from '../json-document.ts'
import { readPemCertificates } from './certificate.ts'
import { below, postJson, understoodAnswer } from './client.ts'

/** Longest identity token. */
const tokenLimit = 65_536

export interface CertificateRequest {
  readonly http: Http
  /** Address of the authority. */
  readonly fulcio: string
  /** OpenID Connect identity token (JWT). */
  readonly token: string
  readonly privateKey: KeyObject
}

/**
 * Has a certificate made that says who holds a key (Fulcio's API, v2 `signingCert`): the token says who asks, and a
 * signature over the token's subject shows that the same person holds the key. Throws `bad-usage` when the token is
 * not one.
 */
export async function requestCertificate(request: CertificateRequest): Promise<SigningCertificate> {
  const { privateKey, token, fulcio } = request
  const { subject, issuer } = readToken(token)
  const publicKey = createPublicKey(privateKey)
  const url = below(fulcio, '/api/v2/signingCert')
  const answer = await postJson({
    http: request.http,
    url,
    what: 'a certificate',
    body: {
      credentials: { oidcIdentityToken: token },
      publicKeyRequest: {
        publicKey: { algorithm: 'ECDSA', content: publicKey.export({ format: 'pem', type: 'spki' }) },
        proofOfPossession: sign('sha256', Buffer.from(subject), privateKey).toString('base64'),
      },
    },
  })
  return understoodAnswer(url, () => {
    const embedded = answer['signedCertificateEmbeddedSct']
    if (embedded === undefined) throw malformed('its answer', 'a certificate with an embedded SCT', 'none')
    const { chain } = objectOf(embedded, 'its answer')
    const certificates = listOf(objectOf(chain, 'its answer, chain')['certificates'], 'its chain', 10)
    const pem = textOf(certificates[0], 'its certificate', 65_536)
    const [der] = readPemCertificates(pem, 'its certificate')
    if (der === undefined) throw malformed('its certificate', 'a certificate in PEM', 'none')
    const { publicKey: certified } = new X509Certificate(der)
    if (!certified.equals(publicKey)) throw malformed('its certificate', 'the key that was sent', 'another')
    return { der, identity: subject, issuer }
  })
}

/** Whom a token names. It is not verified here: the authority checks the provider's signature. */
export function readToken(token: string): { readonly subject: string; readonly issuer: string } {
  const parts = token.length > tokenLimit ? [] : token.split('.')
  const text = parts.length === 3 ? tryUtf8(Buffer.from(parts[1] ?? '', 'base64url')) : undefined
  try {
    const claims = parseDocument(Buffer.from(text ?? ''), 'the identity token')
    const email = claims['email_verified'] === true ? claims['email'] : undefined
    return {
      subject: textOf(email ?? claims['sub'], 'the identity token, sub'),
      issuer: textOf(claims['iss'], 'the identity token, iss'),
    }
  } catch (error) {
    if (!(error instanceof TemperError)) throw error
    throw new TemperError(
      'bad-usage',
      'The identity token is not an OpenID Connect token (a JWT with "iss" and "sub")',
      {
        hint: 'Check the file that holds it. Its content is not shown here because it is secret.',
      },
    )
  }
}
