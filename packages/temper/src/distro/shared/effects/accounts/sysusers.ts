import type { EffectContext } from '../effect.ts'
import { configurationFiles, splitLine } from '../files/configuration-lines.ts'

/** Accounts that packages declare in sysusers.d(5). */
export function applySysusers(context: EffectContext): void {
  const { accounts: book } = context
  for (const { text } of configurationFiles(context, 'sysusers.d')) {
    for (const line of text.split('\n')) {
      const [type = '', name, id = '-', comment = '-', home = '-'] = splitLine(line)
      if (name === undefined || name.includes('%')) continue
      switch (type.replace(/!$/, '')) {
        case 'u':
          addUser(context, { name, id, comment, home })
          break
        case 'g':
          book.addGroup({ name, ...(/^\d{1,9}$/.test(id) ? { gid: Number(id) } : {}) })
          break
        case 'm':
          book.addUser({ name })
          book.addGroup({ name: id })
          book.addMember(name, id)
          break
      }
    }
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
    ...(/^\d{1,9}$/.test(first) ? { uid: Number(first) } : {}),
    ...group,
    home: line.home === '-' ? '/' : line.home,
    comment: line.comment === '-' ? '' : line.comment,
  })
}
