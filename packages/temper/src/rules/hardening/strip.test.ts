import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntryType, PackageEntry } from '../../model/package/package-content.ts'
import type { RelaxableRule, Relaxation } from '../../model/recipe.ts'
import { node } from '../../model/tree/fixtures/fixture-root.ts'
import { exclusionOf, hardenedMode, hardenedOwner, type StripOptions } from './strip.ts'

const strict: StripOptions = { allow: [], hasInterpreter: () => true }

function stripReason(entry: PackageEntry, options: StripOptions): string | undefined {
  return exclusionOf(entry, options)?.reason
}

function reason(path: string, type: EntryType = 'file', options: StripOptions = strict): string | undefined {
  return stripReason(node(path, { type }), options)
}

function allow(rule: RelaxableRule, path?: string): Relaxation {
  return { rule, why: 'a test', ...(path === undefined ? {} : { path }) }
}

describe('what never enters', () => {
  it.each([
    ['usr/share/doc/nginx/changelog.Debian.gz', 'documentation'],
    ['usr/share/man/man8/nginx.8.gz', 'documentation'],
    ['usr/lib/jvm/java-21-openjdk-amd64/man/man1/java.1.gz', 'documentation'],
    ['usr/share/postgresql/17/man/man1/psql.1.gz', 'documentation'],
    ['etc/terminfo/README', 'documentation'],
    ['usr/share/locale/de/LC_MESSAGES/libc.mo', 'locales'],
    ['usr/include/zlib.h', 'compiler material'],
    ['usr/lib/x86_64-linux-gnu/pkgconfig/zlib.pc', 'compiler material'],
    ['usr/lib/gcc/x86_64-linux-gnu/14/cc1', 'compiler material'],
    ['usr/lib/x86_64-linux-gnu/libz.a', 'static library'],
    ['usr/lib/x86_64-linux-gnu/libltdl.la', 'static library'],
    ['usr/lib/debug/.build-id/aa/bb.debug', 'debugger material'],
    ['etc/apt/apt.conf.d/01autoremove', 'package manager'],
    ['usr/lib/dpkg/methods/apt/install', 'package manager'],
    ['var/lib/dpkg/info/x.list', 'package manager'],
    ['usr/share/debconf/confmodule', 'package helper'],
    ['usr/share/bug/nginx/presubj', 'package helper'],
    ['etc/init.d/nginx', 'service manager'],
    ['etc/default/nginx', 'service manager'],
    ['usr/lib/systemd/system/nginx.service', 'service manager'],
    ['etc/cron.daily/dpkg', 'scheduled job'],
    ['etc/logrotate.d/nginx', 'scheduled job'],
    ['etc/ufw/applications.d/nginx', 'host configuration'],
    ['etc/apparmor.d/usr.sbin.x', 'host configuration'],
    ['usr/share/applications/python3.desktop', 'desktop'],
    ['usr/share/vim/addons/syntax/nginx.vim', 'editor support'],
    ['usr/share/bash-completion/completions/psql', 'shell configuration'],
    ['etc/profile.d/x.sh', 'shell configuration'],
    ['var/cache/x/y', 'cache'],
    ['var/log/nginx/access.log', 'log'],
  ])('%s: %s', (path, expected) => {
    expect(reason(path)).toBe(expected)
  })

  it.each(['usr/share/doc/nginx', 'usr/share/man', 'var/lib/dpkg', 'usr/include'])(
    'the folder %s',
    (path) => {
      expect(reason(path, 'directory')).toBeTypeOf('string')
    },
  )

  it('device nodes and pipes, wherever they are', () => {
    expect(reason('usr/lib/x', 'character')).toBe('device')
    expect(reason('dev/null', 'block')).toBe('device')
    expect(reason('run/initctl', 'fifo')).toBe('device')
  })
})

describe('what stays', () => {
  it.each([
    'usr/sbin/nginx',
    'usr/share/vim/vim91/vimrc_example.vim',
    'usr/share/doc/nginx/copyright',
    'usr/share/common-licenses/GPL-3',
    'usr/lib/locale/C.utf8/LC_CTYPE',
    'usr/lib/x86_64-linux-gnu/libz.so.1.3.1',
    'usr/lib/x86_64-linux-gnu/gconv/UTF-16.so',
    'usr/lib/x86_64-linux-gnu/perl-base/File/Spec.pm',
    'usr/lib/llvm-19/lib/libLLVM.so.19.1',
    'usr/share/zoneinfo/Europe/Vienna',
    'usr/share/nginx/html/index.html',
    'usr/bin/perl',
    'usr/bin/python3.13',
    'usr/bin/ld.so',
    'usr/bin/ldd',
    'usr/sbin/ldconfig',
    'usr/share/gccx/x',
    'usr/share/sh',
    'opt/app/data.o',
    'usr/lib/postgresql/17/bin/postgres',
    'usr/lib/jvm/java-21-openjdk-amd64/bin/keytool',
    'usr/lib/jvm/java-21-openjdk-amd64/legal/java.base/LICENSE',
    'etc/nginx/nginx.conf',
    'etc/ssl/openssl.cnf',
    'etc/pam.d/other',
  ])('%s', (path) => {
    expect(reason(path)).toBeUndefined()
  })

  it('folders for caches and logs, and links between documentation folders', () => {
    expect(reason('var/cache/nginx', 'directory')).toBeUndefined()
    expect(reason('var/log/nginx', 'directory')).toBeUndefined()
    expect(stripReason(node('usr/share/doc/nginx-full', 'nginx-common'), strict)).toBeUndefined()
    expect(stripReason(node('usr/share/doc/x/copyright', '../y/copyright'), strict)).toBeUndefined()
  })
})

