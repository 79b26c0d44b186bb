import { type Group, nonrootGroup, nonrootUser, type User } from '../../model/account.ts'
import type { Recipe, Relaxation } from '../../model/recipe.ts'
import type { RecipePath, Report } from '../document/problem.ts'
import type { RecipeInput } from '../schema/schema.ts'

type AccountsInput = NonNullable<RecipeInput['accounts']>

/** Users and groups, nonroot always first, then in the order of the recipe. */
export function normaliseAccounts(
  input: AccountsInput,
  allow: readonly { readonly rule: Relaxation['rule'] }[],
  report: Report,
): Recipe['accounts'] {
  const users = (input.users ?? []).map((user, i) => readUser(user, ['accounts', 'users', i], report))
  const groups = (input.groups ?? []).map((group, i) => readGroup(group, ['accounts', 'groups', i], report))
  reportTwice(
    users.map((u) => u.name),
    ['accounts', 'users'],
    report,
  )
  reportTwice(
    users.map((u) => `uid ${u.uid}`),
    ['accounts', 'users'],
    report,
  )
  reportTwice(
    groups.map((g) => g.name),
    ['accounts', 'groups'],
    report,
  )
  reportTwice(
    groups.map((g) => `gid ${g.gid}`),
    ['accounts', 'groups'],
    report,
  )
  if (!users.some((user) => user.name === nonrootUser.name)) users.unshift(nonrootUser)
  if (!groups.some((group) => group.name === nonrootGroup.name)) groups.unshift(nonrootGroup)
  addMainGroups(users, groups)
  const runAs = String(input['run-as'] ?? nonrootUser.name)
  if (
    (runAs === 'root' || Number(runAs) === 0) &&
    !allow.some((relaxation) => relaxation.rule === 'root-user')
  )
    report(
      ['accounts', 'run-as'],
      'runs as root: choose another user, or give the reason under hardening.allow with the rule "root-user"',
    )
  return { runAs, users, groups }
}

type UserInput = NonNullable<AccountsInput['users']>[number]

function readUser(input: UserInput, path: RecipePath, report: Report): User {
  const name = oneName(input.name, input.username, { path, report, other: 'username' })
  const isNonroot = name === nonrootUser.name
  if (input.uid === 0 || name === 'root')
    report(path, 'root is always there as the owner of the files; only that user has the uid 0')
  if (isNonroot && (input.uid !== nonrootUser.uid || (input.gid ?? input.uid) !== nonrootUser.gid))
    report(path, `"nonroot" has uid and gid ${nonrootUser.uid} in every image; choose another name`)
  if (input.home !== undefined && input.homedir !== undefined)
    report([...path, 'homedir'], '"home" and "homedir" mean the same: keep one of the two')
  return {
    name,
    uid: input.uid,
    gid: input.gid ?? input.uid,
    home: input.home ?? input.homedir ?? (isNonroot ? nonrootUser.home : '/nonexistent'),
    comment: input.comment ?? name,
  }
}

type GroupInput = NonNullable<AccountsInput['groups']>[number]

function readGroup(input: GroupInput, path: RecipePath, report: Report): Group {
  const name = oneName(input.name, input.groupname, { path, report, other: 'groupname' })
  if (input.gid === 0 || name === 'root')
    report(path, 'the group root is always there; only it has the gid 0')
  if (name === nonrootGroup.name && input.gid !== nonrootGroup.gid)
    report(path, `"nonroot" has the gid ${nonrootGroup.gid} in every image; choose another name`)
  for (const [i, member] of (input.members ?? []).entries())
    if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(member))
      report([...path, 'members', i], `expected a user name, found "${member.slice(0, 60)}"`)
  return { name, gid: input.gid, members: input.members ?? [] }
}

function oneName(
  name: string | undefined,
  other: string | undefined,
  options: { readonly path: RecipePath; readonly report: Report; readonly other: string },
): string {
  if (name !== undefined && other !== undefined)
    options.report(
      [...options.path, options.other],
      `"name" and "${options.other}" mean the same: keep one of the two`,
    )
  if (name === undefined && other === undefined) options.report(options.path, '"name" is missing')
  return name ?? other ?? ''
}

/** A user's main group that nobody listed gets the name of the user, as useradd does it. */
function addMainGroups(users: readonly User[], groups: Group[]): void {
  for (const user of users)
    if (user.gid !== 0 && !groups.some((group) => group.gid === user.gid || group.name === user.name))
      groups.push({ name: user.name, gid: user.gid, members: [] })
}

function reportTwice(values: readonly string[], path: RecipePath, report: Report): void {
  for (const [i, value] of values.entries())
    if (value !== '' && values.indexOf(value) < i) report([...path, i], `${value} is there twice`)
}
