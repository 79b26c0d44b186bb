import { parseReference, sbom, TemperError } from '../temper.ts'
import type { ChannelOf } from './channel.ts'
import { type Delivery, secretIn } from './delivery.ts'
import { send, taken } from './send.ts'

/** Uploads the bill of materials of an image, as a version of a project with the image's name. */
export async function uploadBom(
  { address, keyFile, allowPrivate }: ChannelOf<'dependency-track'>,
  { event: { image, digest }, world, secureContextFor }: Delivery,
): Promise<void> {
  if (image === null || digest === null) return
  const { registry } = world
  const reference = parseReference(`${registry.prefix()}/${image}@${digest}`)
  const { text } = await sbom(
    { target: { kind: 'image', reference }, format: 'cyclonedx-json' },
    registry.context(),
  )
  const body = JSON.stringify({
    projectName: image,
    projectVersion: digest,
    autoCreate: true,
    bom: Buffer.from(text).toString('base64'),
  })
  const headers = { 'Content-Type': 'application/json', 'X-Api-Key': await secretIn(keyFile) }
  const where = `${address.replace(/\/+$/, '')}/api/v1/bom`
  const sending = { method: 'PUT', headers, body, allowPrivate, secureContextFor } as const
  taken(await send(where, sending), 'Dependency-Track')
  if (text === '') throw new TemperError('internal', 'An empty bill of materials')
}
