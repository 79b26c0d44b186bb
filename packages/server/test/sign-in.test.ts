import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Sessions } from '../src/auth/oidc/session.ts'
import { startWithProvider } from './provider.ts'
import { folderOf } from './server.ts'

/* People sign in with a browser, at a provider of identities that is a real one. */

/** As much of a browser as signing in takes: cookies by host, and redirects that are followed by hand. */
class Browser {
  readonly #cookies = new Map<string, Map<string, string>>()

  async go(
    address: string,
    { form, headers = {} }: { form?: Record<string, string>; headers?: object } = {},
  ) {
    const { host } = new URL(address)
    const jar = this.#cookies.get(host) ?? new Map<string, string>()
    this.#cookies.set(host, jar)
    const answer = await fetch(address, {
      redirect: 'manual',
      headers: { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), ...headers },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    const to = answer.headers.get('location')
    return { answer, to: to === null ? undefined : new URL(to, address).href }
  }

  /** Follows redirects, and what the provider asks on the way: who, and whether that may be told. */
  async signIn(address: string, login: string, stopAt = '/sign-in/callback'): Promise<string> {
    let { answer, to } = await this.go(address)
    for (let step = 0; step < 20; step++) {
      if (to?.includes(stopAt)) return to
      if (to !== undefined) ({ answer, to } = await this.go(to))
      else {
        const page = await answer.text()
        const action = /action="([^"]+)"/.exec(page)?.[1] ?? ''
        const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1] ?? ''
        ;({ answer, to } = await this.go(new URL(action, answer.url).href, {
          form: { prompt, login, password: 'any' },
        }))
      }
    }
    throw new Error('the provider asks without end')
  }
}

describe('the key of sessions', () => {
  it('stays the same, and is refused when it is none', async () => {
    const path = join(await folderOf(), 'keys', 'sessions.key')
    const now = () => new Date('2026-01-01T00:00:00Z')
    const session = { issuer: 'https://issuer.example', claims: { sub: 'ada' } }
    const text = await (await Sessions.open(path, now)).sealSession(session)
    expect(await (await Sessions.open(path, now)).openSession(text)).toEqual(session)
    for (const length of [0, 31, 33]) {
      await writeFile(path, Buffer.alloc(length))
      await expect(Sessions.open(path, now)).rejects.toMatchObject({
        code: 'bad-configuration',
        message: `The key of sessions in ${path} cannot be used: expected 32 bytes, found ${length}`,
      })
    }
  })
})

describe('signing in with a browser', () => {
  it('goes by the page of the provider, and its claims decide', async () => {
    const { service } = await startWithProvider()
    const browser = new Browser()
    const first = await browser.go(`${service.url}/`)
    expect([first.answer.status, first.to]).toEqual([303, `${service.url}/sign-in`])
    const back = await browser.signIn(`${service.url}/sign-in`, 'ada')
    const { answer, to } = await browser.go(back)
    expect([answer.status, to]).toEqual([303, `${service.url}/`])
    const session = answer.headers.getSetCookie().find((each) => each.startsWith('temper-session='))
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(session).toContain(part)
    const page = await (await browser.go(`${service.url}/`)).answer.text()
    expect(page).toContain('/ada')
    expect((await browser.go(`${service.url}/api/repositories`)).answer.status).toBe(200)
    expect((await browser.go(`${service.url}/api/tokens`)).answer.status).toBe(403)
    // The registry knows no cookies.
    expect((await browser.go(`${service.url}/v2/`)).answer.status).toBe(401)
    // A second time the same answer is worth nothing.
    expect((await browser.go(back)).answer.status).toBe(400)
    const out = await browser.go(`${service.url}/sign-out`, { form: {}, headers: { Origin: service.url } })
    // A browser that went on to the provider would be signed in again.
    expect([out.answer.status, out.to]).toEqual([303, `${service.url}/signed-out`])
    expect(await (await browser.go(out.to ?? '')).answer.text()).toContain('You are signed out')
    expect((await browser.go(`${service.url}/api/repositories`)).answer.status).toBe(401)
  })

  it('is nothing for somebody of whom no grant speaks, nor for another browser than began', async () => {
    const { service } = await startWithProvider()
    const stranger = new Browser()
    const refused = await stranger.go(await stranger.signIn(`${service.url}/sign-in`, 'bob'))
    expect([refused.answer.status, refused.answer.headers.getSetCookie().join()]).toEqual([
      403,
      expect.not.stringContaining('temper-session=e'),
    ])
    const [victim, attacker] = [new Browser(), new Browser()]
    const back = await attacker.signIn(`${service.url}/sign-in`, 'ada')
    expect((await victim.go(back)).answer.status).toBe(400)
    await victim.go(`${service.url}/sign-in`)
    // Begun, but not with this state.
    expect((await victim.go(back)).answer.status).toBe(403)
  })

  it('changes nothing for a page of somebody else', async () => {
    const { service } = await startWithProvider()
    const browser = new Browser()
    expect((await browser.go(await browser.signIn(`${service.url}/sign-in`, 'ada'))).to).toBe(
      `${service.url}/`,
    )
    const post = (headers: object) => browser.go(`${service.url}/api/watch/run`, { form: {}, headers })
    for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }])
      expect((await post(headers)).answer.status).toBe(403)
    // Says nothing of where it comes from.
    expect((await post({})).answer.status).toBe(401)
  })
})
