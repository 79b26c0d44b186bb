import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseText, type TextValue } from './text.ts'
import { GVariantError } from './type.ts'

const number = (text: string): TextValue => ({ kind: 'number', text })
const string = (text: string): TextValue => ({ kind: 'string', text })

describe('the text format of GVariant', () => {
  it.each<[string, TextValue]>([
    ['1', number('1')],
    [' -0x1F ', number('-0x1F')],
    ['.5e-3', number('.5e-3')],
    ['-inf', number('-inf')],
    ['nan', number('nan')],
    ['true', { kind: 'boolean', value: true }],
    ['false', { kind: 'boolean', value: false }],
    ["'a\"b'", string('a"b')],
    ['"a\'b"', string("a'b")],
    [String.raw`'\'\"\\\n\t\u00e9\U0001f600\q'`, string('\'"\\\n\té😀q')],
    ["'a\\\nb'", string('ab')],
    ["b'\\a'", { kind: 'bytes', text: '\x07' }],
    ['[]', { kind: 'array', items: [] }],
    ['[1, 2]', { kind: 'array', items: [number('1'), number('2')] }],
    ['()', { kind: 'tuple', items: [] }],
    ['(1,)', { kind: 'tuple', items: [number('1')] }],
    ['(1, "a")', { kind: 'tuple', items: [number('1'), string('a')] }],
    ['{}', { kind: 'dictionary', entries: [] }],
    [
      "{'a': 1, 'b': 2}",
      {
        kind: 'dictionary',
        entries: [
          [string('a'), number('1')],
          [string('b'), number('2')],
        ],
      },
    ],
    ["{'a', 1}", { kind: 'entry', entry: [string('a'), number('1')] }],
    ['<1>', { kind: 'variant', value: number('1') }],
    ['nothing', { kind: 'maybe' }],
    ['just 1', { kind: 'maybe', value: number('1') }],
    ['@au []', { kind: 'typed', type: 'au', value: { kind: 'array', items: [] } }],
    ['uint32 5', { kind: 'typed', type: 'u', value: number('5') }],
    ["objectpath '/'", { kind: 'typed', type: 'o', value: string('/') }],
  ])('%s', (text, expected) => {
    expect(parseText(text)).toEqual(expected)
  })

  it.each([
    '',
    '[',
    '[1',
    '[1,,2]',
    '[,]',
    '(1 2)',
    '{1',
    '{1:}',
    '{1, 2, 3}',
    '{1: 2, 3}',
    '<1',
    '<>',
    '@',
    '@ 1',
    '@i',
    'uint32',
    'just',
    'word',
    'constructor 1',
    'toString',
    "'open",
    "'a\\",
    String.raw`'\u12'`,
    String.raw`'\u0000'`,
    String.raw`'\Uffffffff'`,
    '1 2',
    '] ',
    '--1',
    'b',
    '['.repeat(100) + ']'.repeat(100),
    '<'.repeat(100_000),
  ])('refuses %s', (text) => {
    expect(() => parseText(text)).toThrow(GVariantError)
  })

  const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'`

  function written(value: TextValue): string {
    switch (value.kind) {
      case 'number':
        return value.text
      case 'string':
        return quote(value.text)
      case 'bytes':
        return `b${quote(value.text)}`
      case 'boolean':
        return String(value.value)
      case 'array':
        return `[${value.items.map(written).join(', ')}]`
      case 'tuple':
        return `(${value.items.map(written).join(', ')}${value.items.length === 1 ? ',' : ''})`
      case 'dictionary':
        return `{${value.entries.map(([key, item]) => `${written(key)}:${written(item)}`).join(', ')}}`
      case 'entry':
        return `{${value.entry.map(written).join(', ')}}`
      case 'variant':
        return `<${written(value.value)}>`
      case 'maybe':
        return value.value === undefined ? 'nothing' : `just ${written(value.value)}`
      case 'typed':
        return `@${value.type} ${written(value.value)}`
    }
  }

  const values = fc.letrec<{ value: TextValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.integer().map((each) => number(String(each))),
      fc
        .string({ unit: 'grapheme' })
        .filter((text) => !text.includes('\0'))
        .map(string),
      fc.boolean().map((value): TextValue => ({ kind: 'boolean', value })),
      fc.array(tie('value'), { maxLength: 3 }).map((items): TextValue => ({ kind: 'array', items })),
      fc.array(tie('value'), { maxLength: 3 }).map((items): TextValue => ({ kind: 'tuple', items })),
      fc
        .array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 })
        .map((entries): TextValue => ({ kind: 'dictionary', entries })),
      fc.tuple(tie('value'), tie('value')).map((entry): TextValue => ({ kind: 'entry', entry })),
      tie('value').map((value): TextValue => ({ kind: 'variant', value })),
      fc
        .option(tie('value'), { nil: undefined })
        .map((value): TextValue => (value === undefined ? { kind: 'maybe' } : { kind: 'maybe', value })),
      fc
        .tuple(fc.constantFrom('i', 'as', 'a{sv}', '(ii)'), tie('value'))
        .map(([type, value]): TextValue => ({ kind: 'typed', type, value })),
    ),
  }))

  it('is read as it was written', () => {
    fc.assert(
      fc.property(values.value, (value) => {
        expect(parseText(written(value))).toEqual(value)
      }),
    )
  })

  it('never does anything but be read or refused', () => {
    const piece = fc.constantFrom(
      ...`[](){}<>@,:'"\\bu1a.-+ x`,
      'just ',
      'nothing',
      'true',
      'uint32 ',
      'inf',
      '@as ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          parseText(pieces.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(GVariantError)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
