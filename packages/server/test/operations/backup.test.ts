import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backup } from '../../src/operations/backup.ts'
import { restore } from '../../src/operations/restore.ts'
import { digestOf, imageOf, manifestType, postBlob, pushImage, putManifest, sha256, tagsOf } from '../push.ts'
import { ask, folderOf, startServer } from '../server.ts'

const now = new Date('2026-11-01T00:00:00Z')

describe('a backup', () => {
  it('brings back a service that was lost, as it was, though it was written to meanwhile', async () => {
    const server = await startServer()
    const { digest } = await pushImage(server, '1', { layer: 'one' })
    const note = imageOf('{}', { subject: { mediaType: manifestType, digest, size: 1 } })
    await putManifest(server, sha256(JSON.stringify(note)), { body: note })
    const to = await folderOf()
    let pushing = true
    let count = 0
    const pushes = (async () => {
      while (pushing)
        await pushImage(server, `new-${count}`, { layer: `layer ${count++}`, repository: 'busy/app' })
    })()
    while (count < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    const first = await backup({ data: server.data, to, now })
    pushing = false
    await pushes
    expect(first.copied).toBe(first.contents)
    await pushImage(server, '2', { layer: 'two' })
    const beside = ['keys/retired/1.pub', 'recipes/catalog/app/recipe.yaml', 'waivers/0.json']
    for (const file of beside) {
      await mkdir(dirname(join(server.data, file)), { recursive: true })
      await writeFile(join(server.data, file), file)
    }
    const second = await backup({ data: server.data, to, now })
    expect([second.copied > 0, second.copied < second.contents]).toEqual([true, true])
    await server.close()
    await rm(server.data, { recursive: true })

    const data = join(await folderOf(), 'data')
    expect(await restore({ from: to, data })).toMatchObject({
      created: now.toISOString(),
      contents: second.contents,
    })
    for (const file of beside) expect(await readFile(join(data, file), 'utf8')).toBe(file)
    const again = await startServer({ data, token: server.token })
    expect(await digestOf(again, '1')).toBe(digest)
    expect(await tagsOf(again)).toEqual(['1', '2'])
    expect(await (await ask(again, `/v2/team/app/blobs/${sha256('one')}`)).text()).toBe('one')
    const listed = await (await ask(again, `/v2/team/app/referrers/${digest}`)).json()
    expect(listed).toMatchObject({ manifests: [{ digest: sha256(JSON.stringify(note)) }] })
    for (const tag of await tagsOf(again, 'busy/app'))
      expect((await ask(again, `/v2/busy/app/manifests/${tag}`)).status).toBe(200)
    expect((await pushImage(again, '3')).answer.status).toBe(201)
  })

  it('keeps no content that the service has no more', async () => {
    const server = await startServer()
    await postBlob(server, 'unused')
    const to = await folderOf()
    expect((await backup({ data: server.data, to, now })).contents).toBe(1)
    await ask(server, `/v2/team/app/blobs/${sha256('unused')}`, { method: 'DELETE' })
    expect((await backup({ data: server.data, to, now })).contents).toBe(0)
    expect(await readdir(join(to, 'blobs/sha256'))).toEqual([])
  })

  it('is not made of damaged or lost content, and the one before stays', async () => {
    const server = await startServer()
    await pushImage(server, '1', { layer: 'one' })
    const to = await folderOf()
    await backup({ data: server.data, to, now })
    await pushImage(server, '2', { layer: 'two' })
    const content = join(server.data, 'registry/blobs/sha256', sha256('two').slice(7))
    await writeFile(content, 'TWO')
    await expect(backup({ data: server.data, to, now })).rejects.toThrow(/is damaged/)
    await rm(content)
    await expect(backup({ data: server.data, to, now })).rejects.toThrow(/is missing/)
    expect(await restore({ from: to, data: join(await folderOf(), 'data') })).toMatchObject({ tags: 1 })
  })

  it('that is damaged is not restored, nor one over something', async () => {
    const server = await startServer()
    await pushImage(server, '1', { layer: 'one' })
    const to = await folderOf()
    await backup({ data: server.data, to, now })
    await expect(restore({ from: to, data: server.data })).rejects.toMatchObject({
      code: 'bad-configuration',
    })
    await writeFile(join(to, 'blobs/sha256', sha256('one').slice(7)), 'ONE')
    const data = join(await folderOf(), 'data')
    await expect(restore({ from: to, data })).rejects.toMatchObject({ code: 'digest-mismatch' })
    await expect(readdir(data)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(restore({ from: data, data })).rejects.toMatchObject({ code: 'not-found' })
    await expect(backup({ data, to, now })).rejects.toMatchObject({ code: 'not-found' })
  })
})
