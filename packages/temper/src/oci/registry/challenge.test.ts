import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseChallenges } from './challenge.ts'

test.each([
  [
    'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
    [
      {
        scheme: 'bearer',
        parameters: {
          realm: 'https://auth.example/token',
          service: 'registry.example',
          scope: 'repository:a/b:pull,push',
        },
      },
    ],
  ],
  ['Basic realm="x"', [{ scheme: 'basic', parameters: { realm: 'x' } }]],
  ['Basic', [{ scheme: 'basic', parameters: {} }]],
  [
    'Negotiate, Basic realm="a \\"b\\"" , BEARER Realm = https://x/t, service=y',
    [
      { scheme: 'negotiate', parameters: {} },
      { scheme: 'basic', parameters: { realm: 'a "b"' } },
      { scheme: 'bearer', parameters: { realm: 'https://x/t', service: 'y' } },
    ],
  ],
  ['Bearer realm="first",realm="second"', [{ scheme: 'bearer', parameters: { realm: 'first' } }]],
  ['realm="nobody"', []],
  ['', []],
])('reads %s', (header, expected) => {
  expect(parseChallenges(header)).toEqual(expected)
})

test('ends on every text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '"', '=', ',', ' ', '\\', '(', '/') }), (text) => {
      expect(Array.isArray(parseChallenges(text))).toBe(true)
    }),
  )
  expect(parseChallenges(`Bearer realm="${'\\'.repeat(1_000_000)}`)).toEqual([
    { scheme: 'bearer', parameters: {} },
  ])
})
