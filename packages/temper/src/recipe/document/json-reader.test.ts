import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { JsonReader, readObject } from './json-reader.ts'

const place = { file: 'web.lock.json', path: 'platforms[0]' }
const reader = (value: unknown) => new JsonReader(value, place)

function fault(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof TemperError) return `${error.code} ${error.message}`
    throw error
  }
  throw new Error('accepted')
}

describe('a member', () => {
  it.each<[string, (from: JsonReader) => unknown, unknown]>([
    ['text', (from) => from.text('a'), 'x\ty\nz'],
    ['an empty text', (from) => from.text('a'), ''],
    ['text of a form', (from) => from.text('a', { form: /^\d+$/ }), '12'],
    ['as long a text as may be', (from) => from.text('a', { max: 3 }), 'abc'],
    ['a digest', (from) => from.digest('a'), `sha256:${'a'.repeat(64)}`],
    ['a number', (from) => from.integer('a'), 0],
    ['the largest number', (from) => from.integer('a'), Number.MAX_SAFE_INTEGER],
    ['a number from a limit', (from) => from.integer('a', 7), 7],
    ['texts', (from) => from.texts('a'), ['x', 'y']],
  ])('that is %s is read', (_, read, value) => {
    expect(read(reader({ a: value }))).toEqual(value)
  })

  it.each<[string, (from: JsonReader) => unknown, unknown, RegExp]>([
    ['missing', (from) => from.text('a'), undefined, /platforms\[0\]\.a: expected text, found nothing/],
    ['no text', (from) => from.text('a'), 7, /expected text, found 7/],
    ['a text with a control character', (from) => from.text('a'), 'x\u0007', /expected text/],
    ['a text that is too long', (from) => from.text('a', { max: 3 }), 'abcd', /expected text/],
    [
      'another form',
      (from) => from.text('a', { form: /^\d+$/, what: 'digits' }),
      'x',
      /expected digits, found "x"/,
    ],
    ['no digest', (from) => from.digest('a'), 'sha256:abc', /expected a digest/],
    ['a digest in capitals', (from) => from.digest('a'), `sha256:${'A'.repeat(64)}`, /expected a digest/],
    ['a fraction', (from) => from.integer('a'), 1.5, /a whole number of at least 0, found 1\.5/],
    ['below the limit', (from) => from.integer('a', 7), 6, /at least 7, found 6/],
    ['too large to be whole', (from) => from.integer('a'), 2 ** 53, /whole number/],
    ['a number as text', (from) => from.integer('a'), '1', /found "1"/],
    ['no list', (from) => from.texts('a'), 'x', /expected a list of at most 100000 entries/],
    [
      'a list with a number',
      (from) => from.texts('a'),
      ['x', 1],
      /platforms\[0\]\.a\[1\]: expected text, found 1/,
    ],
    ['a list that is too long', (from) => from.texts('a'), Array(100_001).fill('x'), /at most 100000/],
    ['no object', (from) => from.object('a', () => 0), [], /expected an object, found \[\]/],
    [
      'a list of no objects',
      (from) => from.list('a', () => 0),
      [null],
      /\.a\[0\]: expected an object, found null/,
    ],
  ])('that is %s is refused with its place', (_, read, value, message) => {
    const text = fault(() => read(reader(value === undefined ? {} : { a: value })))
    expect(text).toMatch(/^bad-lock web\.lock\.json: platforms\[0\]/)
    expect(text).toMatch(message)
    expect(text.length).toBeLessThan(300)
  })

  it('that nobody read is refused, also below', () => {
    const read = (value: unknown) =>
      readObject(value, place, (from) => from.object('a', (inner) => inner.text('b')))
    expect(read({ a: { b: 'x' } })).toBe('x')
    expect(fault(() => read({ a: { b: 'x' }, c: 1 }))).toContain('platforms[0].c: unknown member')
    expect(fault(() => read({ a: { b: 'x', c: 1 } }))).toContain('platforms[0].a.c: unknown member')
  })

  it('that every object has is there only when the lock has it', () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      expect(reader({}).has(name)).toBe(false)
      expect(fault(() => reader({}).text(name))).toContain('found nothing')
      expect(reader(JSON.parse(`{"${name}":"x"}`)).text(name)).toBe('x')
    }
  })

  it('may be refused by whoever knows more', () => {
    expect(fault(() => reader({ a: 'x' }).refuse('a', 'a known word'))).toBe(
      'bad-lock web.lock.json: platforms[0].a: expected a known word, found "x"',
    )
  })
})

it('whatever a lock holds, reading it ends with a value or one error', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const read = () =>
        readObject(value, { file: 'f', path: '' }, (from) => [
          ...(from.has('a') ? [from.text('a')] : []),
          ...(from.has('b') ? from.list('b', (each) => each.integer('c')) : []),
        ])
      try {
        expect(Array.isArray(read())).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(TemperError)
      }
    }),
  )
})
