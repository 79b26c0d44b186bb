import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ask, folderOf, startServer, type TestServer } from './server.ts'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const indexType = 'application/vnd.oci.image.index.v1+json'
const sha256 = (bytes: string | Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

async function pushBlob(server: TestServer, bytes: string, repository = 'team/app'): Promise<string> {
  const digest = sha256(bytes)
  const answer = await ask(server, `/v2/${repository}/blobs/uploads/?digest=${digest}`, {
    method: 'POST',
    body: bytes,
  })
  expect(answer.status).toBe(201)
  return digest
}

const descriptor = (bytes: string, mediaType = 'application/octet-stream') => ({
  mediaType,
  digest: sha256(bytes),
  size: bytes.length,
})

async function pushManifest(
  server: TestServer,
  reference: string,
  more: object = {},
  repository = 'team/app',
): Promise<Response> {
  await pushBlob(server, '{}', repository)
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor('{}', 'application/vnd.oci.image.config.v1+json'),
    layers: [],
    ...more,
  })
  return ask(server, `/v2/${repository}/manifests/${reference}`, {
    method: 'PUT',
    headers: { 'Content-Type': manifestType },
    body,
  })
}

describe('an upload', () => {
  it('goes on where it was after the service stopped in the middle of it', async () => {
    const first = await startServer()
    const whole = 'abcdefghij'.repeat(1000)
    const begun = await ask(first, '/v2/team/app/blobs/uploads/', { method: 'POST' })
    const location = begun.headers.get('location') ?? ''
    const chunk = await ask(first, location, {
      method: 'PATCH',
      headers: { 'Content-Range': '0-3999' },
      body: whole.slice(0, 4000),
    })
    expect([chunk.status, chunk.headers.get('range')]).toEqual([202, '0-3999'])
    await first.close()

    const second = await startServer({ data: first.data, token: first.token })
    expect((await ask(second, location)).headers.get('range')).toBe('0-3999')
    const digest = sha256(whole)
    const ended = await ask(second, `${location}?digest=${digest}`, {
      method: 'PUT',
      headers: { 'Content-Range': '4000-9999' },
      body: whole.slice(4000),
    })
    expect(ended.status).toBe(201)
    expect(await (await ask(second, `/v2/team/app/blobs/${digest}`)).text()).toBe(whole)
  })

  it('keeps the bytes that came before the line broke', async () => {
    const server = await startServer()
    const location = (await ask(server, '/v2/team/app/blobs/uploads/', { method: 'POST' })).headers.get(
      'location',
    )
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.write(
      `PATCH ${location} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.token}\r\nContent-Length: 100\r\n\r\n${'a'.repeat(40)}`,
    )
    // Until they are there: the socket must not be closed before the service has read from it.
    for (let tries = 0; tries < 500; tries++) {
      if ((await ask(server, location ?? '')).headers.get('range') === '0-39') break
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    socket.destroy()
    const rest = async () =>
      ask(server, location ?? '', { method: 'PATCH', headers: { 'Content-Range': '40-42' }, body: 'bcd' })
    let answer = await rest()
    // The broken request may not have let go of it yet.
    for (let tries = 0; tries < 500 && answer.status === 400; tries++) answer = await rest()
    expect(answer.headers.get('range')).toBe('0-42')
    const digest = sha256(`${'a'.repeat(40)}bcd`)
    expect((await ask(server, `${location}?digest=${digest}`, { method: 'PUT' })).status).toBe(201)
  })

  it.each([
    ['a gap', '5-9', 416],
    ['bytes that came already', '0-4', 416],
    ['a length that is not the chunk’s', '3-20', 400],
    ['an end before its start', '9-3', 400],
    ['no range', 'all', 400],
  ])('refuses %s', async (_, range, status) => {
    const server = await startServer()
    const begun = await ask(server, '/v2/team/app/blobs/uploads/', { method: 'POST' })
    const location = begun.headers.get('location') ?? ''
    await ask(server, location, { method: 'PATCH', body: 'abc' })
    const answer = await ask(server, location, {
      method: 'PATCH',
      headers: { 'Content-Range': range },
      body: 'defgh',
    })
    expect(answer.status).toBe(status)
    expect((await ask(server, location)).headers.get('range')).toBe('0-2')
  })

  it('of wrong bytes leaves nothing', async () => {
    const server = await startServer()
    const digest = sha256('right')
    const answer = await ask(server, `/v2/team/app/blobs/uploads/?digest=${digest}`, {
      method: 'POST',
      body: 'wrong',
    })
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { errors: [{ code: 'DIGEST_INVALID', message: expect.stringContaining(digest) }] },
    ])
    expect((await ask(server, `/v2/team/app/blobs/${digest}`)).status).toBe(404)
    expect(await readdir(join(server.data, 'registry/repositories/team/app/_uploads'))).toEqual([])
  })

  it('larger than allowed is refused', async () => {
    const server = await startServer({ blobLimit: 1000 })
    const body = 'a'.repeat(1001)
    const answer = await ask(server, `/v2/team/app/blobs/uploads/?digest=${sha256(body)}`, {
      method: 'POST',
      body,
    })
    expect(answer.status).toBe(413)
    expect((await pushBlob(server, 'a'.repeat(1000))).length).toBe(71)
  })

  it.each(['../../../../etc/passwd', '..%2f..%2fx', 'nothing', '12345678-1234-1234-1234-123456789abc'])(
    'is none by the name %s',
    async (id) => {
      const server = await startServer()
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const answer = await ask(server, `/v2/team/app/blobs/uploads/${id}`, { method })
        expect(answer.status).toBe(404)
      }
    },
  )
})

