import { accounts } from '../../shared/effects/accounts/accounts.ts'
import { readOptions } from '../../shared/effects/command-line.ts'
import type { CommandCall, Effect, EffectContext } from '../../shared/effects/effect.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

const done: CommandResult = { status: 0, output: '' }
const namePattern = /^[a-z_][a-z0-9_.-]{0,31}\$?$/i

/** Users and groups as everywhere, made with busybox's adduser instead of Debian's. */
export const busyboxAccounts: Effect = {
  ...accounts,
  source: `${accounts.source}; busybox adduser and addgroup`,
  start(context) {
    const run = accounts.start(context)
    return { ...run, commands: { ...run.commands, adduser: (call) => adduser(call, context) } }
  },
}

/** `adduser -S -D -H -h HOME -s SHELL -G GROUP -g COMMENT -u ID USER`, or `adduser USER GROUP`. */
function adduser(call: CommandCall, { accounts: book }: EffectContext): CommandResult | undefined {
  const { values, operands } = readOptions(call.arguments, {
    valued: ['-h', '-g', '-s', '-G', '-u', '-k', '--home', '--gecos', '--shell', '--ingroup', '--uid'],
  })
  const value = (short: string, long: string) => values.get(short) ?? values.get(long)
  const [name, group] = operands
  if (name === undefined || !namePattern.test(name) || [...values.values()].includes(undefined))
    return undefined
  if (operands.length === 2 && group !== undefined) {
    book.findUser(name)
    book.addMember(name, group)
    return done
  }
  if (operands.length !== 1) return undefined
  const [id, main, home] = [value('-u', '--uid') ?? '', value('-G', '--ingroup'), value('-h', '--home')]
  book.addUser({
    name,
    ...(/^\d{1,9}$/.test(id) ? { uid: Number(id) } : {}),
    // Without -G there is a group of the user's own name.
    ...(main === undefined ? {} : { group: main }),
    ...(home === undefined ? {} : { home }),
    comment: value('-g', '--gecos') ?? '',
  })
  return done
}
