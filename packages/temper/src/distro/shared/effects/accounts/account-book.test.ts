import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AccountBook } from './account-book.ts'

const accounts = { runAs: 'root', users: [], groups: [] }
const base = {
  users: [{ name: 'root', uid: 0, gid: 0, home: '/root', comment: 'root' }],
  groups: [
    { name: 'root', gid: 0, members: [] },
    { name: 'users', gid: 100, members: [] },
  ],
}

type Asked = { readonly name: string; readonly uid?: number }

/** What a book gives to users who ask in this order. */
function given(asked: readonly Asked[], plan: ReadonlyMap<string, number> = new Map()) {
  const book = new AccountBook(base, { accounts, plan })
  for (const user of asked) book.addUser(user)
  return { book, users: book.users(), groups: book.groups() }
}

describe('AccountBook', () => {
  it('gives ids in the order of names, past those that the distribution knows', () => {
    const { book } = given([{ name: 'web' }, { name: 'db' }])
    const plan = book.planIds()
    expect(plan).toEqual(
      new Map([
        ['db', 101],
        ['web', 102],
      ]),
    )
    expect(book.isPlanned(plan)).toBe(false)
  })

  it.each<[string, readonly Asked[], boolean]>([
    ['nobody', [], true],
    ['one', [{ name: 'web' }], true],
    ['two in order', [{ name: 'db' }, { name: 'web' }], true],
    ['one, and another with the same number', [{ name: 'db' }, { name: 'web', uid: 101 }], false],
  ])('knows at once whether ids are final when %s asks', (_, asked, expected) => {
    const { book } = given(asked)
    expect(book.isPlanned(book.planIds())).toBe(expected)
  })

  it('gives the same without a plan as with it, where it says that nothing changes', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd')
    const asked = fc.array(
      fc.record({ name, uid: fc.option(fc.integer({ min: 99, max: 104 }), { nil: undefined }) }),
      { maxLength: 5 },
    )
    fc.assert(
      fc.property(asked, (requests) => {
        const users = requests.map(({ name, uid }) => (uid === undefined ? { name } : { name, uid }))
        const draft = given(users)
        const plan = draft.book.planIds()
        if (!draft.book.isPlanned(plan)) return
        const planned = given(users, plan)
        expect([draft.users, draft.groups]).toEqual([planned.users, planned.groups])
      }),
    )
  })
})
