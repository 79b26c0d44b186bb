import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { ask, type TestServer } from './server.ts'

export const manifestType = 'application/vnd.oci.image.manifest.v1+json'
export const indexType = 'application/vnd.oci.image.index.v1+json'

/** What a test pushes where. */
export interface Pushed {
  readonly repository?: string
  readonly token?: string
}

export function sha256(bytes: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

export function descriptorOf(bytes: string, mediaType = 'application/octet-stream') {
  return { mediaType, digest: sha256(bytes), size: bytes.length }
}

export function postBlob(
  server: TestServer,
  bytes: string,
  { repository = 'team/app', ...as }: Pushed = {},
): Promise<Response> {
  const path = `/v2/${repository}/blobs/uploads/?digest=${sha256(bytes)}`
  return ask(server, path, { method: 'POST', body: bytes, ...as })
}

export function putManifest(
  server: TestServer,
  reference: string,
  { body, repository = 'team/app', ...as }: Pushed & { readonly body: object },
): Promise<Response> {
  const mediaType = 'manifests' in body ? indexType : manifestType
  return ask(server, `/v2/${repository}/manifests/${reference}`, {
    method: 'PUT',
    headers: { 'Content-Type': mediaType },
    body: JSON.stringify(body),
    ...as,
  })
}

/** A manifest with one layer, whose blobs are pushed. */
export async function pushImage(
  server: TestServer,
  reference: string,
  { layer = 'a layer', more = {}, ...as }: Pushed & { readonly layer?: string; readonly more?: object } = {},
): Promise<{ readonly digest: string; readonly answer: Response }> {
  for (const bytes of ['{}', layer]) expect((await postBlob(server, bytes, as)).status).toBe(201)
  const body = imageOf(layer, more)
  return {
    digest: sha256(JSON.stringify(body)),
    answer: await putManifest(server, reference, { body, ...as }),
  }
}

export function imageOf(layer: string, more: object = {}): object {
  return {
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptorOf('{}', 'application/vnd.oci.image.config.v1+json'),
    layers: [descriptorOf(layer, 'application/vnd.oci.image.layer.v1.tar')],
    ...more,
  }
}

export async function tagsOf(server: TestServer, repository = 'team/app'): Promise<readonly string[]> {
  const answer = await ask(server, `/v2/${repository}/tags/list`)
  return ((await answer.json()) as { readonly tags?: readonly string[] }).tags ?? []
}

export async function digestOf(server: TestServer, tag: string, repository = 'team/app') {
  const answer = await ask(server, `/v2/${repository}/manifests/${tag}`, { method: 'HEAD' })
  return answer.headers.get('docker-content-digest') ?? undefined
}
