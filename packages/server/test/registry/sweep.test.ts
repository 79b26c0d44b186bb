import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Storage } from '../../src/registry/storage/storage.ts'
import { sweep } from '../../src/registry/storage/sweep.ts'
import { imageOf, postBlob, putManifest, sha256 } from '../push.ts'
import { ask, startServer } from '../server.ts'

describe('a sweep beside pushes', () => {
  it('takes nothing that a manifest names which was accepted, with no grace at all', async () => {
    const server = await startServer()
    const storage = await Storage.open(join(server.data, 'registry'))
    let pushing = true
    let swept = 0
    const sweeping = (async () => {
      while (pushing) swept += (await sweep(storage, { now: new Date(), grace: 0 })).blobs
    })()
    const accepted: { readonly digest: string; readonly layer: string }[] = []
    const push = async (writer: number) => {
      for (let count = 0; count < 16; count++) {
        // Some layers are shared between writers and come again.
        const layer = `layer ${count % 3 === 0 ? count : `${writer}-${count}`}`
        await postBlob(server, '{}')
        await postBlob(server, layer)
        if (count % 8 === 0) await new Promise((resolve) => setTimeout(resolve, 110))
        const body = imageOf(layer, { annotations: { writer: String(writer), count: String(count) } })
        const answer = await putManifest(server, `${writer}-${count}`, { body })
        // A client whose blob was taken is told so, and pushes it again.
        expect([201, 400]).toContain(answer.status)
        if (answer.status === 201) accepted.push({ digest: sha256(JSON.stringify(body)), layer })
      }
    }
    await postBlob(server, 'what nobody names')
    await Promise.all([0, 1, 2].map(push))
    while (swept === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    pushing = false
    await sweeping
    expect(accepted.length).toBeGreaterThan(20)
    for (const { digest, layer } of accepted) {
      expect((await ask(server, `/v2/team/app/manifests/${digest}`)).status).toBe(200)
      for (const bytes of ['{}', layer])
        expect(await (await ask(server, `/v2/team/app/blobs/${sha256(bytes)}`)).text()).toBe(bytes)
    }
  })

  it('leaves old content that a manifest was just taken with, though it listed manifests before', async () => {
    const server = await startServer()
    for (const bytes of ['{}', 'old']) await postBlob(server, bytes)
    const repository = (await Storage.open(join(server.data, 'registry'))).repository('team/app')
    const old = new Date(Date.now() - 1_000_000)
    const marker = join(repository.folder, '_blobs/sha256', sha256('old').slice(7))
    await utimes(marker, old, old)
    const before = Date.now() - 1000
    expect((await putManifest(server, '1', { body: imageOf('old') })).status).toBe(201)
    expect(await repository.removeBlobOlder(`sha256:${sha256('old').slice(7)}`, before)).toBe(false)
    expect((await ask(server, `/v2/team/app/blobs/${sha256('old')}`)).status).toBe(200)
  })
})
