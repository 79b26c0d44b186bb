import { describe, expect, it } from 'vitest'
import { formatPath, type Report } from '../document/problem.ts'
import { normaliseAccounts } from './accounts.ts'

type Input = Parameters<typeof normaliseAccounts>[0]

function accounts(input: Input, allow: Parameters<typeof normaliseAccounts>[1] = []) {
  const problems: string[] = []
  const report: Report = (path, message) => problems.push(`${formatPath(path)}: ${message}`)
  return { problems, ...normaliseAccounts(input, allow, report) }
}

const nonroot = { name: 'nonroot', uid: 65532, gid: 65532, home: '/home/nonroot', comment: 'nonroot' }
const nonrootGroup = { name: 'nonroot', gid: 65532, members: [] }

describe('accounts of a recipe', () => {
  it('are nonroot alone, who runs the program, when it names none', () => {
    expect(accounts({})).toEqual({ problems: [], runAs: 'nonroot', users: [nonroot], groups: [nonrootGroup] })
  })

  it('have nonroot first, and a group for each user that nobody listed', () => {
    const { problems, users, groups } = accounts({ users: [{ name: 'web', uid: 1000 }] })
    expect(problems).toEqual([])
    expect(users).toEqual([
      nonroot,
      { name: 'web', uid: 1000, gid: 1000, home: '/nonexistent', comment: 'web' },
    ])
    expect(groups).toEqual([nonrootGroup, { name: 'web', gid: 1000, members: [] }])
  })

  it('have no second group where the gid or the name is taken, nor one for the gid 0', () => {
    const { groups } = accounts({
      users: [
        { name: 'a', uid: 1, gid: 7 },
        { name: 'b', uid: 2, gid: 8 },
        { name: 'c', uid: 3, gid: 0 },
      ],
      groups: [
        { name: 'shared', gid: 7 },
        { name: 'b', gid: 9, members: ['a'] },
      ],
    })
    expect(groups).toEqual([
      nonrootGroup,
      { name: 'shared', gid: 7, members: [] },
      { name: 'b', gid: 9, members: ['a'] },
    ])
  })

  it('may describe nonroot, as long as it stays what it is', () => {
    const own = { name: 'nonroot', uid: 65532, comment: 'Service' }
    const { problems, users, groups } = accounts({ users: [own], groups: [{ name: 'nonroot', gid: 65532 }] })
    expect(problems).toEqual([])
    expect(users).toEqual([{ ...nonroot, comment: 'Service' }])
    expect(groups).toEqual([nonrootGroup])
  })

  it('take the names that apko has for fields', () => {
    const { problems, users, groups } = accounts({
      users: [{ username: 'web', uid: 1000, homedir: '/srv' }],
      groups: [{ groupname: 'www', gid: 1000 }],
    })
    expect(problems).toEqual([])
    expect(users[1]).toMatchObject({ name: 'web', home: '/srv' })
    expect(groups[1]).toMatchObject({ name: 'www' })
  })

  it.each<[Input, readonly string[]]>([
    [
      { users: [{ name: 'a', username: 'a', uid: 1 }] },
      ['accounts.users[0].username: "name" and "username" mean the same: keep one of the two'],
    ],
    [{ users: [{ uid: 1 }] }, ['accounts.users[0]: "name" is missing']],
    [
      { users: [{ name: 'a', uid: 1, home: '/a', homedir: '/a' }] },
      ['accounts.users[0].homedir: "home" and "homedir" mean the same: keep one of the two'],
    ],
    [
      {
        users: [
          { name: 'a', uid: 1 },
          { name: 'a', uid: 2 },
          { name: 'b', uid: 1 },
        ],
      },
      ['accounts.users[1]: a is there twice', 'accounts.users[2]: uid 1 is there twice'],
    ],
    [
      {
        groups: [
          { name: 'a', gid: 1 },
          { name: 'a', gid: 2 },
          { name: 'b', gid: 1 },
        ],
      },
      ['accounts.groups[1]: a is there twice', 'accounts.groups[2]: gid 1 is there twice'],
    ],
    [
      { groups: [{ name: 'a', gid: 1, members: ['ok', 'Not ok'] }] },
      ['accounts.groups[0].members[1]: expected a user name, found "Not ok"'],
    ],
  ])('%j: %j', (input, problems) => {
    expect(accounts(input).problems).toEqual(problems)
  })

  it.each<[string, Input]>([
    ['the uid 0', { users: [{ name: 'a', uid: 0 }] }],
    ['the user root', { users: [{ name: 'root', uid: 5 }] }],
    ['the gid 0', { groups: [{ name: 'a', gid: 0 }] }],
    ['the group root', { groups: [{ name: 'root', gid: 5 }] }],
    ['another uid for nonroot', { users: [{ name: 'nonroot', uid: 5, gid: 65532 }] }],
    ['another gid for nonroot', { users: [{ name: 'nonroot', uid: 65532, gid: 5 }] }],
    ['another gid for the group nonroot', { groups: [{ name: 'nonroot', gid: 5 }] }],
  ])('may not have %s', (_, input) => {
    expect(accounts(input).problems).toHaveLength(1)
  })

  it.each(['root', '0', 0, '00'])('run as root (%j) only for a reason', (runAs) => {
    const input = { 'run-as': runAs }
    expect(accounts(input).problems).toEqual([expect.stringMatching(/^accounts\.run-as: runs as root/)])
    expect(accounts(input, [{ rule: 'shell' }]).problems).toHaveLength(1)
    expect(accounts(input, [{ rule: 'root-user' }])).toMatchObject({ problems: [], runAs: String(runAs) })
  })

  it.each(['web', 1000, '1000:1000'])('run as %j without one', (runAs) => {
    expect(accounts({ 'run-as': runAs })).toMatchObject({ problems: [], runAs: String(runAs) })
  })
})
