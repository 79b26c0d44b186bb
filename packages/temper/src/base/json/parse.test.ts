import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../error.ts'
import { printable } from '../printable.ts'
import { describeJson, parseJson, tryJson } from './parse.ts'

const read = (source: Uint8Array | string, depth = 3) =>
  parseJson(source, {
    where: 'a.json',
    depth,
    refuse: (found) => new TemperError('bad-index', `a.json: ${found}`),
  })

function failure(source: string): string {
  try {
    read(source)
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

describe('JSON from outside', () => {
  it('is read as it is, from bytes and from text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => {
        const text = JSON.stringify(value)
        expect(read(text)).toEqual(JSON.parse(text))
        expect(read(Buffer.from(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('is read or refused, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          read(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(TemperError)
        }
      }),
    )
  })

  it.each([
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22]), 'a.json: bytes that are not UTF-8'],
    ['an overlong form', Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'a.json: bytes that are not UTF-8'],
    ['half a document', '{"a":', 'a.json: text that is not JSON ('],
    ['nothing', '', 'a.json: text that is not JSON ('],
  ])('refuses %s', (_what, source, message) => {
    expect(() => read(source)).toThrow(message)
  })

  it('shows nothing in an error that a terminal would obey', () => {
    const message = failure('\u001b]0;title\u0007')
    expect(message).toContain('not JSON')
    expect(message).toBe(printable(message))
  })

  it('may be as deep as the limit', () => {
    expect(read('[[[]]]')).toEqual([[[]]])
    expect(() => read('[[[[]]]]')).toThrow('deeper than 3 levels')
    expect(read('["[[[["]')).toEqual(['[[[['])
  })

  it.each([
    [undefined, 'nothing'],
    [null, 'null'],
    ['a\u009bb', '"a'],
    [{ a: [1] }, '{"a":[1]}'],
    [() => 1, 'function'],
  ])('%j is shown as %s', (value, shown) => {
    expect(describeJson(value)).toContain(shown)
    expect(describeJson(value)).not.toContain('\u009b')
  })

  it('is shown in sixty characters at most', () => {
    expect(describeJson('x'.repeat(58))).toBe(`"${'x'.repeat(58)}"`)
    expect(describeJson('x'.repeat(59)).length).toBeLessThanOrEqual(60)
  })
})

describe('a name twice in one object', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"packages":[1],"x":{"y":[]},"packages":[]}', 'packages'],
    ['{"\\u0061":1,"a":2}', 'a'],
    ['[{"b":{"c":":","c":"{"}}]', 'c'],
    ['{"__proto__":1,"__proto__":{"a":1}}', '__proto__'],
    ['{"":1,"":1}', ''],
    ['{"1":1,"\\\\":2,"\\u005c":3}', '\\'],
  ])('is refused: %s', (text, name) => {
    expect(() => read(text)).toThrow(`the name ${JSON.stringify(name)} twice in one object`)
    expect(tryJson(text)).toEqual(JSON.parse(text))
  })

  it('is told, with what was dropped, to who asks for that', () => {
    const told: unknown[] = []
    const value = parseJson('{"a":1,"b":{"c":1,"c":2},"a":{},"a":3}', {
      where: 'a.json',
      depth: Number.POSITIVE_INFINITY,
      refuse: (actual) => new Error(actual),
      repeated: (names) => told.push(names),
    })
    expect(value).toEqual({ a: 3, b: { c: 2 } })
    expect(told).toEqual([{ name: 'c', dropped: 3 }])
  })

  it('is seen wherever it stands, and nowhere else', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.string(), (value, name) => {
        const [inside, written] = [JSON.stringify(value), JSON.stringify(name)]
        expect(read(`{${written}:${inside}}`, 9)).toEqual({ [name]: JSON.parse(inside) })
        expect(() => read(`[{${written}:1,${written}:${inside}}]`, 9)).toThrow('twice in one object')
      }),
    )
  })

  it('costs no stack and no more than the text is long', () => {
    const deep = `${'{"a":'.repeat(200_000)}1,"a":2${'}'.repeat(200_000)}`
    const told: unknown[] = []
    parseJson(deep, {
      where: 'a.json',
      depth: Number.POSITIVE_INFINITY,
      refuse: (actual) => new Error(actual),
      repeated: (names) => told.push(names),
    })
    expect(told).toEqual([{ name: 'a', dropped: 1 }])
    const wide = Array.from({ length: 200_000 }, (_, i) => `"${i}":1`).join()
    expect(() => read(`{${wide},"7":2}`)).toThrow('the name "7" twice')
  })
})

describe('JSON that only helps', () => {
  it('is what JSON says, and undefined for all else', () => {
    const source = fc.oneof(fc.string(), fc.json(), fc.uint8Array({ maxLength: 30 }))
    fc.assert(
      fc.property(source, (each) => {
        const text = typeof each === 'string' ? each : new TextDecoder('utf-8', { fatal: false }).decode(each)
        const isText = typeof each === 'string' || Buffer.from(text).equals(Buffer.from(each))
        let expected: unknown
        try {
          expected = isText ? JSON.parse(text) : undefined
        } catch {
          expected = undefined
        }
        expect(tryJson(each)).toEqual(expected)
      }),
    )
  })

  it('is not there, or too deep', () => {
    expect(tryJson(undefined)).toBeUndefined()
    expect(tryJson('[[1]]', 2)).toEqual([[1]])
    expect(tryJson('[[[1]]]', 2)).toBeUndefined()
    expect(tryJson(`${'['.repeat(65)}${']'.repeat(65)}`)).toBeUndefined()
    expect(tryJson(`${'['.repeat(64)}${']'.repeat(64)}`)).toBeInstanceOf(Array)
  })
})
