import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect } from '../../temper/src/base/bytes.ts'
import { createNodeFetch } from '../../temper/src/base/http/node-fetch.ts'
import { sampleContext } from '../../temper/src/flows/fixtures/sample-context.ts'
import type { Blob } from '../../temper/src/model/image.ts'
import {
  jsonBlob,
  type SampleImage,
  sampleImage,
  sampleIndex,
  sampleReferrer,
} from '../../temper/src/oci/fixtures/sample.ts'
import { Storage } from '../src/registry/storage/storage.ts'
import { addToken, ask, folderOf, startServer, type TestServer } from './server.ts'

/* Images that the policy refuses get no tag, however they are pushed. */

const policy = (rule: string) => `name: team
other-rules: off
own-rules:
  - id: small
    title: no image has more than two layers
    broken-when: "${rule}"
    fix: leave something out
`

async function startGuarded(rule = 'image.layers > 2', knownAs?: string): Promise<TestServer> {
  const data = await folderOf()
  await writeFile(join(data, 'policy.yaml'), policy(rule))
  const context = sampleContext(data, { fetch: createNodeFetch(), offline: false })
  return startServer({
    data,
    context,
    policy: join(data, 'policy.yaml'),
    ...(knownAs === undefined ? {} : { knownAs }),
  })
}

async function push(server: TestServer, image: SampleImage, reference: string): Promise<Response> {
  for (const blob of image.blobs.slice(0, -1)) await pushBlob(server, blob)
  return put(server, image.blobs.at(-1) as Blob, reference)
}

async function pushBlob(server: TestServer, { descriptor, open }: Blob): Promise<void> {
  if (/manifest|index/.test(descriptor.mediaType)) {
    await put(server, { descriptor, open }, descriptor.digest)
    return
  }
  const body = (await collect(open(), { limit: 1 << 20, what: 'a blob' })) as Uint8Array<ArrayBuffer>
  const path = `/v2/team/app/blobs/uploads/?digest=${descriptor.digest}`
  expect((await ask(server, path, { method: 'POST', body })).status).toBe(201)
}

async function put(server: TestServer, { descriptor, open }: Blob, reference: string): Promise<Response> {
  const body = (await collect(open(), { limit: 1 << 20, what: 'a manifest' })) as Uint8Array<ArrayBuffer>
  const headers = { 'Content-Type': descriptor.mediaType }
  return ask(server, `/v2/team/app/manifests/${reference}`, { method: 'PUT', headers, body })
}

const tagsOf = async (server: TestServer) =>
  ((await (await ask(server, '/v2/team/app/tags/list')).json()) as { tags?: string[] }).tags ?? []
const [small, large] = [sampleImage('small', { layers: 2 }), sampleImage('large', { layers: 3 })]

describe('the gate', () => {
  it('lets pass what the policy allows, and keeps the rest without a tag and with its reasons', async () => {
    const server = await startGuarded()
    expect((await push(server, small, '1')).status).toBe(201)
    const refused = await push(server, large, '1')
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { errors: [{ code: 'DENIED', message: expect.stringContaining('small'), detail: { policy: 'team' } }] },
    ])
    expect((await ask(server, '/v2/team/app/manifests/1')).headers.get('docker-content-digest')).toBe(
      small.descriptor.digest,
    )
    expect(await tagsOf(server)).toEqual(['1'])
    expect((await ask(server, `/v2/team/app/manifests/${large.descriptor.digest}`)).status).toBe(200)
    expect(await (await ask(server, '/api/quarantine')).json()).toMatchObject([
      {
        name: 'team/app',
        digest: large.descriptor.digest,
        tags: ['1'],
        policy: 'team',
        reasons: [{ rule: 'small' }],
      },
    ])
  })

  it('is asked for tags beside a digest and for images within an index too', async () => {
    const server = await startGuarded('image.layers > 0')
    const byDigest = await push(server, large, `${large.descriptor.digest}?tag=latest`)
    expect(byDigest.status).toBe(403)
    expect((await push(server, sampleIndex(), '2')).status).toBe(403)
    expect(await tagsOf(server)).toEqual([])
  })

  it('lets pass what is attached, under a tag too', async () => {
    const server = await startGuarded('true')
    expect((await push(server, large, large.descriptor.digest)).status).toBe(201)
    const attached = sampleReferrer(large.descriptor, 'text/note')
    expect((await push(server, attached, 'signature')).status).toBe(201)
  })

  it('refuses what it cannot read', async () => {
    const server = await startGuarded('false')
    const { blobs } = small
    const broken = jsonBlob(
      {
        schemaVersion: 2,
        config: blobs[0]?.descriptor,
        layers: [{ ...large.blobs[0]?.descriptor, size: 7 }],
      },
      small.descriptor.mediaType,
    )
    for (const blob of [...blobs.slice(0, -1), ...large.blobs.slice(0, -1)]) await pushBlob(server, blob)
    const answer = await put(server, broken, 'broken')
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('not-judged')])
  })

  it('knows the registry by the name that clients do', async () => {
    const server = await startGuarded("image.repository == 'registry.example/team/app'", 'registry.example')
    expect((await push(server, small, '1')).status).toBe(403)
  })

  it.each([
    ['is not there', 'nothing.yaml', 'not-found'],
    ['is none', 'wrong.yaml', 'bad-policy'],
  ])('stops a service whose policy %s', async (_, name, code) => {
    const data = await folderOf()
    await writeFile(join(data, 'wrong.yaml'), 'colour: red')
    await expect(
      startServer({ data, policy: join(data, name), context: sampleContext(data) }),
    ).rejects.toMatchObject({
      code,
    })
    await expect(startServer({ data, policy: 'hardened' })).rejects.toMatchObject({
      code: 'bad-configuration',
    })
  })
})

