import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { Front } from '../src/http/front.ts'
import { Metrics } from '../src/http/metrics.ts'
import { settingsFrom } from '../src/settings-sources.ts'
import { allOrNone, Startup } from '../src/startup.ts'
import { folderOf, startServer } from './server.ts'

let front: Front | undefined
afterEach(async () => {
  await front?.close()
  front = undefined
})

async function listen(startup: Startup): Promise<Front> {
  const settings = settingsFrom({ environment: {}, given: { port: 0, data: await folderOf() } })
  front = await Front.listen(settings, { log: pino({ level: 'silent' }), metrics: new Metrics(), startup })
  return front
}

describe('a service that starts', () => {
  it('lives, and says what it is waiting for, until all of it is there', async () => {
    const startup = new Startup()
    const { url } = await listen(startup)
    const status = async (path: string) => (await fetch(`${url}${path}`)).status
    const database = Promise.withResolvers<string>()
    const opened = startup.waitFor('the database', database.promise)
    expect(await status('/healthz')).toBe(200)
    const waiting = await fetch(`${url}/readyz`)
    expect([waiting.status, waiting.headers.get('Retry-After')]).toEqual([503, '1'])
    expect(await waiting.json()).toEqual({
      type: 'urn:temper:problem:the-service-is-starting',
      title: 'The service is starting',
      status: 503,
      detail: 'It is waiting for the database.',
    })
    expect(await status('/api/images')).toBe(503)
    const pull = await fetch(`${url}/v2/`)
    expect(await pull.json()).toEqual({
      errors: [{ code: 'UNAVAILABLE', message: 'The service is starting' }],
    })

    database.resolve('open')
    expect(await opened).toBe('open')
    front?.open({
      api: (request, response) => response.end(`api ${request.url}`),
      registry: async (_, response) => void response.end('registry'),
    })
    // What is there answers; whether all of it has begun is another question.
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('api /healthz')
    expect(await (await fetch(`${url}/v2/`)).text()).toBe('registry')
    expect(await (await fetch(`${url}/readyz`)).json()).not.toHaveProperty('detail')
    startup.end()
    expect(await (await fetch(`${url}/readyz`)).text()).toBe('api /readyz')
  })

  it('no longer waits for what failed', async () => {
    const startup = new Startup()
    await expect(startup.waitFor('the database', Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(startup.waitsFor).toEqual([])
  })

  it('closes what came to be when another part fails, however late', async () => {
    const late = Promise.withResolvers<string>()
    const closed: unknown[] = []
    const parts = { late: late.promise, wrong: Promise.reject(new Error('wrong')) }
    const all = allOrNone(parts, async (opened) => void closed.push(opened))
    setImmediate(() => late.resolve('there'))
    await expect(all).rejects.toThrow('wrong')
    expect(closed).toEqual([{ late: 'there', wrong: undefined }])
  })

  it('leaves neither port nor folder taken when it cannot start', async () => {
    const data = await folderOf()
    const server = await startServer({ data })
    const { port } = new URL(server.url)
    await expect(startServer({ port: Number(port) })).rejects.toThrow(/Another program|Listening on/)
    await server.close()
    const proxies = [{ project: 'hub', registry: 'registry.invalid', passwordFile: '/none' }]
    await expect(startServer({ data, port: Number(port), proxies })).rejects.toThrow()
    const again = await startServer({ data, port: Number(port) })
    expect((await fetch(`${again.url}/readyz`)).status).toBe(200)
  })
})
