import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { freeText, identifierOf, optionalIdentifier, optionalList, timeOf, Unusable } from './fields.ts'
import { vexLimits } from './limits.ts'

const run = promisify(execFile)

describe('times', () => {
  it.each([
    ['2026-01-15', '2026-01-15T00:00:00.000Z'],
    ['2026-01-15T10:20Z', '2026-01-15T10:20:00.000Z'],
    ['2026-01-15T10:20:30Z', '2026-01-15T10:20:30.000Z'],
    ['2026-01-15t10:20:30z', '2026-01-15T10:20:30.000Z'],
    ['2026-01-15 10:20:30Z', '2026-01-15T10:20:30.000Z'],
    ['2026-01-15T10:20:30.123456Z', '2026-01-15T10:20:30.123Z'],
    ['2026-01-15T10:20:30+02:00', '2026-01-15T08:20:30.000Z'],
    ['2026-01-15T10:20:30-02:30', '2026-01-15T12:50:30.000Z'],
    ['2026-01-15T10:20:30+0200', '2026-01-15T08:20:30.000Z'],
    ['2026-01-15T10:20:30', '2026-01-15T10:20:30.000Z'],
    [`2026-01-15T10:20:30.${'0'.repeat(39)}Z`, '2026-01-15T10:20:30.000Z'],
  ])('%s are %s', (text, time) => {
    expect(timeOf(text)).toBe(time)
  })

  it('without a zone are the same whatever the zone of the machine', async () => {
    // A process reads its zone when it begins.
    const code = `
      import { timeOf } from ${JSON.stringify(new URL('./fields.ts', import.meta.url).href)}
      console.log(new Date(2026, 0, 1).getUTCHours(), timeOf('2026-01-15T10:20:30'), timeOf('2026-01-15'))`
    const words = ['--conditions=temper-source', '--input-type=module', '--eval', code]
    const { stdout } = await run(process.execPath, words, { env: { TZ: 'Asia/Tokyo' } })
    expect(stdout.trim()).toBe('15 2026-01-15T10:20:30.000Z 2026-01-15T00:00:00.000Z')
  })

  it.each([
    '',
    'yesterday',
    '2026',
    '2026-1-15',
    '2026-01-5',
    '26-01-15',
    '2026-13-01',
    'x2026-01-15',
    '2026-01-15x',
    '2026-01-15T1:20Z',
    '2026-01-15T10:2Z',
    '2026-01-15T10:20:3Z',
    '2026-01-15T10:20:30.Z',
    '2026-01-15Z ',
    '2026-01-15T10:20:30+2:00',
    `2026-01-15T10:20:30.${'0'.repeat(40)}Z`,
    'Thu, 15 Jan 2026 10:20:30 GMT',
    7,
    null,
  ])('%j are none', (value) => {
    expect(timeOf(value)).toBeUndefined()
  })
})

describe('ids', () => {
  it.each([
    [' a ', 'a'],
    ['', undefined],
    ['  ', undefined],
    [null, undefined],
    [undefined, undefined],
    ['x'.repeat(vexLimits.identifier), 'x'.repeat(vexLimits.identifier)],
  ])('%j are %j', (value, expected) => {
    expect(optionalIdentifier(value, 'id')).toBe(expected)
    if (expected === undefined) expect(() => identifierOf(value, 'id')).toThrow('id: expected text')
    else expect(identifierOf(value, 'id')).toBe(expected)
  })

  it.each([7, {}, [], 'x'.repeat(vexLimits.identifier + 1)])(
    'are not of another kind or too long',
    (value) => {
      expect(() => optionalIdentifier(value, 'id')).toThrow(Unusable)
    },
  )
})

describe('texts', () => {
  it.each([
    [' a ', 'a'],
    ['', undefined],
    [' ', undefined],
    [7, undefined],
    ['x'.repeat(vexLimits.text + 5), 'x'.repeat(vexLimits.text)],
    [`${'x'.repeat(vexLimits.text - 1)} y`, 'x'.repeat(vexLimits.text - 1)],
  ])('of %j are %j', (value, expected) => {
    expect(freeText(value)).toBe(expected)
  })
})

describe('lists', () => {
  it('may be missing, and are nothing else', () => {
    expect(optionalList({}, 'a')).toEqual([])
    expect(optionalList({ a: null }, 'a')).toEqual([])
    expect(optionalList({ a: [1] }, 'a')).toEqual([1])
    expect(() => optionalList({ a: {} }, 'a')).toThrow(Unusable)
    expect(optionalList(Object.create({ a: [1] }), 'a')).toEqual([])
  })
})
