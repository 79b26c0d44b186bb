import { TemperError } from '../../base/error.ts'
import { failureCode } from '../../base/http/failure.ts'
import type { Http } from '../../base/http/http.ts'

const bodyLimit = 4096

/** What servers for https say to plain http: Go's, nginx, Apache. */
const refusal = /HTTPS server|HTTPS port|SSL-enabled server/i

/**
 * Whether a registry that may be contacted over plain http expects https: it says so, or it drops the connection and
 * answers over TLS. The origin is that of plain http; only the path `/v2/` is requested.
 */
export async function speaksTls(http: Http, origin: string): Promise<boolean> {
  const init = { retries: 0, maxRedirects: 0, what: 'the registry' }
  try {
    const response = await http.request(`${origin}/v2/`, init)
    if (response.status === 400) return refusal.test(await response.text(bodyLimit))
    await response.close()
    return false
  } catch (error) {
    if (!(error instanceof TemperError)) throw error
    if (error.code === 'limit-exceeded') return false
    if (error.code !== 'network') throw error
    return wasCut(error) && (await answersTls(http, origin))
  }
}

/** TLS servers answer plain http with an alert, which is no HTTP, or not at all. */
function wasCut(error: TemperError): boolean {
  const code = failureCode(error.cause) ?? ''
  return /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_)/.test(code)
}

async function answersTls(http: Http, origin: string): Promise<boolean> {
  try {
    const init = { retries: 0, maxRedirects: 0, what: 'the registry' }
    const response = await http.request(`${origin.replace(/^http:/, 'https:')}/v2/`, init)
    await response.close()
    return true
  } catch (error) {
    if (!(error instanceof TemperError) || error.code !== 'network') throw error
    // A certificate that is not trusted is one: the request itself reports it.
    return !/^(ECONN|EPIPE|EPROTO|ERR_SSL|UND_ERR|HPE_)/.test(failureCode(error.cause) ?? '')
  }
}
