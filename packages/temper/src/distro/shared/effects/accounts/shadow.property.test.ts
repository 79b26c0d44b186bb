import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildRoot } from '../../../../model/tree/fixtures/fixture-root.ts'
import type { CommandCall, EffectContext } from '../effect.ts'
import { Stage } from '../stage.ts'
import { AccountBook } from './account-book.ts'
import { accounts } from './accounts.ts'

/** Users as `name id group comment home`, groups as `name id members`; ids that were free to choose are left out. */
interface Outcome {
  readonly statuses: readonly boolean[]
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

const own = (name: string) => !/^(?:root|nonroot|nobody|nogroup|users)$/.test(name)

function told(
  users: readonly {
    readonly name: string
    readonly uid: number
    readonly gid: number
    readonly comment: string
    readonly home: string
  }[],
  groups: readonly { readonly name: string; readonly gid: number; readonly members: readonly string[] }[],
  { fixed, homes }: { readonly fixed: ReadonlySet<string>; readonly homes: string },
): Pick<Outcome, 'users' | 'groups'> {
  const id = (number: number) => (fixed.has(String(number)) ? String(number) : 'any')
  const groupOf = (gid: number) => groups.find((group) => group.gid === gid)?.name ?? String(gid)
  return {
    users: users
      .filter(({ name }) => own(name))
      // Where no home is named there is none in an image.
      .map(
        ({ name, uid, gid, comment, home }) =>
          `${name} ${id(uid)} ${groupOf(gid)} "${comment}" ${homes.includes(home) ? home : 'none'}`,
      )
      .sort(),
    groups: groups
      .filter(({ name }) => own(name))
      .map(({ name, gid, members }) => `${name} ${id(gid)} ${[...members].sort()}`)
      .sort(),
  }
}

const wantedOf = (lines: readonly string[]) => ({
  fixed: new Set(lines.join(' ').match(/\b\d{3,5}\b/g)),
  homes: lines.join(' '),
})

function modelled(lines: readonly string[]): Outcome {
  const stage = new Stage(buildRoot({}), () => undefined)
  const base = {
    users: [{ name: 'root', uid: 0, gid: 0, comment: 'root', home: '/root' }],
    groups: [
      { name: 'root', gid: 0, members: [] },
      { name: 'users', gid: 100, members: [] },
    ],
  }
  const book = new AccountBook(base, { accounts: { runAs: 'root', users: [], groups: [] }, plan: new Map() })
  const context = { stage, accounts: book, packages: [], note: () => {} } as unknown as EffectContext
  const { commands } = accounts.start(context)
  const statuses = lines.map((line) => {
    const [name = '', ...words] = splitWords(line)
    const result = commands?.[name]?.({
      words: [name, ...words],
      arguments: words,
      input: '',
      certain: true,
    } as unknown as CommandCall)
    return result?.status === 0
  })
  return { statuses, ...told(book.users(), book.groups(), wantedOf(lines)) }
}

/** Words of a line, where quotes keep blanks. */
const splitWords = (line: string) =>
  (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''))

const hasPrefix = spawnSync('useradd', ['--help'], { encoding: 'utf8' }).stdout?.includes('--prefix') ?? false

describe.skipIf(!hasPrefix || process.getuid?.() !== 0)('accounts, as useradd and its kin make them', () => {
  let home = ''
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'temper-shadow-'))
  })
  afterAll(() => rmSync(home, { recursive: true }))

  function real(lines: readonly string[]): Outcome {
    const root = mkdtempSync(join(home, 'root-'))
    mkdirSync(join(root, 'etc/default'), { recursive: true })
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\nusers:x:100:\n')
    writeFileSync(join(root, 'etc/login.defs'), 'USERGROUPS_ENAB yes\n')
    for (const name of ['shadow', 'gshadow']) writeFileSync(join(root, 'etc', name), '')
    const statuses = lines.map((line) => {
      const [name = '', ...words] = splitWords(line)
      return spawnSync(name, ['--prefix', root, ...words]).status === 0
    })
    const read = (name: string) =>
      readFileSync(join(root, 'etc', name), 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split(':'))
    const users = read('passwd').map(([name = '', , uid, gid, comment = '', folder = '']) => ({
      name,
      uid: Number(uid),
      gid: Number(gid),
      comment,
      home: folder,
    }))
    const groups = read('group').map(([name = '', , gid, members = '']) => ({
      name,
      gid: Number(gid),
      members: members.split(',').filter(Boolean),
    }))
    return { statuses, ...told(users, groups, wantedOf(lines)) }
  }

  it.each<readonly string[]>([
    ['useradd web'],
    ['useradd -r web'],
    ['useradd --system --no-create-home web'],
    ['useradd -r -u 450 -U web'],
    ['useradd -r -u 450 -d /srv/web -c comment -s /usr/sbin/nologin web'],
    ["useradd -r -c 'two words' -d /srv web"],
    ['useradd --system --uid 450 --home-dir /srv --comment x --shell /bin/sh web'],
    ['groupadd data', 'useradd -r -g data web'],
    ['groupadd -g 460 data', 'useradd -r -N -g data web'],
    ['groupadd --gid 460 data', 'useradd -r -g 460 web'],
    ['groupadd -r data', 'groupadd other', 'useradd -r -G data,other web'],
    ['groupadd -f data', 'groupadd -f data'],
    ['useradd -r -M -N -g users web'],
    ['useradd -r -l web', 'useradd -r db'],
    [
      'useradd -r -u 450 web',
      'useradd -r -u 451 db',
      'groupadd data',
      'usermod -a -G data web',
      'usermod -aG data db',
    ],
    ['useradd -r web', 'usermod -d /srv/web web'],
    ['useradd -r web', 'usermod -s /bin/false web', 'usermod -c changed web'],
    ['useradd -r web', 'usermod -L web', 'usermod -e 1 web'],
    ['useradd -r web', 'groupadd data', 'groupadd other', 'usermod -aG data,other web'],
    ['groupadd data', 'useradd -r -g data web', 'useradd -r -g data db'],
  ])('%s %s %s', (...lines) => {
    const given = lines.filter((line) => line !== undefined)
    expect(modelled(given)).toEqual(real(given))
  })
})
