import type { ChannelOf } from './channel.ts'
import { type Delivery, secretIn } from './delivery.ts'
import { sendSmtp } from './smtp.ts'

/** Sends a mail. The password, where the server wants one, belongs to the user that the address names. */
export async function sendMail(
  { server, passwordFile, from, to, name }: ChannelOf<'email'>,
  { id, now, event: { image, kind, text, digest } }: Delivery,
): Promise<void> {
  const { protocol, hostname, port, username } = new URL(server)
  const secure = protocol === 'smtps:'
  await sendSmtp(
    {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (secure ? 465 : 587) : Number(port),
      secure,
      ...(passwordFile === undefined
        ? {}
        : { user: decodeURIComponent(username), password: await secretIn(passwordFile) }),
    },
    {
      ...{ from, to, date: now, id: `${id}.${name}@temper` },
      subject: image === null ? `Temper: ${kind}` : `${image}: ${kind}`,
      text: [text, ...(digest === null ? [] : ['', `${image}@${digest}`])].join('\n'),
    },
  )
}
