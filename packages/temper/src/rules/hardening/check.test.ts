import { describe, expect, it } from 'vitest'
import { type Relaxation, relaxableRules } from '../../model/recipe.ts'
import { placePath } from '../../model/rule.ts'
import { buildRoot, type FixtureNode } from '../../model/tree/fixtures/fixture-root.ts'
import { checkHardening, type HardeningOptions } from './check.ts'
import { hardeningRules } from './rules.ts'

const nobody = { uid: 65532, gid: 65532 }

interface CheckOptions extends Partial<Omit<HardeningOptions, 'recipe'>> {
  readonly recipe?: Partial<HardeningOptions['recipe']>
}

function check(files: Readonly<Record<string, FixtureNode | string>>, options: CheckOptions = {}) {
  const recipe = { volumes: [], paths: [], hardening: { allow: [] }, ...options.recipe }
  return checkHardening(buildRoot(files), { user: nobody, ...options, recipe })
}

/** Each violation as "rule path: found". */
function violations(files: Parameters<typeof check>[0], options: CheckOptions = {}): string[] {
  return check(files, options).violations.map(
    ({ rule, place, found }) => `${rule} ${placePath(place) ?? '-'}: ${found}`,
  )
}

it('a small clean tree breaks no rule', () => {
  const files: Parameters<typeof check>[0] = {
    'etc/passwd': {
      content:
        'root:x:0:0:root:/root:/usr/sbin/nologin\nnonroot:x:65532:65532::/home/nonroot:/usr/sbin/nologin\n',
    },
    'etc/shadow': { content: 'root:*:0::::::\nnonroot:!:0::::::\n', mode: 0o640 },
    'etc/group': { content: 'root:x:0:\nnonroot:x:65532:\n' },
    'usr/sbin/nginx': { elf: { kind: 'executable' } },
    'usr/share/doc/nginx/copyright': {},
    'var/lib/dpkg/status.d/nginx': {},
    'var/log/nginx': { type: 'directory' },
    'var/cache/nginx': { type: 'directory' },
    tmp: { type: 'directory', mode: 0o1777 },
    'etc/mtab': '/proc/self/mounts',
  }
  expect(violations(files)).toEqual([])
})

it('every rule can be relaxed, is described, and has its own id', () => {
  const ids = hardeningRules.map((rule) => rule.id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { id, title, why } of hardeningRules) {
    expect(relaxableRules).toContain(id)
    expect(title).toMatch(/^[A-Z].*[^.]$/)
    expect(why).toMatch(/^[A-Z].*\.$/)
  }
})

describe('programs', () => {
  it('tools by name, by link and by package', () => {
    expect(
      violations({ 'usr/bin/bash': {}, 'usr/bin/mysh': 'bash', 'etc/alternatives/x': '/usr/bin/mysh' }),
    ).toEqual([
      'shell /etc/alternatives/x: a link to the shell /usr/bin/bash',
      'shell /usr/bin/bash: a shell',
      'shell /usr/bin/mysh: a link to the shell /usr/bin/bash',
    ])
    expect(violations({ 'opt/x': { package: 'busybox', elf: { kind: 'executable' } } })).toEqual([
      'shell /opt/x: a program of the package busybox',
    ])
    expect(violations({ 'usr/bin/apt': {}, 'usr/bin/gcc-14': {}, 'usr/bin/gdb': {} })).toEqual([
      'package-manager /usr/bin/apt: a package manager',
      'compiler /usr/bin/gcc-14: a compiler',
      'compiler /usr/bin/gdb: a debugger',
    ])
  })
})