describe('a blob', () => {
  it.each([
    ['bytes=0-3', 206, 'abcd', 'bytes 0-3/10'],
    ['bytes=4-', 206, 'efghij', 'bytes 4-9/10'],
    ['bytes=-3', 206, 'hij', 'bytes 7-9/10'],
    ['bytes=-99', 206, 'abcdefghij', 'bytes 0-9/10'],
    ['bytes=8-99', 206, 'ij', 'bytes 8-9/10'],
    ['bytes=3-1', 200, 'abcdefghij', null],
    ['bytes=0-1,4-5', 200, 'abcdefghij', null],
    ['lines=1-2', 200, 'abcdefghij', null],
    ['bytes=10-', 416, undefined, 'bytes */10'],
    ['bytes=-0', 416, undefined, 'bytes */10'],
  ])('is given out by range: %s', async (range, status, text, header) => {
    const server = await startServer()
    const digest = await pushBlob(server, 'abcdefghij')
    const answer = await ask(server, `/v2/team/app/blobs/${digest}`, { headers: { Range: range } })
    expect([answer.status, answer.headers.get('content-range')]).toEqual([status, header])
    if (text !== undefined) expect(await answer.text()).toBe(text)
  })

  it('of one repository is not another’s until it is mounted, and a reader cannot mount what he may not read', async () => {
    const server = await startServer()
    const digest = await pushBlob(server, 'secret', 'team/secret')
    expect((await ask(server, `/v2/team/app/blobs/${digest}`)).status).toBe(404)
    const mount = (query: string) => ask(server, `/v2/team/app/blobs/uploads/?${query}`, { method: 'POST' })
    expect((await mount(`mount=${digest}&from=team/nothing`)).status).toBe(202)
    expect((await ask(server, `/v2/team/app/blobs/${digest}`)).status).toBe(404)
    expect((await mount(`mount=${digest}&from=team/secret`)).status).toBe(201)
    expect(await (await ask(server, `/v2/team/app/blobs/${digest}`)).text()).toBe('secret')
  })

  it('is kept once, and stays for the one repository when the other deletes it', async () => {
    const server = await startServer()
    const digest = await pushBlob(server, 'shared', 'team/a')
    await pushBlob(server, 'shared', 'team/b')
    expect((await ask(server, `/v2/team/a/blobs/${digest}`, { method: 'DELETE' })).status).toBe(202)
    expect((await ask(server, `/v2/team/a/blobs/${digest}`)).status).toBe(404)
    expect(await (await ask(server, `/v2/team/b/blobs/${digest}`)).text()).toBe('shared')
  })

  it('that did not change is not sent again', async () => {
    const server = await startServer()
    const digest = await pushBlob(server, 'same')
    const headers = { 'If-None-Match': `"${digest}"` }
    expect((await ask(server, `/v2/team/app/blobs/${digest}`, { headers })).status).toBe(304)
  })
})

