import { parseDocument, textOf } from '../../attest/json-document.ts'
import { publicAddresses, type SigstoreAddresses } from '../../attest/sigstore/client.ts'
import { keylessSigner, timestampedSigner } from '../../attest/sigstore/keyless.ts'
import { TemperError } from '../../base/error.ts'
import { createHttp, type Http } from '../../base/http/http.ts'
import type { Identity, Signer } from '../../model/attestation.ts'
import type { Context } from '../context.ts'

/** The source of our identity token. */
export type TokenSource =
  | { readonly kind: 'token'; readonly token: string }
  /** The service that gives a run of GitHub Actions its tokens. */
  | { readonly kind: 'service'; readonly url: string; readonly authorization: string }

/** What signing without a key needs to know. */
export interface KeylessOptions {
  /** Called once, when the token is needed. */
  readonly token: () => Promise<TokenSource>
  /** Addresses instead of the configured ones. */
  readonly addresses?: Partial<SigstoreAddresses>
  /** Whom the certificate has to be for; absent: whomever the token is for. */
  readonly expected?: Identity
}

/** Most bytes of the answer of a token service. */
const answerLimit = 131_072

/**
 * A signer whose key is certified for the identity in a token. Throws `offline`, `network`, `unauthorized`, `bad-usage`, and
 * `bad-configuration` when that is another identity than expected.
 */
export async function openKeylessSigner(options: KeylessOptions, context: Context): Promise<Signer> {
  const [http, addresses] = [httpFor(context), addressesFor(options.addresses, context)]
  refuseOffline(context, 'Signing without a key')
  const signer = await keylessSigner(await readToken(await options.token(), http), { http, addresses })
  if (options.expected !== undefined) demandIdentity(signer, options.expected)
  return signer
}

/** Nothing is signed as somebody else: whoever verifies would not take it. */
function demandIdentity({ certificate }: Signer, { identity, issuer }: Identity): void {
  if (certificate?.identity === identity && certificate.issuer === issuer) return
  const other = certificate === undefined ? 'none' : `${certificate.identity} (${certificate.issuer})`
  throw new TemperError(
    'bad-configuration',
    `The identity token is for another identity than the one that signs here: expected ${identity} (${issuer}), found ${other}`,
    {
      hint: 'Name the identity and the issuer that the certificate authority certifies for this token, or give the token of that identity.',
    },
  )
}

/** The same signer, with each signature timestamped. Throws as above. */
export function withTimestamps(
  signer: Signer,
  addresses: Partial<SigstoreAddresses> | undefined,
  context: Context,
): Signer {
  refuseOffline(context, 'Timestamping a signature')
  return timestampedSigner(signer, { http: httpFor(context), tsa: addressesFor(addresses, context).tsa })
}

function httpFor(context: Context): Http {
  return createHttp({ fetch: context.fetch, signal: context.signal, userAgent: 'temper' })
}

function refuseOffline(context: Context, what: string): void {
  if (!context.offline) return
  throw new TemperError('offline', `${what} needs the network, which must not be used`, {
    next: { action: 'sign-with-key' },
  })
}

function addressesFor(given: Partial<SigstoreAddresses> | undefined, context: Context): SigstoreAddresses {
  const { fulcio, rekor, tsa } = { ...publicAddresses, ...context.sigstore, ...given }
  for (const address of [fulcio, rekor, tsa]) assertSafe(address)
  return { fulcio, rekor, tsa }
}

/** A token is a secret: it goes over TLS, or nowhere but to this machine. */
function assertSafe(address: string): void {
  const url = URL.parse(address)
  const local = url !== null && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && local)) return
  throw new TemperError(
    'bad-usage',
    `Expected the https address of a service, found "${address.slice(0, 100)}"`,
  )
}

async function readToken(source: TokenSource, http: Http): Promise<string> {
  if (source.kind === 'token') return source.token.trim()
  const url = new URL(source.url)
  assertSafe(url.href)
  url.searchParams.set('audience', 'sigstore')
  const response = await http.request(url, {
    headers: { authorization: source.authorization },
    what: 'an identity token',
    expect: [200],
    maxRedirects: 0,
  })
  const answer = parseDocument(await response.bytes(answerLimit), 'The answer of the token service')
  return textOf(answer['value'], 'The answer of the token service, value', 65_536)
}