describe('files', () => {
  it('ballast by kind; what the recipe adds itself is its choice, but for logs, caches and package managers', () => {
    const files = {
      'usr/share/man/man1/a.1': {},
      'usr/share/locale/de/x.mo': {},
      'etc/cron.d/x': {},
      'etc/profile.d/x.sh': {},
      'var/log/x': {},
      'var/cache/x': {},
      'etc/apt/sources.list': {},
      'usr/include/x.h': {},
    }
    const byRule = [
      'shell /etc/profile.d/x.sh: shell configuration',
      'package-manager /etc/apt/sources.list: package manager',
      'compiler /usr/include/x.h: compiler material',
      'cache /var/cache/x: cache',
      'log /var/log/x: log',
      'documentation /usr/share/man/man1/a.1: documentation',
      'locales /usr/share/locale/de/x.mo: locales',
      'ballast /etc/cron.d/x: scheduled job',
    ]
    expect(violations(files)).toEqual(byRule)
    const own = Object.fromEntries(Object.keys(files).map((path) => [path, { package: '' }]))
    expect(violations(own)).toEqual(byRule.filter((line) => /^(package|compiler|cache|log)/.test(line)))
  })

  it('setuid, setgid, file capabilities', () => {
    expect(
      violations({
        a: { mode: 0o4755 },
        b: { mode: 0o2755 },
        c: { xattrs: { 'security.capability': 'AQ==' } },
      }),
    ).toEqual([
      'setuid /a: setuid (mode 4755)',
      'setuid /b: setgid (mode 2755)',
      'setuid /c: file capabilities',
    ])
  })

  it('world-writable, but for shared folders and declared sticky ones', () => {
    const files: Parameters<typeof check>[0] = {
      'etc/x': { mode: 0o666 },
      'srv/data': { type: 'directory', mode: 0o1777 },
      'var/tmp': { type: 'directory', mode: 0o1777 },
      'etc/link': 'x',
    }
    expect(violations(files, { recipe: { volumes: ['/srv/data'] } })).toEqual([
      'world-writable /etc/x: writable by everyone (mode 0666)',
    ])
    expect(violations(files)).toHaveLength(2)
  })

  it('devices', () => {
    expect(violations({ 'dev/null': { type: 'character' }, p: { type: 'fifo' } })).toEqual([
      'device /dev/null: a character device',
      'device /p: a named pipe',
    ])
  })

  it('ownership: only declared paths belong to the runtime user', () => {
    const files: Parameters<typeof check>[0] = {
      'etc/group': { content: 'app:x:70:nonroot\n' },
      'etc/passwd': { content: 'nonroot:x:65532:65532::/home/nonroot:/usr/sbin/nologin\n' },
      'etc/mine': { uid: 65532 },
      'etc/ours': { gid: 70, mode: 0o664 },
      'etc/theirs': { gid: 71, mode: 0o664 },
      'etc/other': { uid: 33 },
      'var/spool/other': { type: 'directory', uid: 33 },
      'var/lib/app': { type: 'directory', uid: 65532 },
      'var/lib/app/x': { uid: 65532 },
      'home/nonroot/.x': { uid: 65532 },
    }
    const own = { type: 'directory', path: '/var/lib/app', mode: 0o755, uid: 65532, gid: 65532 } as const
    expect(
      violations(files, { user: { ...nobody, home: '/home/nonroot' }, recipe: { paths: [own] } }),
    ).toEqual([
      'ownership /etc/mine: writable by the runtime user (65532:0, mode 0644)',
      'ownership /etc/other: owned by uid 33 instead of root',
      'ownership /etc/ours: writable by the runtime user (0:70, mode 0664)',
    ])
    expect(violations({ 'var/lib/app': { uid: 65532 } }, { recipe: { volumes: ['/var/lib/app/'] } })).toEqual(
      [],
    )
    expect(
      violations({ 'var/lib/application': { uid: 65532 } }, { recipe: { volumes: ['/var/lib/app'] } }),
    ).toHaveLength(1)
  })
})

describe('the runtime user', () => {
  it('is not root', () => {
    expect(violations({}, { user: { uid: 0, gid: 0 } })).toEqual(['root-user -: runs as root (uid 0)'])
    expect(
      violations(
        {},
        { user: { uid: 0, gid: 0 }, recipe: { hardening: { allow: [{ rule: 'root-user', why: 'x' }] } } },
      ),
    ).toEqual([])
  })
})

describe('accounts', () => {
  const accounts = (passwd: string, shadow?: string) =>
    violations({
      'etc/passwd': { content: passwd },
      ...(shadow === undefined ? {} : { 'etc/shadow': { content: shadow } }),
    })

  it.each([
    ['a:x:1:1::/:/bin/bash', 'has the login shell /bin/bash'],
    ['a:x:1:1::/:/usr/bin/git-shell', 'has the login shell /usr/bin/git-shell'],
    ['a:x:1:1::/:', 'has no shell, which means /bin/sh'],
    ['a::1:1::/:/usr/sbin/nologin', 'needs no password'],
    ['a:$6$x$y:1:1::/:/usr/sbin/nologin', 'has a password'],
    ['a:x:0:0::/:/usr/sbin/nologin', 'has the uid of root'],
    ['a:x:1', 'has 3 fields instead of 7'],
  ])('%s', (line, said) => {
    expect(accounts(`${line}\n`)).toEqual([`account /etc/passwd: "a" ${said}`])
  })

  it.each(['/bin/sync', '/sbin/halt', '/sbin/shutdown', '/bin/false'])('%s is no shell', (path) => {
    expect(accounts(`a:x:5:5::/:${path}\n`)).toEqual([])
  })

  it('shadow passwords are locked', () => {
    const passwd = 'a:x:1:1::/:/usr/sbin/nologin\n'
    expect(accounts(passwd, 'a:*:::::::\n')).toEqual([])
    expect(accounts(passwd, 'a:!$6$x:::::::\n')).toEqual([])
    expect(accounts(passwd, 'a::::::::\n')).toEqual(['account /etc/shadow: "a" needs no password'])
    expect(accounts(passwd, 'a:$y$x:::::::\n')).toEqual(['account /etc/shadow: "a" has a password'])
  })

  it('a file that nobody can read is a violation', () => {
    expect(violations({ 'etc/passwd': {} })).toEqual([
      'account /etc/passwd: comes unchanged from a package, so its accounts are not known',
    ])
  })
})

describe('relaxations', () => {
  const allow: readonly Relaxation[] = [
    { rule: 'shell', path: '/usr/bin/bash', why: 'scripts' },
    { rule: 'setuid', path: '/usr/bin/none', why: 'nothing' },
    { rule: 'missing-library', why: 'the proof used it' },
  ]

  it('pass what they cover, tell which were used, and warn of the rest', () => {
    const files = { 'usr/bin/bash': {}, 'usr/bin/dash': {} }
    const verdict = check(files, { recipe: { hardening: { allow } }, used: allow.slice(2) })
    expect(verdict.violations.map(({ subject }) => subject)).toEqual(['/usr/bin/dash'])
    expect(verdict.used).toEqual([allow[0], allow[2]])
    expect(verdict.warnings).toEqual([
      {
        rule: 'unused-relaxation',
        level: 'warning',
        subject: 'hardening.allow',
        place: { kind: 'whole' },
        found: 'nothing in the image needs the relaxation of "setuid" for /usr/bin/none',
        remedy: 'remove it from the recipe',
      },
    ])
  })
})
