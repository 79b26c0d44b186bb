import { describe, expect, it } from 'vitest'
import { createNodeFetch } from '../../../temper/src/base/http/node-fetch.ts'
import { sampleContext } from '../../../temper/src/flows/fixtures/sample-context.ts'
import { digestOf, imageOf, manifestType, pushImage, putManifest, sha256, tagsOf } from '../push.ts'
import { addToken, ask, folderOf, startServer, type TestServer } from '../server.ts'

async function startCopying(to: string, password: string, data?: string): Promise<TestServer> {
  const own = data ?? (await folderOf())
  const context = sampleContext(own, { fetch: createNodeFetch(), offline: false })
  const replicas = [{ to: `${to}/copies`, projects: ['team'], username: 'me', password }]
  return startServer({ data: own, context, replicas })
}

async function startTarget() {
  const data = await folderOf()
  const password = await addToken(data, 'replica', [{ project: 'copies', role: 'developer' }])
  const token = await addToken(data, 'admin', [{ project: '*', role: 'admin' }])
  return { data, password, token }
}

interface State {
  readonly waiting: number
  readonly error: string | null
}
const stateOf = async (server: TestServer, token = server.token) =>
  ((await (await ask(server, '/api/replication', { token })).json()) as readonly State[])[0]

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('replication', () => {
  it('brings images of its projects to another registry, with what is attached to them later', async () => {
    const { data, password, token } = await startTarget()
    const target = await startServer({ data, token })
    const server = await startCopying(target.url, password)
    const { digest } = await pushImage(server, '1')
    await pushImage(server, '1', { repository: 'other/app' })
    await until(async () => (await stateOf(server))?.waiting === 0)
    expect(await digestOf(target, '1', 'copies/team/app')).toBe(digest)
    const note = imageOf('{}', {
      subject: { mediaType: manifestType, digest, size: 1 },
      artifactType: 'text/note',
    })
    const attached = sha256(JSON.stringify(note))
    const pushed = await putManifest(server, attached, { body: note })
    expect(pushed.status).toBe(201)
    await until(async () => (await stateOf(server))?.waiting === 0)
    const listed = await (await ask(target, `/v2/copies/team/app/referrers/${digest}`)).json()
    expect(listed).toMatchObject({ manifests: [{ digest: attached, artifactType: 'text/note' }] })
    expect(await tagsOf(target, 'copies/other/app')).toEqual([])
  })

  it('forgets nothing while the other registry is away, nor when it stops itself', async () => {
    const { data, password, token } = await startTarget()
    const first = await startServer({ data, token })
    const port = Number(new URL(first.url).port)
    await first.close()
    const server = await startCopying(first.url, password)
    const { digest } = await pushImage(server, '1')
    await pushImage(server, 'gone', { layer: 'gone' })
    await ask(server, '/v2/team/app/manifests/gone', { method: 'DELETE' })
    expect(await stateOf(server)).toMatchObject({ waiting: 2 })
    await server.close()
    const target = await startServer({ data, token, port })
    const again = await startCopying(target.url, password, server.data)
    await until(async () => (await stateOf(again, server.token))?.waiting === 0)
    expect(await digestOf(target, '1', 'copies/team/app')).toBe(digest)
    expect(await tagsOf(target, 'copies/team/app')).toEqual(['1'])
  })
})
