import { describe, expect, it } from 'vitest'
import { buildRoot } from '../../model/tree/fixtures/fixture-root.ts'
import { runtimeUser } from './accounts.ts'

const passwd = [
  'root:x:0:0:root:/root:/usr/sbin/nologin',
  'web:x:33:44::/srv:/usr/sbin/nologin',
  'homeless:x:50:50:::/usr/sbin/nologin',
  '1234:x:99:99::/named-like-a-number:/usr/sbin/nologin',
  'broken',
  '',
].join('\n')
const root = buildRoot({ 'etc/passwd': { content: passwd } })

describe('the user that an image runs as', () => {
  it.each([
    ['web', { user: '33', uid: 33, gid: 44, home: '/srv' }],
    ['33', { user: '33', uid: 33, gid: 44, home: '/srv' }],
    ['homeless', { user: '50', uid: 50, gid: 50, home: '/' }],
    ['1234', { user: '99', uid: 99, gid: 99, home: '/named-like-a-number' }],
    ['7777', { user: '7777:7777', uid: 7777, gid: 7777, home: '/' }],
    ['999999999', { user: '999999999:999999999', uid: 999_999_999, gid: 999_999_999, home: '/' }],
  ])('"%s" is found by name, or by number', (runAs, user) => {
    expect(runtimeUser(root, runAs)).toEqual(user)
  })

  it.each(['none', 'broken', '', '-1', '1e3', '1234567890'])('"%s" is refused', (runAs) => {
    expect(() => runtimeUser(root, runAs)).toThrow(
      expect.objectContaining({ code: 'bad-recipe', hint: expect.stringContaining('root, web') }),
    )
  })

  it('needs no account file when it is a number', () => {
    expect(runtimeUser(buildRoot({}), '65532').user).toBe('65532:65532')
  })
})
