import { createTransport } from 'nodemailer'
import { TemperError } from '../temper.ts'
import { unproven } from './certificate.ts'
import type { ChannelOf } from './channel.ts'
import { type Delivery, PartlyTold, secretIn } from './delivery.ts'

/** Milliseconds in which a server has to move, and those in which it has to have taken the mail, however slowly it moves. */
const [idleLimit, timeLimit] = [20_000, 120_000]
/** Milliseconds for which its end of a connection is waited for, when there is no more to be said. */
const goodbyeLimit = 1000

/**
 * Sends a plain-text mail to those who have not got it yet. The server proves who it is where TLS is spoken: at once with smtps, by
 * STARTTLS where a server offers it, and always before a password is sent. Throws `network` for failures that may pass,
 * `bad-configuration` when the server rejects the mail or is another one, and `PartlyTold` when it took it for some only.
 */
export async function sendMail(
  channel: ChannelOf<'email'>,
  delivery: Delivery,
  { within = timeLimit }: { readonly within?: number } = {},
): Promise<void> {
  const { server, passwordFile, requireTls, from, to, name } = channel
  const { id, now, told, secureContextFor, event } = delivery
  const { image, kind, text, digest } = event
  const { protocol, hostname, port: given, username } = new URL(server)
  const host = hostname.replace(/^\[|\]$/g, '')
  const secure = protocol === 'smtps:'
  const port = given === '' ? (secure ? 465 : 587) : Number(given)
  const auth =
    passwordFile === undefined
      ? undefined
      : { user: decodeURIComponent(username), pass: await secretIn(passwordFile) }
  const secureContext = secureContextFor?.(`${hostname}:${port}`)
  const transport = createTransport({
    host,
    secure,
    port,
    requireTLS: requireTls || auth !== undefined,
    ...(auth === undefined ? {} : { auth }),
    ...(secureContext === undefined ? {} : { tls: { secureContext } }),
    connectionTimeout: idleLimit,
    greetingTimeout: idleLimit,
    socketTimeout: idleLimit,
    socketCloseTimeout: goodbyeLimit,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const left = to.filter((each) => !told.includes(each))
  const late = AbortSignal.timeout(within)
  try {
    const sent = await transport.sendMail({
      from,
      to,
      envelope: { from, to: left },
      date: now,
      messageId: `<${id}.${name}@temper>`,
      subject: image === null ? `Temper: ${kind}` : `${image}: ${kind}`,
      text: [text, ...(digest === null ? [] : ['', `${image}@${digest}`])].join('\n'),
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal: late,
    })
    // Taken for one is taken for nodemailer.
    const refusals: readonly MailError[] = sent.rejectedErrors ?? []
    if (refusals.length > 0)
      throw new PartlyTold(refused(host, refusals), {
        told: to.filter((each) => !refusals.some(({ recipient }) => recipient === each)),
      })
  } catch (error) {
    if (error instanceof TemperError) throw error
    if (late.aborted)
      throw new TemperError('network', `${host} did not take the mail within ${within / 1000} s`, {
        cause: error,
      })
    const { rejectedErrors } = error as MailError
    throw refused(host, rejectedErrors?.length ? rejectedErrors : [error as MailError])
  } finally {
    transport.close()
  }
}

/** Errors of nodemailer have a word for their kind, and the answer's number (RFC 5321, 4.2.1: of 4xx, which may pass, or 5xx). */
interface MailError extends Error {
  readonly code?: string
  /** The code of the system, or of TLS. */
  readonly originalCode?: string
  readonly responseCode?: number
  readonly command?: string
  readonly recipient?: string
  /** One for each of several recipients. */
  readonly rejectedErrors?: readonly MailError[]
}

function refused(host: string, errors: readonly MailError[]): TemperError {
  const [error] = errors
  const { code = '', originalCode = '' } = error ?? {}
  const because = { cause: error }
  const stranger = error === undefined ? undefined : unproven(host, error, originalCode)
  if (stranger !== undefined) return stranger
  if (code === 'ETLS' && error?.command === 'STARTTLS')
    return new TemperError('bad-configuration', `${host} offers no TLS: nothing was sent to it`, {
      ...because,
      hint: 'A password is sent over TLS only. Write smtps:// for a server that speaks TLS from the start (port 465).',
    })
  if (/^ERR_SSL/.test(originalCode))
    return new TemperError(
      'bad-configuration',
      `${host} does not speak TLS as it should: ${error?.message.slice(0, 300)}`,
      {
        ...because,
        hint: 'smtps:// is for a server that speaks TLS from the start (port 465), smtp:// for one that offers STARTTLS (port 587).',
      },
    )
  const said = errors.map(({ recipient, message }) =>
    (recipient === undefined ? message : `${recipient}: ${message}`).slice(0, 300),
  )
  return new TemperError(
    errors.every(isFinal) ? 'bad-configuration' : 'network',
    `The mail could not be sent through ${host}: ${said.join('; ')}`,
    because,
  )
}

function isFinal({ code, responseCode = 0 }: MailError): boolean {
  return (code === 'EAUTH' && (responseCode === 0 || responseCode >= 500)) || responseCode >= 500
}
