import { describe, expect, it } from 'vitest'
import { namesGroup, resolveUser } from './image-user.ts'

const passwd =
  'root:x:0:0:root:/root:/sbin/nologin\nweb:x:33:44::/:/sbin/nologin\nnonroot:x:65532:65532::/:\n77:x:5:6::/:\neight:x:77:8::/:\n'
const group = 'root:x:0:\nstaff:x:50:web\n'

it.each([
  ['web', false],
  ['web:', false],
  ['web:staff', true],
  ['1:2', true],
  ['', false],
])('%j names a group of its own: %s', (text, expected) => {
  expect(namesGroup(text)).toBe(expected)
})

describe('the user of an image', () => {
  it.each([
    ['', 0, 0],
    ['0', 0, 0],
    ['65532', 65532, 65532],
    ['33', 33, 44],
    ['web', 33, 44],
    ['web:staff', 33, 50],
    ['33:7', 33, 7],
    ['1000', 1000, 0],
    ['1000:staff', 1000, 50],
    ['4294967294:1', 4294967294, 1],
    ['1000650000', 1000650000, 0],
    // As runtimes take it: no group at all.
    ['web:', 33, 44],
    ['33:', 33, 44],
    // A number is the id, also where somebody has it as a name.
    ['77', 77, 8],
    ['033', 33, 44],
  ])('"%s" is %i:%i', (text, uid, gid) => {
    expect(resolveUser(text, { passwd, group })).toEqual({ uid, gid })
  })

  it.each(['nobody', 'web:nobody', '4294967295', '-1', ':50'])(
    'refuses "%s", which the image lacks',
    (text) => {
      expect(() => resolveUser(text, { passwd, group })).toThrow(
        expect.objectContaining({ code: 'bad-image' }),
      )
    },
  )

  it('needs no account files for numbers', () => {
    expect(resolveUser('5', { passwd: '', group: '' })).toEqual({ uid: 5, gid: 0 })
  })
})
