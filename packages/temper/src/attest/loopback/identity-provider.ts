import { sign, verify } from 'node:crypto'
import { type KeyPair, newKeyPair } from './authority.ts'

export interface Claims {
  readonly iss: string
  readonly sub: string
  readonly aud: string
  readonly exp: number
  readonly [name: string]: unknown
}

/** Says who somebody is (OpenID Connect identity tokens, JWT with ES256). For tests. */
export class IdentityProvider {
  readonly #keys: KeyPair = newKeyPair()

  token(claims: Claims): string {
    const encoded = [{ alg: 'ES256', typ: 'JWT' }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    )
    const key = { key: this.#keys.privateKey, dsaEncoding: 'ieee-p1363' } as const
    return [...encoded, sign('sha256', Buffer.from(encoded.join('.')), key).toString('base64url')].join('.')
  }

  /** The claims of a token that it gave and that has not expired. */
  claims(token: string, now: Date): Claims | undefined {
    const [head = '', payload = '', signature = ''] = token.split('.')
    const key = { key: this.#keys.publicKey, dsaEncoding: 'ieee-p1363' } as const
    const good = verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'))
    if (!good) return undefined
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
    return claims.exp * 1000 > now.getTime() && claims.aud === 'sigstore' ? claims : undefined
  }
}