describe('a manifest', () => {
  it('comes after what it names', async () => {
    const server = await startServer()
    const answer = await pushManifest(server, '1', { layers: [descriptor('missing')] })
    expect(await answer.json()).toMatchObject({ errors: [{ code: 'MANIFEST_BLOB_UNKNOWN' }] })
    expect((await ask(server, '/v2/team/app/manifests/1')).status).toBe(404)
    const index = await ask(server, '/v2/team/app/manifests/1', {
      method: 'PUT',
      headers: { 'Content-Type': indexType },
      body: JSON.stringify({ schemaVersion: 2, manifests: [descriptor('{}', manifestType)] }),
    })
    expect(index.status).toBe(400)
  })

  it('may name layers that stay elsewhere', async () => {
    const server = await startServer()
    const foreign = descriptor('elsewhere', 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip')
    expect((await pushManifest(server, '1', { layers: [foreign] })).status).toBe(201)
  })

  it.each([
    ['text', 'hello'],
    ['a list', '[]'],
    ['schema 1', '{"schemaVersion":1,"fsLayers":[]}'],
    ['both shapes', '{"schemaVersion":2,"manifests":[],"layers":[]}'],
    ['another type than it says', `{"schemaVersion":2,"mediaType":"${indexType}","layers":[]}`],
    [
      'a digest that is none',
      '{"schemaVersion":2,"manifests":[{"mediaType":"a/b","digest":"sha256:1","size":1}]}',
    ],
    ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['nesting without end', '['.repeat(100_000)],
  ])('is refused when it is %s', async (_, body) => {
    const server = await startServer()
    const answer = await ask(server, '/v2/team/app/manifests/1', {
      method: 'PUT',
      headers: { 'Content-Type': manifestType },
      body,
    })
    expect([
      answer.status,
      ((await answer.json()) as { errors: { code: string }[] }).errors[0]?.code,
    ]).toEqual([400, 'MANIFEST_INVALID'])
  })

  it('comes back as the bytes that it is, whatever they spell, by each spelling of its address', async () => {
    const server = await startServer()
    const text = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [],
      annotations: { title: 'déjà vu, 漢字, \u{1f512}\u0000' },
    })
    const put = await ask(server, '/v2/team/app/manifests/1', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/vnd.oci.image.index.v1+json' },
      body: text,
    })
    expect(put.status).toBe(201)
    for (const reference of ['1', sha256(text)])
      for (const path of [
        `/v2/team/app/manifests/${reference}`,
        `/v2/team/app/manifests/${encodeURIComponent(reference)}`,
        `/v2/team/app/manifests/${reference}?x=y`,
        `/v2/./team/x/../app/manifests/${reference}`,
      ]) {
        // Twice: read, and kept.
        for (let time = 0; time < 2; time++) {
          const answer = await ask(server, path)
          expect([path, answer.status, await answer.text()]).toEqual([path, 200, text])
          expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
        }
        const head = await ask(server, path, { method: 'HEAD' })
        expect([head.headers.get('content-length'), await head.text()]).toEqual([
          String(Buffer.byteLength(text)),
          '',
        ])
      }
  })

  it('goes with its tags and its place among the referrers', async () => {
    const server = await startServer()
    const subject = (await pushManifest(server, '1')).headers.get('docker-content-digest') ?? ''
    const attached = await pushManifest(server, 'attached', {
      artifactType: 'text/x',
      subject: { mediaType: manifestType, digest: subject, size: 1 },
    })
    expect(attached.headers.get('oci-subject')).toBe(subject)
    const digest = attached.headers.get('docker-content-digest') ?? ''
    const referrers = async (query = '') =>
      (
        (await (await ask(server, `/v2/team/app/referrers/${subject}${query}`)).json()) as {
          manifests: object[]
        }
      ).manifests
    expect(await referrers()).toMatchObject([{ digest, artifactType: 'text/x' }])
    expect(await referrers('?artifactType=text/y')).toEqual([])
    const path = `/v2/team/app/manifests/${digest}`
    expect((await ask(server, path, { method: 'DELETE' })).status).toBe(202)
    expect(await referrers()).toEqual([])
    for (const gone of [path, '/v2/team/app/manifests/attached'])
      expect((await ask(server, gone)).status).toBe(404)
    expect((await ask(server, '/v2/team/app/manifests/1')).status).toBe(200)
  })

  it('of a tag that was moved is seen at once', async () => {
    const server = await startServer()
    const [first, second] = [
      await pushManifest(server, 'latest'),
      await pushManifest(server, 'latest', { annotations: { a: 'b' } }),
    ].map((answer) => answer.headers.get('docker-content-digest'))
    expect(first).not.toBe(second)
    const seen = await ask(server, '/v2/team/app/manifests/latest', { method: 'HEAD' })
    expect(seen.headers.get('docker-content-digest')).toBe(second)
  })
})

