import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'
import { accountsOf, groupsOf } from './runtime-account.ts'

interface Identified {
  readonly name: string
  readonly id: number
}

export const duplicateId = imageRule({
  id: 'duplicate-id',
  title: 'Every account and group has its own number and name',
  why: 'To the kernel, two names with one number are one account: what one of them may do, the other may too.',
  fix: 'remove the line, or give it another number',
  level: 'warning',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  *check({ root }) {
    // A second uid 0 is told by the rule "account".
    const accounts = accountsOf({ root }).flatMap(({ name, uid }) => (uid === 0 ? [] : [{ name, id: uid }]))
    const groups = groupsOf({ root }).map(({ name, gid }) => ({ name, id: gid }))
    for (const [path, list] of [['etc/passwd', accounts] as const, ['etc/group', groups] as const]) {
      const node = root.resolve(path)
      if (node === undefined) continue
      const place = nodePlace({ ...node, path })
      for (const found of repeated(list)) yield { place, found }
    }
  },
})

function* repeated(list: readonly Identified[]): Generator<string> {
  const names = new Map<string, number>()
  const ids = new Map<number, string>()
  for (const { name, id } of list) {
    const other = ids.get(id)
    if (names.has(name)) yield `"${name.slice(0, 80)}" is there twice`
    else if (other !== undefined)
      yield `"${name.slice(0, 80)}" has the number ${id} of "${other.slice(0, 80)}"`
    names.set(name, id)
    ids.set(id, name)
  }
}
