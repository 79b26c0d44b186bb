import type { Group, User } from '../../../../model/account.ts'
import type { CommandResult, Value } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall, Effect, EffectContext } from '../effect.ts'
import { applySysusers } from './sysusers.ts'

const done: CommandResult = { status: 0, output: '' }
const namePattern = /^[a-z_][a-z0-9_.-]{0,31}\$?$/i

/** Users and groups: those of every image, of the recipe, and those that kept packages create or give files to. */
export const accounts: Effect = {
  id: 'accounts',
  title: 'Users and groups',
  why: 'Services start as users of their own, and files belong to them; nobody can log in.',
  source: 'Debian Policy 9.2; adduser(8), useradd(8), sysusers.d(5), passwd(5), group(5)',
  start(context) {
    applySysusers(context)
    return {
      owns: ['etc/passwd*', 'etc/group*', 'etc/shadow*', 'etc/gshadow*', 'etc/subuid*', 'etc/subgid*'],
      commands: {
        adduser: (call) => adduser(call, context),
        useradd: (call) => useradd(call, context),
        addgroup: (call) => addgroup(call, context),
        groupadd: (call) => addgroup(call, context),
        usermod: (call) => usermod(call, context),
        gpasswd: (call) => gpasswd(call, context),
        // On a fresh system nobody is there to be taken away, and nobody is in a group to leave.
        deluser: () => done,
        delgroup: () => done,
        userdel: () => done,
        groupdel: () => done,
        // No account can log in or lasts: passwords, shells and expiry have no meaning.
        passwd: () => done,
        chpasswd: () => done,
        chage: () => done,
        chsh: () => done,
        pwconv: () => done,
        grpconv: () => done,
        'systemd-sysusers': () => done,
      },
      finish: () => finish(context),
    }
  },
}

/** `adduser --system … NAME`, or `adduser USER GROUP` (adduser(8)). */
function adduser(call: CommandCall, { accounts: book }: EffectContext): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, {
    valued: [
      '--home',
      '--shell',
      '--uid',
      '--gid',
      '--ingroup',
      '--gecos',
      '--comment',
      '--firstuid',
      '--lastuid',
      '--firstgid',
      '--lastgid',
      '--conf',
    ],
  })
  const [name, group] = operands
  if (name === undefined || !namePattern.test(name)) return undefined
  if (operands.length === 2 && group !== undefined) {
    book.findUser(name)
    book.addMember(name, group)
    return done
  }
  if (operands.length !== 1 || [...values.values()].includes(undefined)) return undefined
  if (flags.has('--group') && !flags.has('--system')) {
    book.addGroup({ name })
    return done
  }
  const ingroup = values.get('--ingroup') ?? values.get('--gid')
  const id = numeric(values.get('--uid') ?? '')
  const home = values.get('--home')
  const own = flags.has('--group') || !flags.has('--system')
  book.addUser({
    name,
    ...(typeof id === 'number' ? { uid: id } : {}),
    ...(ingroup === undefined ? (own ? {} : { group: 'nogroup' }) : { group: numeric(ingroup) }),
    ...(home === undefined ? {} : { home }),
    comment: values.get('--gecos') ?? values.get('--comment') ?? '',
  })
  return done
}

/** `useradd … NAME` (useradd(8)); a user gets a group of its own name unless told otherwise. */
function useradd(call: CommandCall, { accounts: book }: EffectContext): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, {
    valued: [
      '-b',
      '-c',
      '-d',
      '-e',
      '-f',
      '-g',
      '-G',
      '-k',
      '-K',
      '-p',
      '-R',
      '-s',
      '-u',
      '--comment',
      '--home-dir',
      '--home',
      '--gid',
      '--groups',
      '--shell',
      '--uid',
      '--password',
    ],
  })
  const [name] = operands
  if (name === undefined || operands.length !== 1 || !namePattern.test(name)) return undefined
  if ([...values.values()].includes(undefined)) return undefined
  const value = (...names: readonly string[]) =>
    names.map((option) => values.get(option)).find((each) => each !== undefined)
  const id = numeric(value('-u', '--uid') ?? '')
  const group = value('-g', '--gid')
  const home = value('-d', '--home-dir', '--home')
  const none = flags.has('-N') || flags.has('--no-user-group')
  book.addUser({
    name,
    ...(typeof id === 'number' ? { uid: id } : {}),
    ...(group === undefined ? (none ? { group: 'users' } : {}) : { group: numeric(group) }),
    ...(home === undefined ? {} : { home }),
    comment: value('-c', '--comment') ?? '',
  })
  for (const more of (value('-G', '--groups') ?? '').split(',').filter(Boolean)) book.addMember(name, more)
  return done
}

function addgroup(call: CommandCall, { accounts: book }: EffectContext): CommandResult | undefined {
  const { values, operands } = readOptions(call.arguments, {
    valued: ['--gid', '-g', '-K', '-p', '--firstgid', '--lastgid', '--conf'],
  })
  const [name, group] = operands
  if (name === undefined || !namePattern.test(name)) return undefined
  if (operands.length === 2 && group !== undefined) {
    book.addMember(name, group)
    return done
  }
  const gid = numeric(values.get('--gid') ?? values.get('-g') ?? '')
  book.addGroup({ name, ...(typeof gid === 'number' ? { gid } : {}) })
  return operands.length === 1 ? done : undefined
}

