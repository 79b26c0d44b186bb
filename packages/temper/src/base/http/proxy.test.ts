import { describe, expect, test } from 'vitest'
import { proxyChoice } from './proxy.ts'

const shown = (settings: Parameters<typeof proxyChoice>[0], url: string) =>
  proxyChoice(settings)(new URL(url))?.shown

describe('the proxy for an address', () => {
  const both = { http: 'http://plain:3128', https: 'secure:8080' }

  test.each([
    ['http://a.example/', 'http://plain:3128'],
    ['https://a.example/', 'http://secure:8080'],
    ['http://localhost:5000/', undefined],
    ['https://127.0.0.1/', undefined],
    ['https://127.9.8.7:5000/', undefined],
    ['http://[::1]:5000/', undefined],
    ['http://10.0.0.1/', 'http://plain:3128'],
    ['http://localhost.example/', 'http://plain:3128'],
  ])('%s goes through %s', (url, expected) => {
    expect(shown(both, url)).toBe(expected)
  })

  test('is none when nothing is set for the scheme', () => {
    expect(shown({ http: 'p:1' }, 'https://a.example/')).toBeUndefined()
    expect(shown({ https: 'p:1' }, 'http://a.example/')).toBeUndefined()
    expect(shown({ http: '' }, 'http://a.example/')).toBeUndefined()
  })

  test.each([
    ['proxy', 'http://proxy'],
    ['proxy:3128', 'http://proxy:3128'],
    ['http://proxy:3128/', 'http://proxy:3128'],
    ['https://proxy', 'https://proxy'],
    ['HTTP://PROXY:3128', 'http://proxy:3128'],
    ['10.1.2.3:8080', 'http://10.1.2.3:8080'],
    ['[fd00::1]:8080', 'http://[fd00::1]:8080'],
  ])('is read from %s', (http, expected) => {
    expect(shown({ http }, 'http://a.example/')).toBe(expected)
  })

  test('shows its password to the proxy and to nobody else', () => {
    const proxy = proxyChoice({ http: 'http://me:s%40crit@proxy:1' })(new URL('http://a.example/'))
    expect(proxy).toMatchObject({ shown: 'http://proxy:1', authorization: `Basic ${btoa('me:s@crit')}` })
    expect(proxy?.url.href).toBe('http://proxy:1/')
  })

  test.each(['socks5://me:secret@proxy:1080', 'ftp://me:secret@proxy', 'http://me:secret@'])(
    'cannot be %s, and the error does not repeat it',
    (http) => {
      expect(() => shown({ http }, 'http://a.example/')).toThrow(
        /^The proxy for http addresses: expected http:/,
      )
      expect(() => shown({ http }, 'http://a.example/')).not.toThrow(/secret/)
      expect(shown({ http }, 'https://a.example/')).toBeUndefined()
    },
  )
})

describe('NO_PROXY', () => {
  test.each([
    ['a.example', 'http://a.example/', true],
    ['a.example', 'http://sub.a.example/', true],
    ['a.example', 'http://nota.example/', false],
    ['.a.example', 'http://sub.a.example/', true],
    ['*.a.example', 'http://sub.a.example/', true],
    ['A.Example.', 'http://a.example./', true],
    ['a.example:8080', 'http://a.example:8080/', true],
    ['a.example:8080', 'http://a.example/', false],
    ['a.example:80', 'http://a.example/', true],
    ['a.example:443', 'https://a.example/', true],
    ['*', 'https://a.example/', true],
    ['b.example, a.example', 'http://a.example/', true],
    ['b.example a.example', 'http://a.example/', true],
    ['10.0.0.0/8', 'http://10.200.3.4/', true],
    ['10.0.0.0/8', 'http://11.0.0.1/', false],
    ['10.0.0.0/8', 'http://host.example/', false],
    ['192.168.7.9', 'http://192.168.7.9:5000/', true],
    ['192.168.7.9:5000', 'http://192.168.7.9:5000/', true],
    ['192.168.7.9:5001', 'http://192.168.7.9:5000/', false],
    ['fd00::/8', 'http://[fd12::1]/', true],
    ['fd00::1', 'http://[fd00::1]:80/', true],
    ['[fd00::1]:80', 'http://[fd00::1]/', true],
    ['[fd00::1]:81', 'http://[fd00::1]/', false],
    ['10.0.0.0/99', 'http://10.0.0.1/', false],
    ['.', 'http://a.example/', false],
    [',,', 'http://a.example/', false],
  ])('%s: %s is asked directly: %s', (none, url, direct) => {
    const proxy = shown({ http: 'p:1', https: 'p:1', none }, url)
    expect(proxy).toBe(direct ? undefined : 'http://p:1')
  })
})
