import { spawnSync } from 'node:child_process'
import {
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildRoot } from '../../../../model/tree/fixtures/fixture-root.ts'
import type { EffectContext } from '../effect.ts'
import { Stage } from '../stage.ts'
import { tmpfiles } from './tmpfiles.ts'

/** What packages bring: text of files, targets of links after an arrow. */
const files: Readonly<Record<string, string>> = {
  'usr/share/factory/var/lib/made': 'from the factory\n',
  'usr/share/tool/template/a': 'a\n',
  'usr/share/tool/template/sub/b': 'b\n',
  'usr/share/tool/data': 'data\n',
  'var/lib/old/file': 'old\n',
  'var/lib/old/sub/deep': 'deep\n',
  'var/lib/link': '→old',
  'etc/tool.conf': 'setting = 1\n',
}

/** `path → type mode owner text` of all below var, srv, opt and etc. */
type Listing = Readonly<Record<string, string>>

const isRoot = process.getuid?.() === 0
const hasProgram = spawnSync('systemd-tmpfiles', ['--version']).status === 0

function modelled(lines: string): Listing {
  const stage = new Stage(buildRoot({}), () => undefined)
  for (const [path, text] of Object.entries({ ...files, 'usr/lib/tmpfiles.d/test.conf': lines })) {
    if (text.startsWith('→')) stage.put({ path, type: 'symlink', mode: 0o777, target: text.slice(1) })
    else stage.put({ path, type: 'file', mode: 0o644, content: Buffer.from(text) })
  }
  const accounts = { findUser: () => undefined, findGroup: () => undefined }
  tmpfiles.start({ stage, accounts, note: () => {} } as unknown as EffectContext).finish?.()
  const nodes = [...stage.nodes()].filter(({ path }) => /^(?:var|srv|opt|etc)\//.test(path))
  return Object.fromEntries(
    nodes.map(({ path, type, mode, uid, gid, target, content }) => [
      path,
      type === 'symlink'
        ? `→${target}`
        : `${type} ${mode.toString(8)} ${uid}:${gid}${type === 'file' ? ` ${Buffer.from(content ?? [])}` : ''}`,
    ]),
  )
}

function listed(root: string): Listing {
  const entries: (readonly [string, string])[] = []
  const walk = (below: string) => {
    for (const each of readdirSync(join(root, below), { withFileTypes: true })) {
      const name = join(below, each.name)
      const { mode, uid, gid } = lstatSync(join(root, name))
      const attributes = `${(mode & 0o7777).toString(8)} ${uid}:${gid}`
      if (each.isSymbolicLink()) entries.push([name, `→${readlinkSync(join(root, name))}`])
      else if (each.isDirectory()) {
        entries.push([name, `directory ${attributes}`])
        walk(name)
      } else entries.push([name, `file ${attributes} ${readFileSync(join(root, name), 'utf8')}`])
    }
  }
  for (const folder of ['var', 'srv', 'opt', 'etc']) walk(folder)
  return Object.fromEntries(entries.filter(([name]) => !/^etc\/(?:passwd|group)$/.test(name)))
}

const cases: Readonly<Record<string, readonly string[]>> = {
  folders: [
    'd /var/lib/new',
    'd /var/lib/new 0750',
    'd /var/lib/a/b/c 0700 - -',
    'd /var/lib/new - - -',
    'D /var/lib/new 0711',
    'v /srv/new',
    'q /srv/new 0700',
    'Q /srv/new 2755',
    'd /opt/new 1777 - - 10d',
    'd /var/lib/old 0700',
    'd /var/lib/old - - -',
    'd /var/lib/link 0700',
    'd  /var/lib/new\t0750\t-  -',
  ],
  'what is there': [
    'e /var/lib/old 0700',
    'e /var/lib/none 0700',
    'z /var/lib/old 0700',
    'z /var/lib/none 0700',
    'Z /var/lib/old 0700',
    'Z /var/lib/old 0640',
    'Z /var/lib/old ~0640',
    'z /var/lib/old/* 0600',
    'Z /var/lib/o* 0750',
    'z /etc/tool.conf 0600',
    'm /etc/tool.conf 0600',
    'z /etc/tool.conf ~0755',
    'z /var/lib/old ~0644',
    'z /var/lib/old/{file,sub} 0700',
  ],
  owners: [
    'd /var/lib/new 0750 7 8',
    'd /var/lib/old 0750 7 8',
    'f /var/lib/new 0640 7 8 - x',
    'z /etc/tool.conf - 7 -',
    'Z /var/lib/old - 7 8',
    'd /var/lib/new - :7 :8',
    'd /var/lib/old - :7 :8',
    'd /var/lib/old :0700 - -',
    'd /var/lib/new :0700 - -',
    'f /etc/tool.conf :0600 :7 -',
  ],
  files: [
    'f /var/lib/new',
    'f /var/lib/new 0600',
    'f /var/lib/new 0600 - - - hello',
    'f /var/lib/new - - - - two words  here',
    'f /etc/tool.conf 0600 - - - new',
    'f+ /etc/tool.conf - - - - new',
    'f /var/lib/new - - - - a\\nb\\tc\\x41',
    'f /var/lib/new - - - - "quoted text"',
    'f /srv/a/b 0600',
    'F /etc/tool.conf - - - - new',
    'f /var/lib/new - - - - 100%%',
  ],
  links: [
    'L /var/lib/new - - - - old',
    'L /var/lib/new - - - - /usr/share/tool/data',
    'L /etc/tool.conf - - - - /usr/share/tool/data',
    'L+ /etc/tool.conf - - - - /usr/share/tool/data',
    'L /var/lib/made',
    'L /var/lib/link - - - - other',
    'L+ /var/lib/link - - - - /var/lib/other',
    'L+ /var/lib/old - - - - ../elsewhere',
    'L /srv/a/link - - - - ../x',
  ],
  copies: [
    'C /var/lib/made',
    'C /srv/copy - - - - /usr/share/tool/template',
    'C /srv/copy 0700 - - - /usr/share/tool/data',
    'C /etc/tool.conf - - - - /usr/share/tool/data',
    'C /srv/copy - - - - /usr/share/none',
    'C /var/lib/old - - - - /usr/share/tool/template',
  ],
  writes: [
    'w /etc/tool.conf - - - - new',
    'w+ /etc/tool.conf - - - - more\\n',
    'w /etc/none - - - - new',
    'w /var/lib/old/* - - - - x',
  ],
  removals: [
    'r /etc/tool.conf',
    'r /var/lib/old',
    'R /var/lib/old',
    'r /var/lib/none',
    'R /var/lib/old/*',
    'r /var/lib/link',
  ],
  'lines in any order': [
    'z /var/lib/new 0700\nd /var/lib/new 0755',
    'd /srv/a/b 0700\nd /srv/a 0711',
    'f /srv/a/file 0600\nd /srv/a 0700',
    'L /srv/link - - - - a\nd /srv/a 0700',
    'd /srv/a 0700\nd /srv/a 0711',
    'f /srv/x - - - - one\nf /srv/x - - - - two',
  ],
  'what is not meant': [
    '# d /var/lib/new',
    '',
    'd! /var/lib/new 0700',
    'x /var/lib/old',
    'X /var/lib/old',
    'd- /var/lib/new 0700',
    'd= /var/lib/new 0700',
    'a+ /var/lib/old - - - - u:root:r',
    'h /var/lib/old - - - - +C',
    'd relative 0700',
    'd',
    'd /var/lib/new nonsense',
    'd /var/lib/new 0700 - - - argument',
    'd /var/lib/../srv/new 0700',
    'd "/var/lib/with space" 0700',
    "d '/srv/quoted' 0711",
    'y /var/lib/new',
  ],
}

describe.skipIf(!hasProgram || !isRoot)('tmpfiles.d, as systemd-tmpfiles reads it', () => {
  let home = ''
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'temper-tmpfiles-'))
  })
  afterAll(() => rmSync(home, { recursive: true }))

  function real(lines: string): Listing {
    const root = mkdtempSync(join(home, 'root-'))
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(root, dirname(path)), { recursive: true })
      if (text.startsWith('→')) symlinkSync(text.slice(1), join(root, path))
      else writeFileSync(join(root, path), text)
      chownSync(join(root, dirname(path)), 0, 0)
    }
    for (const folder of ['srv', 'opt']) mkdirSync(join(root, folder))
    for (const name of ['passwd', 'group']) writeFileSync(join(root, 'etc', name), '')
    writeFileSync(join(root, 'test.conf'), `${lines}\n`)
    // As packages have it called (dh_installtmpfiles).
    const { error } = spawnSync('systemd-tmpfiles', ['--create', '--root', root, join(root, 'test.conf')])
    if (error) throw error
    return listed(root)
  }

  it.each(Object.entries(cases).flatMap(([title, all]) => all.map((lines) => ({ title, lines }))))(
    '$title: $lines',
    ({ lines }) => {
      const before = modelled('')
      const [ours, theirs] = [modelled(`${lines}\n`), real(lines)]
      expect(before['etc/tool.conf']).toBe('file 644 0:0 setting = 1\n')
      expect(ours).toEqual(theirs)
    },
  )
})
