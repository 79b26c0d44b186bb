import type { Fault, Level } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'
import { accountsOf } from './runtime-account.ts'

export const unknownUser = imageRule({
  id: 'unknown-user',
  title: 'The user that it runs as is in /etc/passwd',
  why: 'With an unknown name the container does not start. A number without a name has no home folder, and some programs refuse to run.',
  fix: 'add the account (accounts in a recipe, or a line of /etc/passwd), or name an existing one',
  level: 'error',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  setting: 'user',
  needs: ['image'],
  *check({ root, image, user }) {
    const text = (image.settings.User ?? '').slice(0, 80)
    const accounts = accountsOf({ root })
    const fault = (level: Level, found: string): Fault => ({
      place: { kind: 'whole' },
      subject: 'USER',
      level,
      found,
    })
    if (user === undefined) yield fault('error', `USER is "${text}", which the image lacks`)
    else if (user.uid !== 0 && accounts.length > 0 && !accounts.some(({ uid }) => uid === user.uid))
      yield fault('note', `no account has the uid ${user.uid}`)
  },
})
