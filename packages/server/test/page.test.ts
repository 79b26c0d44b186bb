import { describe, expect, it } from 'vitest'
import { Storage } from '../src/registry/storage/storage.ts'
import { addToken, ask, folderOf, startServer, type TestServer } from './server.ts'

const index = { 'Content-Type': 'application/vnd.oci.image.index.v1+json' }
const body = '{"schemaVersion":2,"manifests":[]}'
const push = (server: TestServer, path: string) =>
  ask(server, `/v2/${path}`, { method: 'PUT', headers: index, body })

describe('the page', () => {
  it('shows repositories and tags to those who may pull them, and no tags of what is attached', async () => {
    const data = await folderOf()
    const reader = await addToken(data, 'reader', [{ project: 'team', role: 'reader' }])
    const admin = await addToken(data, 'admin', [{ project: '*', role: 'admin' }])
    const server = await startServer({ data, token: admin })
    for (const path of [
      'team/app/manifests/1.0',
      'secret/app/manifests/2.0',
      `team/app/manifests/sha256-${'a'.repeat(64)}.sig`,
    ])
      expect((await push(server, path)).status).toBe(201)
    const answer = await ask(server, '/', { token: reader })
    expect(answer.headers.get('content-type')).toContain('text/html')
    const page = await answer.text()
    for (const text of ['team/app', '>1.0<', 'just now', 'reader']) expect(page).toContain(text)
    // A time may have "2.0" in it.
    for (const text of ['secret/app', '>2.0<', '.sig']) expect(page).not.toContain(text)
    expect(await (await ask(server, '/api/repositories', { token: reader })).json()).toEqual([
      { name: 'team/app', tags: [{ tag: '1.0', digest: expect.any(String), pushed: expect.any(String) }] },
    ])
  })

  it('shows so many repositories at once, and all of them page by page', async () => {
    const server = await startServer()
    const storage = await Storage.open(`${server.data}/registry`)
    const names = Array.from({ length: 120 }, (_, i) => `team${i % 3 === 0 ? '-a' : ''}/app${i}`)
    const digest = `sha256:${'a'.repeat(64)}` as const
    await Promise.all(names.map((name) => storage.repository(name).setTag('1', digest)))
    const seen: string[] = []
    let path: string | undefined = '/'
    for (let pages = 0; path !== undefined; pages++) {
      expect(pages).toBeLessThan(3)
      const page = await (await ask(server, path)).text()
      const shown = [...page.matchAll(/<h2>(team[^<]*)<\/h2>/g)].map(([, name = '']) => name)
      expect(shown.length).toBeLessThanOrEqual(50)
      seen.push(...shown)
      path = /href="([^"]*)" rel="next"/.exec(page)?.[1]
    }
    expect(seen.toSorted()).toEqual(names.toSorted())
    const first = await ask(server, '/api/repositories?n=100')
    const rest = await ask(server, /<(.*)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '')
    const listed = [first, rest].map(async (each) => (await each.json()) as { readonly name: string }[])
    expect(
      (await Promise.all(listed))
        .flat()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(names.toSorted())
    expect(rest.headers.get('link')).toBe(null)
  })

  it('lets browsers ask who somebody is, and loads nothing', async () => {
    const server = await startServer()
    const unknown = await ask(server, '/', { token: undefined })
    expect([unknown.status, unknown.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="Temper"'])
    const known = await ask(server, '/')
    expect(known.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'/,
    )
    expect(await known.text()).toContain('Nothing here yet')
  })

  it('shows what strangers wrote as text', async () => {
    const server = await startServer()
    const { headers } = await push(server, 'team/app/manifests/1')
    const storage = await Storage.open(`${server.data}/registry`)
    await storage.repository('team/app').quarantine({
      digest: headers.get('docker-content-digest') as `sha256:${string}`,
      tags: ['1'],
      policy: 'p',
      since: '2026-01-01T00:00:00Z',
      reasons: [{ rule: 'r', found: '<script>alert(1)</script>' }],
    })
    const page = await (await ask(server, '/')).text()
    expect(page).toContain('&lt;script&gt;alert(1)')
    expect(page).not.toContain('<script')
  })
})
