import { describe, expect, it } from 'vitest'
import type { RelaxableRule } from '../../model/recipe.ts'
import { buildRoot, type FixtureNode } from '../../model/tree/fixtures/fixture-root.ts'
import { checkHardening } from './check.ts'
import { hardeningRules } from './rules.ts'

type Files = Readonly<Record<string, FixtureNode | string>>

interface Example {
  readonly rule: RelaxableRule
  /** Each tree breaks this rule and no other. */
  readonly broken: readonly Files[]
  /** Each tree comes as close as one can and breaks none. */
  readonly kept: readonly Files[]
  readonly uid?: number
}

const folder: FixtureNode = { type: 'directory' }
const tool: FixtureNode = { mode: 0o755, elf: { kind: 'executable' } }
const passwd = (...lines: string[]): Files => ({ 'etc/passwd': { content: `${lines.join('\n')}\n` } })
const nologin = '/usr/sbin/nologin'

const examples: readonly Example[] = [
  {
    rule: 'shell',
    broken: [
      { 'usr/bin/bash': tool },
      { 'opt/app/bin/sh': tool },
      { 'usr/lib/klibc/bin/sh': tool },
      { 'usr/bin/busybox': tool },
      { 'srv/own': { ...tool, package: 'dash' } },
      { 'etc/profile.d/x.sh': {} },
      { 'etc/skel/.bashrc': {} },
    ],
    kept: [
      { 'usr/share/bash/x': {} },
      { 'opt/sh': tool },
      { 'usr/bin/shred': tool },
      { 'usr/bin/bash': folder },
      { 'srv/data': { ...tool, package: 'dash', mode: 0o644 } },
      { 'srv/text': { mode: 0o755, package: 'dash' } },
      { 'etc/profile.d/x.sh': { package: '' } },
    ],
  },
  {
    rule: 'package-manager',
    broken: [
      { 'usr/bin/apt-get': tool },
      { 'usr/bin/dpkg-query': tool },
      { 'usr/bin/pip3.13': tool },
      { 'srv/own': { ...tool, package: 'apt' } },
      { 'etc/apt/sources.list': {} },
      { 'etc/apt/sources.list': { package: '' } },
      { 'var/lib/dpkg/status': {} },
    ],
    kept: [
      { 'usr/bin/apropos': tool },
      { 'usr/bin/pipe': tool },
      { 'etc/apt': folder },
      { 'var/lib/dpkg/status.d/nginx': {} },
      { 'etc/aptitude': {} },
    ],
  },
  {
    rule: 'compiler',
    broken: [
      { 'usr/bin/gcc-14': tool },
      { 'usr/bin/x86_64-linux-gnu-ld': tool },
      { 'usr/lib/jvm/java-21/bin/javac': tool },
      { 'usr/bin/gdb': tool },
      { 'usr/include/zlib.h': {} },
      { 'usr/lib/x86_64-linux-gnu/libz.a': {} },
    ],
    kept: [
      { 'usr/bin/gcconf': tool },
      { 'usr/lib/jvm/java-21/bin/java': tool },
      { 'usr/include': folder },
      { 'srv/www/libz.a': {} },
      { 'usr/lib/x86_64-linux-gnu/libz.so.1': {} },
    ],
  },
  {
    rule: 'setuid',
    broken: [
      { 'usr/bin/su': { mode: 0o4755 } },
      { 'usr/bin/wall': { mode: 0o2755 } },
      { 'usr/bin/both': { mode: 0o6755 } },
      { 'usr/bin/ping': { mode: 0o755, xattrs: { 'security.capability': 'AQ==' } } },
    ],
    kept: [
      { 'usr/bin/su': { mode: 0o755 } },
      { 'var/mail': { type: 'directory', mode: 0o2775 } },
      { 'var/tmp': { type: 'directory', mode: 0o1777 } },
      { 'usr/bin/x': { mode: 0o755, xattrs: { 'user.note': 'AQ==' } } },
    ],
  },
  {
    rule: 'world-writable',
    broken: [
      { 'etc/app.conf': { mode: 0o666 } },
      { 'srv/x': { mode: 0o602 } },
      { 'srv/drop': { type: 'directory', mode: 0o1777 } },
      { tmp: { type: 'directory', mode: 0o777 } },
    ],
    kept: [
      { 'etc/app.conf': { mode: 0o664 } },
      { tmp: { type: 'directory', mode: 0o1777 } },
      { 'var/lock': { type: 'directory', mode: 0o1777 } },
      { 'etc/link': 'app.conf' },
    ],
  },
  {
    rule: 'ownership',
    broken: [
      { 'usr/bin/app': { ...tool, uid: 65532 } },
      { 'etc/app.conf': { gid: 65532, mode: 0o664 } },
      { 'srv/app': { type: 'directory', uid: 65532 } },
      { 'etc/other': { uid: 33 } },
    ],
    kept: [
      { 'etc/app.conf': { gid: 65532, mode: 0o644 } },
      { 'etc/app.conf': { gid: 65533, mode: 0o664 } },
      { 'var/mail': { type: 'directory', uid: 8 } },
      { 'var/lib/app/x': { uid: 65532 } },
      { 'var/lib/app': { type: 'directory', uid: 65532 } },
      { tmp: { type: 'directory', mode: 0o1777, uid: 65532 } },
    ],
  },
  { rule: 'root-user', broken: [{}], kept: [], uid: 0 },
  {
    rule: 'account',
    broken: [
      passwd('a:x:1:1::/:/bin/sh'),
      passwd('a:x:1:1::/:'),
      passwd(`a::1:1::/:${nologin}`),
      passwd(`toor:x:0:0::/:${nologin}`),
      passwd(`a:x:1:1::/:${nologin}:more`),
      { 'etc/group': { content: 'a:$6$x:1:\n' } },
      { 'etc/gshadow': { content: 'a:$6$x::\n' } },
      { 'etc/shadow': { content: 'a::1::::::\n' } },
      { 'etc/passwd': {} },
    ],
    kept: [
      passwd(`root:x:0:0:root:/root:${nologin}`, 'a:*:1:1::/:/bin/false', 'b:!x:2:2::/:/dev/null'),
      { 'etc/group': { content: 'a:x:1:\nb::2:\nc:!:3:\nd:*:4:x,y\n' } },
      { 'etc/gshadow': { content: 'a:!::\nb:*::\nc:::\n' } },
      { 'etc/shadow': { content: 'a:!:1::::::\nb:*:1::::::\n' } },
      { 'etc/passwd-': {} },
    ],
  },
  {
    rule: 'device',
    broken: [
      { 'dev/null': { type: 'character' } },
      { 'dev/sda': { type: 'block' } },
      { run: { type: 'fifo' } },
    ],
    kept: [{ 'dev/null': {} }, { dev: folder }],
  },
  {
    rule: 'cache',
    broken: [{ 'var/cache/x/y': {} }, { 'root/.cache/x': { package: '' } }],
    kept: [{ 'var/cache/x': folder }, { 'var/cached': {} }],
  },
  {
    rule: 'log',
    broken: [{ 'var/log/x': {} }, { 'var/log/x/y.log': { package: '' } }],
    kept: [{ 'var/log/x': folder }, { 'srv/x.log': {} }],
  },
  {
    rule: 'documentation',
    broken: [{ 'usr/share/doc/x/README': {} }, { 'usr/share/man/man1/x.1.gz': {} }],
    kept: [
      { 'usr/share/doc/x/copyright': {} },
      { 'usr/share/doc/x': 'y' },
      { 'usr/share/doc/x/README': { package: '' } },
      { 'usr/share/docker/x': {} },
    ],
  },
  {
    rule: 'locales',
    broken: [{ 'usr/share/locale/de/LC_MESSAGES/x.mo': {} }],
    kept: [{ 'usr/lib/locale/C.utf8/LC_CTYPE': {} }, { 'usr/share/locale/x': { package: '' } }],
  },
  {
    rule: 'ballast',
    broken: [{ 'etc/init.d/x': {} }, { 'usr/lib/systemd/system/x.service': {} }, { 'etc/cron.d/x': {} }],
    kept: [{ 'etc/cron.d/x': { package: '' } }, { 'etc/crond': {} }, { 'usr/share/applications': folder }],
  },
]

function rulesBroken(files: Files, uid = 65532): readonly string[] {
  const options = {
    recipe: { volumes: ['/var/lib/app'], paths: [], hardening: { allow: [] } },
    user: { uid, gid: uid },
  }
  const { violations } = checkHardening(buildRoot(files), options)
  return [...new Set(violations.map(({ rule }) => rule))]
}

describe.each(examples)('$rule', ({ rule, broken, kept, uid }) => {
  it.each(broken.map((files) => [Object.keys(files).join(' '), files] as const))('breaks: %s', (_, files) => {
    expect(rulesBroken(files, uid)).toEqual([rule])
  })

  it.each(kept.map((files) => [Object.keys(files).join(' '), files] as const))('holds: %s', (_, files) => {
    expect(rulesBroken(files, uid)).toEqual([])
  })
})

it('every rule has examples, and texts that fit its page', () => {
  expect(examples.map(({ rule }) => rule)).toEqual(hardeningRules.map(({ id }) => id))
  for (const { title, why, fix } of hardeningRules) {
    expect(title).toMatch(/^[A-Z].*[^.]$/)
    expect(why).toMatch(/^[A-Z].*\.$/)
    expect(fix).toMatch(/^[a-z].*[^.]$/)
  }
})
