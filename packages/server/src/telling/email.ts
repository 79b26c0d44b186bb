import { createTransport } from 'nodemailer'
import { TemperError } from '../temper.ts'
import type { ChannelOf } from './channel.ts'
import { type Delivery, secretIn } from './delivery.ts'

/** Milliseconds that a server has for an answer. */
const timeLimit = 20_000

/**
 * Sends a plain-text mail. If the server wants a password, it belongs to the user in the address, and is sent over
 * TLS only. Throws `network` for failures that may pass, and `bad-configuration` when the server rejects the mail.
 */
export async function sendMail(
  { server, passwordFile, from, to, name }: ChannelOf<'email'>,
  { id, now, event: { image, kind, text, digest } }: Delivery,
): Promise<void> {
  const { protocol, hostname, port, username } = new URL(server)
  const host = hostname.replace(/^\[|\]$/g, '')
  const auth =
    passwordFile === undefined
      ? undefined
      : { user: decodeURIComponent(username), pass: await secretIn(passwordFile) }
  const secure = protocol === 'smtps:'
  const transport = createTransport({
    host,
    secure,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    ...(auth === undefined ? {} : { auth, requireTLS: true }),
    connectionTimeout: timeLimit,
    greetingTimeout: timeLimit,
    socketTimeout: timeLimit,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await transport.sendMail({
      from,
      to,
      date: now,
      messageId: `<${id}.${name}@temper>`,
      subject: image === null ? `Temper: ${kind}` : `${image}: ${kind}`,
      text: [text, ...(digest === null ? [] : ['', `${image}@${digest}`])].join('\n'),
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
  } catch (error) {
    throw refused(host, error as Error)
  } finally {
    transport.close()
  }
}

/** Errors of nodemailer have a word for their kind, and the answer's number (RFC 5321, 4.2.1: of 4xx, which may pass, or 5xx). */
function refused(host: string, error: Error & { code?: string; responseCode?: number }): TemperError {
  if (error.code === 'ETLS')
    return new TemperError('bad-configuration', `${host} offers no TLS: the password is not sent to it`, {
      cause: error,
    })
  const isFinal = error.code === 'EAUTH' || (error.responseCode ?? 0) >= 500
  return new TemperError(
    isFinal ? 'bad-configuration' : 'network',
    `The mail could not be sent through ${host}: ${error.message.slice(0, 300)}`,
    { cause: error },
  )
}
