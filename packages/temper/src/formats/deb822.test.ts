import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collect } from '../base/bytes.ts'
import { TemperError } from '../base/error.ts'
import { type Deb822Options, parseStanza, parseStanzas, type Stanza, streamStanzas } from './deb822.ts'

const options: Deb822Options = { what: 'a test' }

function plain(stanzas: readonly Stanza[]): (readonly (readonly [string, string])[])[] {
  return stanzas.map((stanza) => [...stanza.fields()])
}

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

test('reads fields, folded lines and several paragraphs', () => {
  const text =
    'Package: a\nDepends: b,\n c (>= 1)\nDescription: short\n long\n .\n  more\n\n\t\nPackage:b\nEmpty:\n'
  const [first, second] = parseStanzas(text, options)
  expect(first?.get('PACKAGE')).toBe('a')
  expect(first?.get('depends')).toBe('b,\nc (>= 1)')
  expect(first?.get('Description')).toBe('short\nlong\n.\n more')
  expect(first?.get('Missing')).toBeUndefined()
  expect(first?.line).toBe(1)
  expect([...(second?.fields() ?? [])]).toEqual([
    ['Package', 'b'],
    ['Empty', ''],
  ])
  expect(second?.line).toBe(10)
})

test('keeps only what is asked for, and still checks the rest', () => {
  const only = new Set(['package'])
  const [stanza] = parseStanzas('Package: a\nLong: x\n y\n z\nSize: 1\n', { ...options, only })
  expect([...(stanza?.fields() ?? [])]).toEqual([['Package', 'a']])
  expect(() => parseStanzas('Package: a\nLong x\n', { ...options, only })).toThrow(TemperError)
})

test('leaves comments out where they are allowed', () => {
  const text = '# one\nTypes: deb\n# two\nURIs: http://mirror.example/debian\n'
  expect(plain(parseStanzas(text, { ...options, comments: 'skip' }))).toEqual([
    [
      ['Types', 'deb'],
      ['URIs', 'http://mirror.example/debian'],
    ],
  ])
  expect(() => parseStanzas(text, options)).toThrow('a test, line 1')
})

describe('refuses', () => {
  test.each([
    ['no colon', 'Package a\n', 'expected "Name: value"'],
    ['no name', ': a\n', 'expected "Name: value"'],
    ['a name with a space', 'A b: c\n', 'is not a field name'],
    ['a name with a hyphen in front', '-a: c\n', 'is not a field name'],
    ['a continuation without a field', ' b\n', 'a continuation line without a field'],
    ['a continuation after an empty line', 'A: b\n\n c\n', 'line 3'],
    ['a field twice', 'A: b\na: c\n', 'the field "a" is there twice'],
  ])('%s', (_title, text, message) => {
    expect(() => parseStanzas(text, options)).toThrow(message)
    expect(() => parseStanzas(text, options)).toThrow(expect.objectContaining({ code: 'bad-index' }))
  })

  test.each([
    ['long lines', `A: ${'x'.repeat(200)}\n`],
    ['long lines without an end', `A: ${'x'.repeat(200)}`],
    ['long values', `A: b\n${' x\n'.repeat(100)}`],
    ['many fields', Array.from({ length: 6 }, (_, i) => `A${i}: b\n`).join('')],
    ['many paragraphs', 'A: b\n\n'.repeat(4)],
  ])('%s', (_title, text) => {
    const limits = { ...options, fieldLimit: 100, fieldsLimit: 5, stanzasLimit: 3 }
    expect(() => parseStanzas(text, limits)).toThrow(expect.objectContaining({ code: 'limit-exceeded' }))
  })

  test('a single paragraph that is none or several', () => {
    expect(() => parseStanza('', options)).toThrow('found none')
    expect(() => parseStanza('A: b\n\nA: c\n', options)).toThrow('found more')
    expect(parseStanza('\n\nA: b\n\n', options).get('a')).toBe('b')
  })
})

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,10}$/)
const line = fc.stringMatching(/^[!-~äß€][ -~äß€]{0,20}$/).map((text) => text.trim() || 'x')
const stanza = fc.uniqueArray(fc.tuple(name, fc.array(line, { minLength: 1, maxLength: 3 })), {
  minLength: 1,
  maxLength: 5,
  selector: ([field]) => field.toLowerCase(),
})

test('reads what was written, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stanza, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      async (stanzas, sizes) => {
        const text = stanzas
          .map((fields) => fields.map(([field, lines]) => `${field}: ${lines.join('\n ')}\n`).join(''))
          .join('\n')
        const expected = stanzas.map((fields) => fields.map(([field, lines]) => [field, lines.join('\n')]))
        expect(plain(parseStanzas(text, options))).toEqual(expected)
        const streamed: Stanza[] = []
        for await (const fields of streamStanzas(cut(Buffer.from(text), sizes), options))
          streamed.push(fields)
        expect(plain(streamed)).toEqual(expected)
      },
    ),
  )
})

test('any bytes are read or refused with a clear error, the same way as a stream and as a whole', async () => {
  const noise = fc.array(fc.constantFrom('A', 'b', ':', ' ', '\n', '\t', '#', '-', '\r', '\0', 'é', '\n\n'))
  await fc.assert(
    fc.asyncProperty(noise, fc.integer({ min: 1, max: 7 }), async (parts, size) => {
      const bytes = Buffer.from(parts.join(''))
      const whole = outcome(() => plain(parseStanzas(bytes.toString(), options)))
      const all: Stanza[] = []
      let streamed: unknown
      try {
        for await (const fields of streamStanzas(cut(bytes, [size]), options)) all.push(fields)
        streamed = plain(all)
      } catch (error) {
        streamed = error
      }
      if (whole instanceof Error) {
        expect(whole).toBeInstanceOf(TemperError)
        expect((streamed as Error).message).toBe(whole.message)
      } else expect(streamed).toEqual(whole)
      expect((await collect(cut(bytes, [size]), { limit: 1e6, what: 'x' })).length).toBe(bytes.length)
    }),
  )
})

function outcome(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}