describe('an image in quarantine', () => {
  it('is listed page by page, by name and digest, for those who may pull it', async () => {
    const server = await startServer()
    const storage = await Storage.open(`${server.data}/registry`)
    const wanted: string[] = []
    for (const [name, hex] of [
      ['a', '1'],
      ['a', '2'],
      ['a/b', '0'],
      ['c', '3'],
    ] as const) {
      const digest = `sha256:${hex.repeat(64)}` as const
      wanted.push(`${name}@${digest}`)
      await storage.repository(name).quarantine({
        digest,
        tags: ['1'],
        policy: 'p',
        since: '2026-01-01T00:00:00Z',
        reasons: [{ rule: 'r', found: 'x' }],
      })
    }
    const pages: string[][] = []
    for (let path: string | undefined = '/api/quarantine?n=1'; path !== undefined; ) {
      const answer = await ask(server, path)
      const page = (await answer.json()) as { readonly name: string; readonly digest: string }[]
      pages.push(page.map(({ name, digest }) => `${name}@${digest}`))
      path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
    }
    expect(pages).toEqual(wanted.map((each) => [each]))
    const rest = await ask(server, `/api/quarantine?last=${encodeURIComponent(wanted[0] ?? '')}`)
    expect([((await rest.json()) as unknown[]).length, rest.headers.get('link')]).toEqual([3, null])
    // What is no name leads nowhere.
    for (const last of ['../a@sha256:0', `a@${'x'.repeat(490)}`, '@', 'z'])
      expect((await ask(server, `/api/quarantine?last=${encodeURIComponent(last)}`)).status).toBe(200)
  })

  const release = (server: TestServer, token = server.token) =>
    ask(server, '/api/quarantine/release', {
      method: 'POST',
      token,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        name: 'team/app',
        digest: large.descriptor.digest,
        reason: 'the customer waits',
      }),
    })

  it('gets its tags when an administrator says so and why, and nobody else', async () => {
    const data = await folderOf()
    await writeFile(join(data, 'policy.yaml'), policy('true'))
    const maintainer = await addToken(data, 'm', [{ project: 'team', role: 'maintainer' }])
    const other = await addToken(data, 'o', [{ project: 'other', role: 'admin' }])
    const admin = await addToken(data, 'a', [{ project: 'team', role: 'admin' }])
    const context = sampleContext(data, { fetch: createNodeFetch(), offline: false })
    const server = await startServer({ data, context, policy: join(data, 'policy.yaml'), token: admin })
    expect((await push(server, large, '1')).status).toBe(403)
    for (const token of [maintainer, other]) expect((await release(server, token)).status).toBe(403)
    expect(await (await ask(server, '/api/quarantine', { token: other })).json()).toEqual([])
    expect(await tagsOf(server)).toEqual([])
    expect(await (await release(server)).json()).toMatchObject({ tags: ['1'] })
    expect(await tagsOf(server)).toEqual(['1'])
    expect((await release(server)).status).toBe(404)
  })

  it('leaves it when it is deleted, or when the policy allows it later', async () => {
    const server = await startGuarded('true')
    await push(server, large, '1')
    const path = `/v2/team/app/manifests/${large.descriptor.digest}`
    expect((await ask(server, path, { method: 'DELETE' })).status).toBe(202)
    expect(await (await ask(server, '/api/quarantine')).json()).toEqual([])
    await push(server, large, '1')
    await server.close()
    await writeFile(join(server.data, 'policy.yaml'), policy('false'))
    const context = sampleContext(server.data, { fetch: createNodeFetch(), offline: false })
    const later = await startServer({
      data: server.data,
      context,
      token: server.token,
      policy: join(server.data, 'policy.yaml'),
    })
    expect((await push(later, large, '1')).status).toBe(201)
    expect(await (await ask(later, '/api/quarantine')).json()).toEqual([])
  })
})
