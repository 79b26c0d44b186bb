import { createHmac } from 'node:crypto'
import type { ChannelOf } from './channel.ts'
import { type Delivery, secretIn } from './delivery.ts'
import { send, taken } from './send.ts'

/**
 * Posts an event as Standard Webhooks (standardwebhooks.com) defines it: signed with a secret, with an id that stays
 * the same when it is sent again.
 */
export async function postWebhook(
  { address, secretFile, allowPrivate }: ChannelOf<'webhook'>,
  { id, event, at, now, secureContextFor }: Delivery,
): Promise<void> {
  const { kind, image, digest, text, details } = event
  const body = JSON.stringify({
    type: kind,
    timestamp: at.toISOString(),
    data: { image, digest, text, ...details },
  })
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const headers = {
    'Content-Type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signatureOf(await secretIn(secretFile), `${id}.${timestamp}.${body}`)}`,
  }
  taken(await send(address, { headers, body, allowPrivate, secureContextFor }), 'The webhook')
}

/** A secret that begins with "whsec_" is base64, as the standard writes it; another is taken as it is. */
function signatureOf(secret: string, content: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
  return createHmac('sha256', key).update(content).digest('base64')
}

/** Posts one line of text to an address like Slack's, which is itself a secret. */
export async function postSlack(
  { addressFile, allowPrivate }: ChannelOf<'slack'>,
  { event, secureContextFor }: Delivery,
): Promise<void> {
  const { image, text } = event
  // Nothing of it is to be taken for markup or for a name to call.
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const body = JSON.stringify({ text: image === null ? plain : `*${image}*: ${plain}` })
  const headers = { 'Content-Type': 'application/json' }
  const sending = { headers, body, allowPrivate, secureContextFor }
  taken(await send(await secretIn(addressFile), sending), 'The channel')
}
