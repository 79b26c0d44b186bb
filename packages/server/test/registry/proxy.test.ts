import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createNodeFetch } from '../../../temper/src/base/http/node-fetch.ts'
import { sampleContext } from '../../../temper/src/flows/fixtures/sample-context.ts'
import { digestOf, imageOf, manifestType, postBlob, pushImage, putManifest, sha256, tagsOf } from '../push.ts'
import { addToken, ask, folderOf, startServer, type TestServer } from '../server.ts'

/** A registry, and one that shows what it has below "hub"; only "reader" is allowed in. */
async function startBoth(
  more: object = {},
  fetch = createNodeFetch(),
): Promise<{ upstream: TestServer; server: TestServer }> {
  const data = await folderOf()
  const password = await addToken(data, 'reader', [{ project: 'team', role: 'reader' }])
  const upstream = await startServer({
    data,
    token: await addToken(data, 'admin', [{ project: '*', role: 'admin' }]),
  })
  const own = await folderOf()
  await writeFile(join(own, 'password'), `${password}\n`)
  const context = sampleContext(own, { fetch, offline: false })
  const hub = { project: 'hub', from: upstream.url, username: 'me', passwordFile: join(own, 'password') }
  return { upstream, server: await startServer({ data: own, context, proxies: [{ ...hub, ...more }] }) }
}

const layer = 'a layer '.repeat(10_000)
const blobOf = (server: TestServer, bytes: string, headers = {}) =>
  ask(server, `/v2/hub/team/app/blobs/${sha256(bytes)}`, { headers })

