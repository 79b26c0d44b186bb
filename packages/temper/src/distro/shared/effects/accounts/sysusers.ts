import type { EffectContext } from '../effect.ts'
import { configurationFiles, splitLine } from '../files/configuration-lines.ts'

/** Accounts that packages declare in sysusers.d(5): groups first, then users, then who is in which group. */
export function applySysusers(context: EffectContext): void {
  const { accounts: book } = context
  const lines = configurationFiles(context, 'sysusers.d')
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => splitLine(line))
    .filter(([, name]) => name !== undefined && !name.includes('%'))
  const ofType = (wanted: string) => lines.filter(([type = '']) => type.replace(/!$/, '') === wanted)
  for (const [, name = '', id = '-'] of ofType('g')) {
    const gid = /^\d{1,9}$/.test(id) && book.findGroup(id) === undefined ? Number(id) : undefined
    book.addGroup({ name, ...(gid === undefined ? {} : { gid }) })
  }
  for (const [, name = '', id = '-', comment = '-', home = '-'] of ofType('u'))
    addUser(context, { name, id, comment, home })
  for (const [, name = '', group = '-'] of ofType('m')) {
    if (group === '-') continue
    book.addUser({ name, home: '/' })
    book.addGroup({ name: group })
    book.addMember(name, group)
  }
}

function addUser(
  { accounts: book }: EffectContext,
  line: { readonly name: string; readonly id: string; readonly comment: string; readonly home: string },
): void {
  const [first = '-', second] = line.id.split(':')
  const group = second === undefined ? {} : { group: /^\d{1,9}$/.test(second) ? Number(second) : second }
  book.addUser({
    name: line.name,
    // An id that somebody else has is not given twice.
    ...(/^\d{1,9}$/.test(first) && book.findUser(first) === undefined ? { uid: Number(first) } : {}),
    ...group,
    home: line.home === '-' ? '/' : line.home,
    comment: line.comment === '-' ? '' : line.comment,
  })
}
