import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildRoot } from '../../../../model/tree/fixtures/fixture-root.ts'
import type { EffectContext } from '../effect.ts'
import { Stage } from '../stage.ts'
import { AccountBook } from './account-book.ts'
import { applySysusers } from './sysusers.ts'

/** Users as "name uid gid comment home" and groups as "name gid members"; ids that were free to choose are told by their owner. */
interface Accounts {
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

interface Entry {
  readonly name: string
  readonly id: number
}

/** Ids that a line names stay; others become the first group or user of that id, so that only who shares one counts. */
function told(entry: Entry, all: readonly Entry[], fixed: ReadonlySet<number>): string {
  if (fixed.has(entry.id)) return String(entry.id)
  return `of ${all.find(({ id }) => id === entry.id)?.name ?? entry.id}`
}

function accountsOf(
  users: readonly {
    readonly name: string
    readonly uid: number
    readonly gid: number
    readonly comment: string
    readonly home: string
  }[],
  groups: readonly { readonly name: string; readonly gid: number; readonly members: readonly string[] }[],
  lines: string,
): Accounts {
  const fixed = new Set([0, ...[...lines.matchAll(/\b\d{2,5}\b/g)].map(([id]) => Number(id))])
  const byGroup = groups
    .map(({ name, gid }) => ({ name, id: gid }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    users: users
      .map(({ name, uid, gid, comment, home }) => {
        const own = told({ name, id: uid }, [{ name, id: uid }], fixed)
        return `${name} ${own} ${told({ name: '', id: gid }, byGroup, fixed)} "${comment}" ${home}`
      })
      .sort(),
    groups: groups
      .map(
        ({ name, gid, members }) =>
          `${name} ${told({ name, id: gid }, byGroup, fixed)} ${[...members].sort()}`,
      )
      .sort(),
  }
}

function modelled(lines: string): Accounts {
  const stage = new Stage(buildRoot({}), () => undefined)
  stage.put({ path: 'usr/lib/sysusers.d/test.conf', type: 'file', mode: 0o644, content: Buffer.from(lines) })
  const root = {
    users: [{ name: 'root', uid: 0, gid: 0, comment: 'root', home: '/root' }],
    groups: [{ name: 'root', gid: 0, members: [] }],
  }
  const accounts = { runAs: 'root', users: [], groups: [] }
  const book = (plan: ReadonlyMap<string, number>) => {
    const made = new AccountBook(root, { accounts, plan })
    applySysusers({ stage, accounts: made } as unknown as EffectContext)
    return made
  }
  const second = book(book(new Map()).planIds())
  const own = ({ name }: { readonly name: string }) => !/^(?:nonroot|nobody|nogroup)$/.test(name)
  return accountsOf(second.users().filter(own), second.groups().filter(own), lines)
}

const hasProgram = spawnSync('systemd-sysusers', ['--version']).status === 0

describe.skipIf(!hasProgram || process.getuid?.() !== 0)('sysusers.d, as systemd-sysusers reads it', () => {
  let home = ''
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'temper-sysusers-'))
  })
  afterAll(() => rmSync(home, { recursive: true }))

  function real(lines: string): Accounts {
    const root = mkdtempSync(join(home, 'root-'))
    mkdirSync(join(root, 'etc'))
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\n')
    writeFileSync(join(root, 'test.conf'), lines)
    const { error } = spawnSync('systemd-sysusers', ['--root', root, join(root, 'test.conf')])
    if (error) throw error
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
    return accountsOf(users, groups, lines)
  }

  it.each([
    'u web',
    'u web -',
    'u web - "A web server" /var/lib/web',
    'u web - "A web server" /var/lib/web /bin/sh',
    'u web 450',
    'u web 450 "x"',
    'g data 451\nu web 450:451',
    'g data\nu web -:data',
    'u web 450:data\ng data 460',
    'u web - - /srv',
    'g data',
    'g data 470',
    'g data -',
    'm web data',
    'u web\nm web data',
    'g data 480\nu web 450\nm web data',
    'u web\nu web 450',
    'u web 450\nu db 450:450',
    'u web\nu db\ng data\nm web data\nm db data',
    'm web data\nm web other\nm db data',
    '# u web\n\n  u  web\t-   "spaced  out"  /srv  ',
    'u web 450 "it\'s" /srv',
    "u web - 'single quotes' /srv",
    'u',
    'g',
    'm web',
    'u root 0 "other" /other',
    'g root 5',
    'u _web-1 - - -',
    'r - 400-410\nu web 450',
    'u web 450 "comma, colon"',
  ])('%s', (lines) => {
    expect(modelled(`${lines}\n`)).toEqual(real(`${lines}\n`))
  })

  it('gives a user the id of a group that nothing else names, and passes over what it does not know', () => {
    expect(modelled('u web 450:451\n').users).toContain('web 450 451 "" /')
    expect(modelled('x web\nu web 450\n').users).toContain('web 450 450 "" /')
  })
})
