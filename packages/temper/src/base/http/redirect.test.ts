import { describe, expect, it } from 'vitest'
import { originOnly, redirectTarget } from './redirect.ts'

const from = new URL('https://registry.example/v2/blob')

describe('headers that speak for a person', () => {
  const headers = {
    Authorization: 'Basic c2VjcmV0',
    cookie: 'session=secret',
    'Proxy-Authorization': 'Basic c2VjcmV0',
    'X-Registry-Auth': 'c2VjcmV0',
    Accept: 'application/json',
    Range: 'bytes=5-',
  }

  it('reach no other origin; all other headers do', () => {
    for (const to of [
      'https://cdn.example/blob',
      'https://registry.example:8443/',
      'https://a.registry.example/',
    ])
      expect(originOnly({ headers }, from, new URL(to)).headers).toEqual({
        Accept: 'application/json',
        Range: 'bytes=5-',
      })
  })

  it.each(Object.keys(headers).slice(0, 4))('%s alone is left out, in any spelling', (name) => {
    for (const spelling of [name, name.toLowerCase(), name.toUpperCase()])
      expect(
        originOnly({ headers: { [spelling]: 'x' } }, from, new URL('https://cdn.example/')).headers,
      ).toEqual({})
  })

  it('stay where the origin stays', () => {
    const request = { headers, method: 'PUT' }
    expect(originOnly(request, from, new URL('https://registry.example/elsewhere'))).toBe(request)
  })

  it('leave the rest of a request as it is', () => {
    expect(originOnly({ method: 'HEAD' }, from, new URL('https://cdn.example/'))).toEqual({ method: 'HEAD' })
    expect(originOnly({ method: 'HEAD', headers: {} }, from, new URL('https://cdn.example/'))).toEqual({
      method: 'HEAD',
      headers: {},
    })
  })
})

describe('where a redirect leads', () => {
  const target = (status: number, location: string | undefined, method?: string) =>
    redirectTarget({ status, headers: new Headers(location === undefined ? {} : { location }) }, from, {
      body: () => (async function* () {})(),
      ...(method === undefined ? {} : { method }),
    })

  it.each([
    [200, '/x'],
    [300, '/x'],
    [304, '/x'],
    [309, '/x'],
    [301, undefined],
  ])('nowhere: %i to %s', (status, location) => {
    expect(target(status, location)).toBeUndefined()
  })

  it.each([
    ['/other?a=b', 'https://registry.example/other?a=b'],
    ['next', 'https://registry.example/v2/next'],
    ['//cdn.example/x', 'https://cdn.example/x'],
    ['https://cdn.example/x', 'https://cdn.example/x'],
  ])('%s', (location, url) => {
    expect(target(302, location)?.url.href).toBe(url)
  })

  it.each([
    ['http://registry.example/', 'from https to http'],
    ['ftp://registry.example/', 'neither http nor https'],
    ['https://[', 'neither http nor https'],
    ['https://user@cdn.example/', 'a user or password'],
    ['https://:word@cdn.example/', 'a user or password'],
  ])('refuses %s', (location, message) => {
    expect(() => target(307, location)).toThrow(message)
  })

  // RFC 9110, section 15.4: only 303 makes a GET of any method; before it, clients do so with POST.
  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [301, 'PUT', 'PUT'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
  ])('%i of a %s goes on as %s, with a body only when the method stays', (status, method, after) => {
    const init = target(status, '/x', method)?.init
    expect(init?.method).toBe(after)
    expect(init?.body !== undefined).toBe(method === after)
  })

  it('keeps a method that nobody named, which is GET', () => {
    expect(target(302, '/x')?.init).toMatchObject({ body: expect.anything() })
    expect(target(302, '/x')?.init.method).toBeUndefined()
  })
})
