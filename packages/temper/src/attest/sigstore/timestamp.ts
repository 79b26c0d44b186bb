import { createHash } from 'node:crypto'
import type { Http } from '../../base/http/http.ts'
import { malformed } from '../json-document.ts'
import { below, postBytes, understoodAnswer } from './client.ts'

/**
 * A TimeStampReq for a SHA-256 (RFC 3161, 2.4.1) up to the digest: version 1, messageImprint with the algorithm
 * sha256 and no parameters' value. No nonce: the answer is about this digest, which nobody signed before.
 */
const requestStart = Buffer.from('3036020101' + '3031300d060960864801650304020105000420', 'hex')

/** Has a timestamp authority witness a signature, and returns the TimeStampResp (RFC 3161, 2.4.2) in DER. */
export async function requestTimestamp(
  signature: Uint8Array,
  { http, tsa }: { readonly http: Http; readonly tsa: string },
): Promise<Uint8Array> {
  const digest = createHash('sha256').update(signature).digest()
  const url = new URL(tsa).pathname === '/' ? below(tsa, '/api/v1/timestamp') : tsa
  const answer = await postBytes({
    http,
    url,
    what: 'a timestamp',
    body: Buffer.concat([requestStart, digest]),
    contentType: 'application/timestamp-query',
  })
  // The digest has to be in what was signed; the rest is proved by whoever verifies.
  if (Buffer.from(answer).includes(digest)) return answer
  return understoodAnswer(url, () => {
    throw malformed('its answer', 'a timestamp for the digest that was sent', `${answer.length} other bytes`)
  })
}
