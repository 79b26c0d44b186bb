import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountId } from './account-id.ts'

describe('the id of an account', () => {
  it('is every number that Linux gives out, as it is written', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2 ** 32 - 1 }).map((id) => (id === 2 ** 32 - 1 ? id - 1 : id)),
        (id) => {
          expect(accountId(String(id))).toBe(id)
          expect(accountId(`0${id}`.slice(-10))).toBe(Number(`0${id}`.slice(-10)))
        },
      ),
    )
  })

  it.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '-1',
    '1.0',
    '1e3',
    '0x10',
    '١',
    'root',
    '4294967295',
    '4294967296',
    '00000000001',
  ])('is not %j', (text) => {
    expect(accountId(text)).toBeUndefined()
  })

  it('of OpenShift has ten digits', () => {
    expect(accountId('1000650000')).toBe(1_000_650_000)
  })
})
