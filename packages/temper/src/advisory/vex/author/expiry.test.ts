import { expect, it } from 'vitest'
import { joinExpiry, splitExpiry } from './expiry.ts'

it('is the last line of the notes of a statement, and comes off them again', () => {
  const expires = '2026-01-01T00:00:00.000Z'
  expect(splitExpiry(joinExpiry('more', expires))).toEqual({ text: 'more', expires })
  expect(splitExpiry(joinExpiry(undefined, expires))).toEqual({ text: undefined, expires })
  expect(joinExpiry('more', undefined)).toBe('more')
  expect(splitExpiry(undefined)).toEqual({ text: undefined, expires: undefined })
})

it('leaves no blanks behind it on what remains', () => {
  expect(splitExpiry('  more  \nExpires: 2026-01-01T00:00:00Z')).toMatchObject({ text: '  more' })
})

it.each(['Expires: 2026-13-01T00:00:00Z', 'more\nExpires: 2026-01-45', 'it Expires: 2026-01-01'])(
  'is none that no day has: %j stays',
  (text) => {
    expect(splitExpiry(text)).toEqual({ text, expires: undefined })
  },
)
