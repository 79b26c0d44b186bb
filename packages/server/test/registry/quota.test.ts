import { describe, expect, it } from 'vitest'
import { postBlob, pushImage, sha256, tagsOf } from '../push.ts'
import { ask, startServer, type TestServer } from '../server.ts'

const full = async (answer: Response) => {
  expect([answer.status, await answer.json()]).toMatchObject([
    403,
    { errors: [{ code: 'DENIED', message: expect.stringContaining('quota') }] },
  ])
}
const limited = (bytes: number | string) => startServer({ rules: { quotas: [{ project: 'team', bytes }] } })
const blob = (letter: string) => letter.repeat(600)

describe('a quota', () => {
  it('is of a project with all its repositories, and of nothing else', async () => {
    const server = await limited('1 kB')
    expect((await postBlob(server, blob('a'), { repository: 'team/one' })).status).toBe(201)
    await full(await postBlob(server, blob('b'), { repository: 'team/two' }))
    expect((await postBlob(server, blob('b'), { repository: 'team2' })).status).toBe(201)
  })

  it('ends an upload as soon as that is too much, and it leaves nothing', async () => {
    const server = await limited(1000)
    const begun = await ask(server, '/v2/team/app/blobs/uploads/', { method: 'POST' })
    const location = begun.headers.get('location') ?? ''
    expect((await ask(server, location, { method: 'PATCH', body: blob('a') })).status).toBe(202)
    await full(await ask(server, location, { method: 'PATCH', body: blob('b') }))
    await full(await postBlob(server, 'c'.repeat(1001)))
    expect((await postBlob(server, blob('d'))).status).toBe(201)
  })

  it('holds for mounts and manifests too', async () => {
    const server = await limited(1000)
    expect((await postBlob(server, blob('a'), { repository: 'other' })).status).toBe(201)
    expect((await postBlob(server, blob('b'))).status).toBe(201)
    const digest = sha256(blob('a'))
    await full(
      await ask(server, `/v2/team/app/blobs/uploads/?mount=${digest}&from=other`, { method: 'POST' }),
    )
    await full((await pushImage(server, '1', { layer: 'x'.repeat(300) })).answer)
    expect(await tagsOf(server)).toEqual([])
  })

  it('lets one of two in that fit alone', async () => {
    const server = await limited(1000)
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((letter) => postBlob(server, blob(letter))))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403])
  })

  it('has room again when something was deleted', async () => {
    const server = await limited(1000)
    expect((await postBlob(server, blob('a'))).status).toBe(201)
    await full(await postBlob(server, blob('b')))
    await ask(server, `/v2/team/app/blobs/${sha256(blob('a'))}`, { method: 'DELETE' })
    expect((await postBlob(server, blob('b'))).status).toBe(201)
  })

  it('counts manifests and blobs where that is asked', async () => {
    const server: TestServer = await startServer({ rules: { quotas: [{ project: '*', contents: 2 }] } })
    for (const letter of ['a', 'b']) expect((await postBlob(server, letter)).status).toBe(201)
    await full(await postBlob(server, 'c'))
  })
})