describe('lists', () => {
  it('come in pages', async () => {
    const server = await startServer()
    for (const tag of ['b', 'a', 'C', '1.0']) await pushManifest(server, tag)
    const tags: string[] = []
    let next: string | undefined = '/v2/team/app/tags/list?n=3'
    while (next !== undefined) {
      const answer: Response = await ask(server, next)
      tags.push(...((await answer.json()) as { tags: string[] }).tags)
      next = /^<(.*)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1]
    }
    expect(tags).toEqual(['1.0', 'C', 'a', 'b'])
    expect((await ask(server, '/v2/team/app/tags/list?n=many')).status).toBe(400)
    expect(await (await ask(server, '/v2/team/app/tags/list?n=0')).json()).toEqual({
      name: 'team/app',
      tags: [],
    })
  })
})

describe('what is kept', () => {
  it('is an OCI layout: any tool reads its content', async () => {
    const server = await startServer()
    const digest = await pushBlob(server, 'content')
    const layout = join(server.data, 'registry')
    expect(JSON.parse(await readFile(join(layout, 'oci-layout'), 'utf8'))).toEqual({
      imageLayoutVersion: '1.0.0',
    })
    expect(await readFile(join(layout, 'blobs/sha256', digest.slice(7)), 'utf8')).toBe('content')
  })

  it('holds no token', async () => {
    const server = await startServer()
    const text = await readFile(join(server.data, 'tokens.json'), 'utf8')
    expect(server.token).toMatch(/^temper_/)
    expect(text).not.toContain(server.token.slice(7))
  })

  it.each(['not JSON', '{"tokens":[{"id":1}]}'])('is not taken for tokens when it is %s', async (text) => {
    const data = await folderOf()
    await writeFile(join(data, 'tokens.json'), text)
    await expect(startServer({ data })).rejects.toMatchObject({ code: 'bad-configuration' })
  })
})

describe('addresses', () => {
  it.each([
    ['/v2/Team/app/tags/list', 400, 'NAME_INVALID'],
    ['/v2/team/_tags/tags/list', 400, 'NAME_INVALID'],
    ['/v2/team/..%2f..%2fx/tags/list', 400, 'NAME_INVALID'],
    ['/v2/team/app/manifests/a%00b', 400, 'MANIFEST_INVALID'],
    ['/v2/team/app/manifests/%zz', 400, 'NAME_INVALID'],
    ['/v2/team/app/blobs/sha256:12', 400, 'DIGEST_INVALID'],
    ['/v2/team/app/blobs/md5:12', 400, 'DIGEST_INVALID'],
    ['/v2/team/app/nothing', 404, 'NAME_UNKNOWN'],
    ['/v2/team/app/tags/list', 404, 'NAME_UNKNOWN'],
  ])('%s is answered with %i %s', async (path, status, code) => {
    const server = await startServer()
    const answer = await ask(server, path)
    expect([answer.status, await answer.json()]).toMatchObject([status, { errors: [{ code }] }])
  })

  it.each([
    ['/v2/', 'POST', 'GET, HEAD'],
    ['/v2/_catalog', 'DELETE', 'GET, HEAD'],
    ['/v2/team/app/tags/list', 'DELETE', 'GET, HEAD'],
    ['/v2/team/app/manifests/1', 'POST', 'GET, HEAD, PUT, DELETE'],
    [`/v2/team/app/blobs/sha256:${'0'.repeat(64)}`, 'PATCH', 'GET, HEAD, DELETE'],
    [`/v2/team/app/referrers/sha256:${'0'.repeat(64)}`, 'PUT', 'GET, HEAD'],
    ['/v2/team/app/blobs/uploads/', 'GET', 'POST'],
    ['/v2/team/app/blobs/uploads/x', 'OPTIONS', 'GET, HEAD, PATCH, PUT, DELETE'],
  ])('%s has no %s, and says what it has', async (path, method, allow) => {
    const server = await startServer()
    const answer = await ask(server, path, { method })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow])
    expect(await answer.json()).toEqual({
      errors: [{ code: 'UNSUPPORTED', message: `expected one of ${allow}, found ${method}` }],
    })
  })

  it('beside the registry tell how the service is', async () => {
    const server = await startServer()
    const health = await ask(server, '/healthz', { token: undefined })
    expect([health.status, health.headers.get('x-content-type-options')]).toEqual([200, 'nosniff'])
    expect((await ask(server, '/readyz', { token: undefined })).status).toBe(200)
    await ask(server, '/v2/')
    const metrics = await (await ask(server, '/metrics', { token: undefined })).text()
    expect(metrics).toMatch(/temper_http_requests_total\{surface="registry",method="GET",status="200"\} 1/)
    const missing = await ask(server, '/nothing', { token: undefined })
    expect([missing.status, missing.headers.get('content-type'), await missing.json()]).toMatchObject([
      404,
      'application/problem+json',
      { title: 'Not found', status: 404 },
    ])
  })
})