describe('a proxy', () => {
  it('shows what the other registry has, and keeps it for when that is gone', async () => {
    const { upstream, server } = await startBoth()
    const { digest } = await pushImage(upstream, '1', { layer })
    const note = imageOf('{}', {
      subject: { mediaType: manifestType, digest, size: 1 },
      artifactType: 'text/note',
    })
    await putManifest(upstream, sha256(JSON.stringify(note)), { body: note })
    const look = async () => {
      expect(await digestOf(server, '1', 'hub/team/app')).toBe(digest)
      expect(await tagsOf(server, 'hub/team/app')).toEqual(['1'])
      expect((await ask(server, `/v2/hub/team/app/manifests/${digest}`)).status).toBe(200)
      for (const bytes of ['{}', layer]) expect(await (await blobOf(server, bytes)).text()).toBe(bytes)
      const part = await blobOf(server, layer, { Range: 'bytes=8-15' })
      expect([part.status, await part.text()]).toEqual([206, 'a layer '])
      const listed = await (await ask(server, `/v2/hub/team/app/referrers/${digest}`)).json()
      expect(listed).toMatchObject({
        manifests: [{ digest: sha256(JSON.stringify(note)), artifactType: 'text/note' }],
      })
      const attached = `/v2/hub/team/app/manifests/${sha256(JSON.stringify(note))}`
      expect((await ask(server, attached)).status).toBe(200)
    }
    await look()
    await upstream.close()
    await look()
    const unknown = await ask(server, '/v2/hub/team/app/manifests/2')
    expect([unknown.status, await unknown.json()]).toMatchObject([503, { errors: [{ code: 'UNAVAILABLE' }] }])
  })

  it('gives a blob to all who ask at once, and asks for it once', async () => {
    const asked: string[] = []
    const [fetch, address] = [
      createNodeFetch(),
      (input: unknown) => String(input instanceof Request ? input.url : input),
    ]
    const counting: typeof fetch = (input, init) => {
      asked.push(address(input))
      return fetch(input, init)
    }
    const { upstream, server } = await startBoth({}, counting)
    await pushImage(upstream, '1', { layer })
    await ask(server, '/v2/hub/team/app/manifests/1')
    const all = await Promise.all(Array.from({ length: 8 }, async () => (await blobOf(server, layer)).text()))
    expect(all.every((text) => text === layer)).toBe(true)
    expect(asked.filter((url) => url.endsWith(sha256(layer)))).toHaveLength(1)
    const kept = await readFile(join(server.data, 'registry/blobs/sha256', sha256(layer).slice(7)), 'utf8')
    expect(kept).toBe(layer)
  })

  it.each<[string, (bytes: Uint8Array) => Uint8Array[]]>([
    ['breaks off', (bytes) => [bytes.subarray(0, 1000)]],
    ['sends other bytes', (bytes) => [bytes.subarray(0, 1000), Buffer.alloc(bytes.length - 1000)]],
    ['does not end', (bytes) => [bytes, bytes]],
  ])(
    'keeps and gives nothing of a blob that is not whole where the other one %s, and asks again',
    async (_, spoilt) => {
      let isBroken = true
      const fetch = createNodeFetch()
      const breaking = async (input: unknown, init?: RequestInit) => {
        const answer = await fetch(input as string, init)
        if (!isBroken || !String(input).endsWith(sha256(layer))) return answer
        await answer.body?.cancel()
        const pieces = spoilt(Buffer.from(layer))
        const body = new ReadableStream<Uint8Array>({
          pull: (stream) => {
            const piece = pieces[0]
            if (piece === undefined) return stream.error(new Error('the connection broke'))
            stream.enqueue(piece)
            pieces.shift()
          },
        })
        return { ...answer, status: answer.status, headers: answer.headers, body } as unknown as Response
      }
      const { upstream, server } = await startBoth({}, breaking as typeof fetch)
      await pushImage(upstream, '1', { layer })
      await ask(server, '/v2/hub/team/app/manifests/1')
      const given = await blobOf(server, layer)
        .then(
          (answer) => answer.text(),
          () => 'nothing',
        )
        .catch(() => 'nothing')
      expect(given).not.toBe(layer)
      const names = await readdir(join(server.data, 'registry/blobs/sha256'))
      expect(names).not.toContain(sha256(layer).slice(7))
      isBroken = false
      expect(await (await blobOf(server, layer)).text()).toBe(layer)
    },
  )

  it('follows tags that moved or went, once it does not believe them any more', async () => {
    const { upstream, server } = await startBoth({ freshFor: '0s' })
    const first = await pushImage(upstream, '1', { layer: 'one' })
    expect(await digestOf(server, '1', 'hub/team/app')).toBe(first.digest)
    const second = await pushImage(upstream, '1', { layer: 'two' })
    expect(await digestOf(server, '1', 'hub/team/app')).toBe(second.digest)
    await ask(upstream, '/v2/team/app/manifests/1', { method: 'DELETE' })
    expect(await digestOf(server, '1', 'hub/team/app')).toBeUndefined()
    const believing = await startBoth()
    await pushImage(believing.upstream, '1', { layer: 'one' })
    const seen = await digestOf(believing.server, '1', 'hub/team/app')
    await pushImage(believing.upstream, '1', { layer: 'two' })
    expect(await digestOf(believing.server, '1', 'hub/team/app')).toBe(seen)
  })

  it('takes no push, and shows no more than whoever it asks as may see', async () => {
    const { upstream, server } = await startBoth()
    await pushImage(upstream, '1', { repository: 'secret/app' })
    expect((await ask(server, '/v2/hub/secret/app/manifests/1')).status).not.toBe(200)
    const pushed = await postBlob(server, 'x', { repository: 'hub/team/app' })
    expect([pushed.status, await pushed.text()]).toEqual([403, expect.stringContaining('push there')])
    // A blob that no manifest of it names is not fetched, though it is there.
    await postBlob(upstream, 'unnamed')
    expect((await blobOf(server, 'unnamed')).status).toBe(404)
  })

  it('keeps no more than its limit', async () => {
    const { upstream, server } = await startBoth({ limit: 100_000 })
    const layers = ['a', 'b', 'c'].map((letter) => letter.repeat(40_000))
    for (const [index, each] of layers.entries()) {
      await pushImage(upstream, `${index}`, { layer: each })
      await ask(server, `/v2/hub/team/app/manifests/${index}`)
      expect(await (await blobOf(server, each)).text()).toBe(each)
      // Files are told apart by when they came.
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    const kept = async () => {
      const names = await readdir(join(server.data, 'registry/blobs/sha256'))
      return layers.map((each) => names.includes(sha256(each).slice(7)))
    }
    for (let tries = 0; tries < 200 && (await kept())[0]; tries++)
      await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await kept()).toEqual([false, true, true])
    expect(await (await blobOf(server, layers[0] ?? '')).text()).toBe(layers[0])
  })
})