describe('tools', () => {
  it.each([
    ['usr/bin/sh', 'shell'],
    ['usr/bin/bash', 'shell'],
    ['usr/bin/rbash', 'shell'],
    ['usr/lib/klibc/bin/sh', 'shell'],
    ['usr/bin/busybox', 'shell'],
    ['usr/bin/apt-get', 'package manager'],
    ['usr/bin/dpkg', 'package manager'],
    ['usr/bin/dpkg-deb', 'package manager'],
    ['usr/sbin/dpkg-reconfigure', 'package manager'],
    ['usr/bin/pip3.13', 'package manager'],
    ['usr/bin/cpan5.40-x86_64-linux-gnu', 'package manager'],
    ['usr/bin/x86_64-linux-gnu-gcc-14', 'compiler'],
    ['usr/bin/g++', 'compiler'],
    ['usr/bin/ld.bfd', 'compiler'],
    ['usr/bin/as', 'compiler'],
    ['usr/bin/x86_64-linux-gnu-ld.gold', 'compiler'],
    ['usr/lib/jvm/java-21-openjdk-amd64/bin/javac', 'compiler'],
    ['usr/bin/gdb', 'debugger'],
    ['usr/bin/strace', 'debugger'],
  ])('%s is a %s', (path, kind) => {
    expect(reason(path)).toBe(kind)
  })

  it('links to them go too', () => {
    expect(stripReason(node('etc/alternatives/editor-shell', '/usr/bin/bash'), strict)).toBe('shell')
    expect(stripReason(node('usr/bin/login-shell', '../bin/dash'), strict)).toBe('shell')
    expect(stripReason(node('usr/bin/other', { type: 'hardlink', target: 'usr/bin/gdb' }), strict)).toBe(
      'debugger',
    )
    expect(stripReason(node('usr/bin/python', 'python3'), strict)).toBeUndefined()
  })
})

describe('scripts', () => {
  const without = (...missing: string[]): StripOptions => ({
    allow: [],
    hasInterpreter: (path) => !missing.includes(path),
  })

  it('go when their interpreter is not there', () => {
    const ldd = node('usr/bin/ldd', { shebang: ['/bin/bash'] })
    expect(stripReason(ldd, without('/bin/bash'))).toBe('no interpreter')
    expect(stripReason(ldd, strict)).toBeUndefined()
    const viaEnv = node('usr/bin/x', { shebang: ['/usr/bin/env', 'perl'] })
    expect(stripReason(viaEnv, without('/usr/bin/perl'))).toBeUndefined()
    expect(stripReason(viaEnv, { allow: [], hasInterpreter: () => false })).toBe('no interpreter')
  })

  it('stay as modules of a language that is there, or when nobody can start them', () => {
    const module = node('usr/lib/python3.13/cgi.py', { shebang: ['/usr/local/bin/python'] })
    expect(stripReason(module, without('/usr/local/bin/python'))).toBeUndefined()
    expect(stripReason(module, without('/usr/local/bin/python', '/usr/bin/python3'))).toBe('no interpreter')
    const inBin = node('usr/bin/tool.py', { shebang: ['/usr/local/bin/python'] })
    expect(stripReason(inBin, without('/usr/local/bin/python'))).toBe('no interpreter')
    const plain = node('usr/share/x/functions', { shebang: ['/bin/sh'], mode: 0o644 })
    expect(stripReason(plain, without('/bin/sh'))).toBeUndefined()
  })
})

