import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TemperError } from '../base/error.ts'
import { authorizationFor, parseNetrc } from './netrc.ts'

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

test('finds the first entry that fits host, port, path and scheme', () => {
  const entries = parseNetrc(
    `# a comment
machine packages.example/private login path password p1
machine packages.example:8443 login port password p2
machine http://plain.example
  login plain
  password p3
machine Packages.Example login host password p4 account ignored
macdef init
  echo machine evil.example login a password b

default login any password p5
`,
    'netrc',
  )
  const at = (address: string) => authorizationFor(entries, new URL(address))
  expect(at('https://packages.example/private/dists/x')).toBe(basic('path:p1'))
  expect(at('https://packages.example/privately')).toBe(basic('host:p4'))
  expect(at('https://packages.example:8443/x')).toBe(basic('port:p2'))
  expect(at('https://packages.example/x')).toBe(basic('host:p4'))
  expect(at('http://packages.example/x')).toBeUndefined()
  expect(at('http://plain.example/x')).toBe(basic('plain:p3'))
  expect(at('https://plain.example/x')).toBe(basic('any:p5'))
  expect(at('https://other.example/x')).toBe(basic('any:p5'))
  expect(at('http://other.example/x')).toBeUndefined()
  expect(entries).toHaveLength(5)
})

test.each([
  'login a password geheim',
  'machine',
  'machine a.example login',
  'machine a.example secret geheim',
])('refuses "%s" without showing a secret', (text) => {
  try {
    parseNetrc(text, 'netrc')
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-configuration' })
    expect((error as Error).message).not.toContain('geheim')
  }
})

test('reads any text or refuses it with a clear error', () => {
  const words = fc.array(
    fc.constantFrom('machine', 'default', 'login', 'password', 'macdef', 'x', '#', ' ', '\n', '\n\n'),
  )
  fc.assert(
    fc.property(words, (parts) => {
      try {
        for (const entry of parseNetrc(parts.join(' '), 'netrc')) expect(entry.host).not.toBe('')
      } catch (error) {
        expect(error).toBeInstanceOf(TemperError)
      }
    }),
  )
})
