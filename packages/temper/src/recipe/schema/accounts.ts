import * as z from 'zod'
import { show } from '../document/problem.ts'
import { folderPath, form, id, shortText } from './scalar.ts'

/** useradd's own rule, in lower case. */
const accountName = form(/^[a-z_][a-z0-9_-]{0,31}$/, 'an account name like "app" (a-z, 0-9, _ and -)')

const user = z
  .strictObject({
    name: accountName.optional().meta({ description: 'Name of the user.', examples: ['app'] }),
    username: accountName.optional().meta({ description: 'The same as `name`.', examples: ['app'] }),
    uid: id.meta({ description: 'User id; 0 is only for root.', examples: [10001] }),
    gid: id.optional().meta({ description: 'Main group. Default: the uid.', examples: [10001] }),
    home: folderPath
      .optional()
      .meta({ description: 'Home directory. Default: /nonexistent.', examples: ['/var/lib/app'] }),
    homedir: folderPath.optional().meta({ description: 'The same as `home`.', examples: ['/var/lib/app'] }),
    comment: form(/^[^:\n,]*$/, 'a comment without ":" and ","')
      .optional()
      .meta({ description: 'A description for people.', examples: ['Application'] }),
  })
  .meta({ id: 'user' })

const group = z
  .strictObject({
    name: accountName.optional().meta({ description: 'Name of the group.', examples: ['app'] }),
    groupname: accountName.optional().meta({ description: 'The same as `name`.', examples: ['app'] }),
    gid: id.meta({ description: 'Group id.', examples: [10001] }),
    members: z
      .array(shortText)
      .max(1000)
      .optional()
      .meta({
        description: 'Users that are in the group besides those whose main group it is.',
        examples: [['app']],
      }),
  })
  .meta({ id: 'group' })

export const accounts = z
  .strictObject({
    'run-as': z
      .union([form(/^[a-z_][a-z0-9_-]{0,31}$|^\d{1,10}$/, 'a user name or a uid'), id], {
        error: (issue) => `expected a user name or a uid, found ${show(issue.input)}`,
      })
      .optional()
      .meta({
        description:
          'The user that the container runs as: a name or a uid. Default: nonroot (65532). Root needs `hardening.allow` with the rule `root-user`.',
        examples: ['nonroot'],
      }),
    users: z
      .array(user)
      .max(1000)
      .optional()
      .meta({
        description:
          'Users to add. No user gets a login shell or a password. nonroot (65532) is always there, and so is root, who owns the files.',
        examples: [[{ name: 'app', uid: 10001 }]],
      }),
    groups: z
      .array(group)
      .max(1000)
      .optional()
      .meta({
        description: 'Groups to add. The main group of each user is made when it is not listed.',
        examples: [[{ name: 'app', gid: 10001 }]],
      }),
    root: z
      .literal(true, {
        error: 'can only be true: root is always listed in /etc/passwd, as the owner of the files',
      })
      .optional()
      .meta({ description: 'Accepted for DHI definitions; root is always listed.', examples: [true] }),
  })
  .meta({ id: 'accounts' })