describe('relaxations', () => {
  it.each<[RelaxableRule, string]>([
    ['shell', 'usr/bin/bash'],
    ['package-manager', 'usr/bin/dpkg'],
    ['compiler', 'usr/include/zlib.h'],
    ['compiler', 'usr/bin/gdb'],
    ['documentation', 'usr/share/man/man1/x.1.gz'],
    ['locales', 'usr/share/locale/de/LC_MESSAGES/x.mo'],
    ['cache', 'var/cache/x/y'],
    ['log', 'var/log/x'],
    ['ballast', 'etc/init.d/nginx'],
  ])('%s lets %s in, and other rules do not', (rule, path) => {
    expect(reason(path)).toBeTypeOf('string')
    expect(reason(path, 'file', { ...strict, allow: [allow(rule)] })).toBeUndefined()
    expect(
      reason(path, 'file', { ...strict, allow: [allow(rule, '/nowhere/**'), allow('setuid')] }),
    ).toBeTypeOf('string')
    expect(reason(path, 'file', { ...strict, allow: [allow(rule, `/${path}`)] })).toBeUndefined()
    expect(reason(path, 'file', { ...strict, allow: [allow(rule, path)] })).toBeUndefined()
  })
})

describe('modes', () => {
  const mode = (path: string, bits: number, options: { type?: EntryType; allow?: Relaxation[] } = {}) =>
    hardenedMode(node(path, { mode: bits, type: options.type ?? 'file' }), { allow: options.allow ?? [] })

  it('lose setuid and setgid, unless allowed', () => {
    expect(mode('usr/bin/su', 0o4755)).toBe(0o755)
    expect(mode('var/mail', 0o2775, { type: 'directory' })).toBe(0o775)
    expect(mode('usr/bin/su', 0o4755, { allow: [allow('setuid', '/usr/bin/su')] })).toBe(0o4755)
    expect(mode('usr/bin/su', 0o4755, { allow: [allow('setuid', '/usr/bin/mount')] })).toBe(0o755)
  })

  it('are not writable by everyone, but for the shared folders', () => {
    expect(mode('etc/x', 0o666)).toBe(0o664)
    expect(mode('var/lib/x', 0o1777, { type: 'directory' })).toBe(0o1775)
    expect(mode('tmp', 0o1777, { type: 'directory' })).toBe(0o1777)
    expect(mode('tmp', 0o777, { type: 'directory' })).toBe(0o775)
    expect(mode('etc/x', 0o666, { allow: [allow('world-writable')] })).toBe(0o666)
    expect(mode('etc/link', 0o777, { type: 'symlink' })).toBe(0o777)
  })

  it('never gain a bit', () => {
    fc.assert(
      fc.property(fc.nat(0o7777), fc.constantFrom<EntryType>('file', 'directory'), (bits, type) => {
        const hardened = mode('opt/x', bits, { type })
        expect(hardened & ~bits).toBe(0)
        expect(hardened & 0o6002).toBe(0)
        expect(hardened & 0o1775).toBe(bits & 0o1775)
      }),
    )
  })
})

describe('whatever stays out', () => {
  const noPrograms: StripOptions = { allow: [], hasInterpreter: () => false }

  it.each<[string, Partial<PackageEntry>, RelaxableRule, boolean]>([
    ['usr/bin/dash', {}, 'shell', true],
    ['usr/bin/apt-get', {}, 'package-manager', true],
    ['usr/bin/gcc-14', {}, 'compiler', true],
    ['usr/bin/strace', {}, 'compiler', true],
    ['usr/bin/editor', { type: 'symlink', target: '/usr/bin/bash' }, 'shell', true],
    ['usr/share/man/man1/x.1', {}, 'documentation', true],
    ['usr/lib/debug/x', {}, 'compiler', true],
    ['etc/profile.d/x.sh', {}, 'shell', true],
    ['var/cache/x', {}, 'cache', true],
    ['dev/x', { type: 'character' }, 'device', false],
    ['usr/bin/x', { mode: 0o755, shebang: ['/usr/bin/perl'] }, 'missing-interpreter', false],
  ])('names the rule: %s', (path, over, rule, relaxable) => {
    const entry = { ...node(path), ...over }
    expect(exclusionOf(entry, noPrograms)).toMatchObject({ rule, relaxable })
    const relaxed = exclusionOf(entry, { allow: [allow(rule)], hasInterpreter: () => false })
    expect(relaxed === undefined).toBe(relaxable)
  })
})

describe('the owner of an entry', () => {
  const owner = (
    uid: number,
    options: { type?: EntryType; runs?: number; allow?: readonly Relaxation[] } = {},
  ) =>
    hardenedOwner(node('etc/redis/redis.conf', { uid, type: options.type ?? 'file' }), {
      allow: options.allow ?? [],
      user: { uid: options.runs ?? 65532 },
    })

  it('is root where nobody runs as the account that a script gives it to', () => {
    expect(owner(101)).toBe(0)
  })

  it.each<[string, Parameters<typeof owner>]>([
    ['a folder', [101, { type: 'directory' }]],
    ['what the image runs as, which the rule judges', [101, { runs: 101 }]],
    ['any of an image that runs as root', [101, { runs: 0 }]],
    ['any where the rule is relaxed', [101, { allow: [allow('ownership', '/etc/redis/*')] }]],
  ])('stays for %s', (_what, words) => {
    expect(owner(...words)).toBe(101)
  })
})