function usermod(call: CommandCall, { accounts: book }: EffectContext): CommandResult | undefined {
  const { values, operands } = readOptions(call.arguments, {
    valued: [
      '-G',
      '--groups',
      '-s',
      '--shell',
      '-c',
      '--comment',
      '-d',
      '--home',
      '-e',
      '-p',
      '-g',
      '-u',
      '-l',
      '--gid',
      '--add-subuids',
      '--add-subgids',
    ],
  })
  const [name] = operands
  if (name === undefined || operands.length !== 1) return undefined
  for (const option of values.keys())
    if (!/^(?:-G|--groups|-s|--shell|-c|--comment|-e|-p|-d|--home|-g|--gid|--add-sub[ug]ids)$/.test(option))
      return undefined
  const home = values.get('-d') ?? values.get('--home')
  const primary = values.get('-g') ?? values.get('--gid')
  const comment = values.get('-c') ?? values.get('--comment')
  const change = { ...optional('home', home), ...optional('group', primary), ...optional('comment', comment) }
  if (!book.changeUser(name, change)) return undefined
  for (const group of (values.get('-G') ?? values.get('--groups') ?? '').split(',').filter(Boolean))
    book.addMember(name, group)
  return done
}

function optional<K extends string>(key: K, value: Value): { readonly [name in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [name in K]: string })
}

function gpasswd(call: CommandCall, { accounts: book }: EffectContext): CommandResult | undefined {
  const { values, operands } = readOptions(call.arguments, { valued: ['-a', '--add'] })
  const user = values.get('-a') ?? values.get('--add')
  const [group] = operands
  if (user === undefined || group === undefined) return undefined
  book.addMember(user, group)
  return done
}

function numeric(text: string): string | number {
  return /^\d{1,9}$/.test(text) ? Number(text) : text
}

/** Ids of the names in package archives, then the files: nobody has a password, a shell, or a way to log in. */
function finish(context: EffectContext): void {
  const { stage, accounts: book } = context
  for (const { content } of context.packages) {
    for (const { userName, groupName } of content.entries) {
      if (userName !== undefined && userName !== 'root') book.findUser(userName)
      if (groupName !== undefined && groupName !== 'root') book.findGroup(groupName)
    }
  }
  resolveNames(context)
  const users = book.users()
  const groups = book.groups()
  put(context, { path: 'etc/passwd', lines: users.map(passwdLine) })
  put(context, { path: 'etc/group', lines: groups.map(groupLine) })
  for (const name of ['etc/shadow', 'etc/gshadow', 'etc/passwd-', 'etc/group-']) stage.remove(name)
  const special = users
    .filter(({ uid }) => uid !== 0 && uid < 65532)
    .map(({ name, uid }) => `${name} (${uid})`)
  const count = `${users.length} users, ${groups.length} groups`
  context.note('accounts', special.length > 0 ? `${count}: ${special.join(', ')}` : count)
}

function put(
  context: EffectContext,
  file: { readonly path: string; readonly lines: readonly string[] },
): void {
  const content = new TextEncoder().encode(file.lines.map((line) => `${line}\n`).join(''))
  context.stage.put({ path: file.path, type: 'file', mode: 0o644, content })
}

/** The `x` sends programs to /etc/shadow, which is not there: no password fits. */
function passwdLine({ name, uid, gid, comment, home }: User): string {
  return `${name}:x:${uid}:${gid}:${comment}:${home}:/usr/sbin/nologin`
}

function groupLine({ name, gid, members }: Group): string {
  return `${name}:x:${gid}:${members.join(',')}`
}

/** dpkg gives files to the owner that the archive names, whatever id the archive has (deb(5)). */
function resolveNames({ stage, packages, accounts: book }: EffectContext): void {
  const owners = new Map<string, { readonly uid?: number; readonly gid?: number }>()
  for (const installed of packages) {
    for (const { path, userName, groupName, uid, gid } of installed.content.entries) {
      const user = userName === undefined ? undefined : book.findUser(userName)
      const group = groupName === undefined ? undefined : book.findGroup(groupName)
      const change = {
        ...(user && user.uid !== uid ? { uid: user.uid } : {}),
        ...(group && group.gid !== gid ? { gid: group.gid } : {}),
      }
      if (Object.keys(change).length > 0) owners.set(`${installed.package.name}\0${path}`, change)
    }
  }
  if (owners.size === 0) return
  const changes: [string, { readonly uid?: number; readonly gid?: number }][] = []
  for (const { origin, path } of stage.nodes()) {
    const change = origin.kind === 'package' ? owners.get(`${origin.package}\0${origin.path}`) : undefined
    if (change) changes.push([path, change])
  }
  for (const [path, change] of changes) stage.setAttributes(path, change)
}
