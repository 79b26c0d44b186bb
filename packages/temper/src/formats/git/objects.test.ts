import { describe, expect, it } from 'vitest'
import { modesOfTree, objectId, treeId, treeOfCommit } from './objects.ts'

const sha1 = '0'.repeat(40)

/* The ids are those that git gives the same objects. */
describe('objects of git', () => {
  it('have the ids that git gives them', () => {
    expect(objectId('blob', Buffer.from('hello\n'), sha1)).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
    expect(objectId('blob', Buffer.alloc(0), sha1)).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391')
    expect(objectId('blob', Buffer.alloc(0), '0'.repeat(64))).toBe(
      '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
    )
    expect(treeId([], sha1)).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904')
  })

  it('of trees sort folders as if a slash ended them, and do not depend on the order given', () => {
    const id = objectId('blob', Buffer.from('hello\n'), sha1)
    const entries = ['a-b', 'a.c', 'a/x', 'a0', 'z/deep/y'].map((path) => ({ mode: '100644', id, path }))
    const tree = treeId(entries, sha1)
    expect(treeId([...entries].reverse(), sha1)).toBe(tree)
    expect(tree).toBe('c46fce19e75cf23889a2e3e24b502ca9b7bdbdbd')
    expect(treeId([...entries.slice(0, -1), { mode: '100755', id, path: 'z/deep/y' }], sha1)).not.toBe(tree)
  })

  it('of commits name their tree', () => {
    const tree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
    expect(treeOfCommit(Buffer.from(`tree ${tree}\nauthor a <a@a.example> 0 +0000\n`))).toBe(tree)
    expect(treeOfCommit(Buffer.from(`tree ${tree}`))).toBeUndefined()
    expect(treeOfCommit(Buffer.from('object 1\n'))).toBeUndefined()
  })

  it('of trees keep modes as they were written', () => {
    const tree = (id: string) =>
      Buffer.concat(
        ['100664 a b', '40000 ü', '160000 c'].flatMap((head) => [
          Buffer.from(`${head}\0`),
          Buffer.from(id, 'hex'),
        ]),
      )
    // Ids have zeros too.
    for (const id of [sha1, '20'.repeat(20), 'ab'.repeat(32)])
      expect([...modesOfTree(tree(id), id)]).toEqual([
        ['a b', '100664'],
        ['ü', '40000'],
        ['c', '160000'],
      ])
    expect([...modesOfTree(Buffer.alloc(0), sha1)]).toEqual([])
  })
})
