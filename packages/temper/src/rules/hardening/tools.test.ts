import { describe, expect, it } from 'vitest'
import { relaxableRules } from '../../model/recipe.ts'
import { ballastOf } from './ballast.ts'
import { type ToolKind, toolKind, toolRules } from './tools.ts'

describe('tools', () => {
  it.each<[ToolKind | undefined, string[]]>([
    [
      'shell',
      ['sh', 'dash', 'bash', 'zsh', 'fish', 'busybox', 'busybox.static', 'busybox-musl', 'toybox', 'nu'],
    ],
    [
      'package manager',
      ['apt', 'apt-get', 'dpkg-deb', 'debconf', 'dh_make', 'rpm-sign', 'pip', 'pip3', 'pip3.13'],
    ],
    [
      'package manager',
      ['gem3.3', 'bundle3.1', 'cpan5.40-x86_64-linux-gnu', 'npm', 'yarn', 'cargo', 'snap', 'nix-env'],
    ],
    [
      'compiler',
      ['gcc', 'gcc-14', 'g++-14', 'cpp', 'clang-19', 'x86_64-linux-gnu-gcc-14', 'x86_64-linux-gnu-as'],
    ],
    ['compiler', ['ld', 'ld.bfd', 'ld.lld-19', 'llvm-objdump-19', 'c99-gcc', 'make', 'javac', 'rustc', 'go']],
    [
      'debugger',
      ['gdb', 'gdbserver', 'lldb-19', 'perf_6.1', 'strace', 'strace-log-merge', 'valgrind', 'jdb'],
    ],
    [
      undefined,
      ['shred', 'bashful', 'busyboxes', 'aptx', 'pipe', 'pip3x', 'gems', 'gccgo1', 'ldd', 'ld.so', 'makedev'],
    ],
    [
      undefined,
      ['perl', 'python3.13', 'node', 'java', 'nginx', 'postgres', 'env', 'gdbm_dump', 'asx', 'straces'],
    ],
  ])('%s: %j', (kind, names) => {
    const kinds = names.map((name) => [name, toolKind(`usr/bin/${name}`)])
    expect(kinds).toEqual(names.map((name) => [name, kind]))
  })

  it.each([
    ['usr/bin/sh', true],
    ['bin/sh', true],
    ['usr/local/sbin/sh', true],
    ['opt/x/y/bin/sh', true],
    ['usr/games/sh', true],
    ['usr/libexec/sh', true],
    ['usr/sbin/service', true],
    ['usr/local/bin/service', false],
    ['sh', false],
    ['usr/sh', false],
    ['usr/bins/sh', false],
    ['usr/robin/sh', false],
    ['usr/bin/x/sh', false],
    ['usr/bin', false],
    ['', false],
  ])('are told by their folder too: %s, %s', (path, expected) => {
    expect(toolKind(path) !== undefined).toBe(expected)
  })

  it('of every kind have a rule that can be relaxed', () => {
    for (const rule of Object.values(toolRules)) expect(relaxableRules).toContain(rule)
  })
})

describe('ballast', () => {
  it.each<[string, string, string | undefined]>([
    ['usr/share/doc', 'directory', 'documentation'],
    ['usr/share/doc/x', 'directory', 'documentation'],
    ['usr/share/doc/x', 'symlink', undefined],
    ['usr/share/doc/x/y', 'symlink', 'documentation'],
    ['usr/share/doc/x/copyright', 'file', undefined],
    ['usr/share/doc/x/y/copyright', 'file', 'documentation'],
    ['usr/share/doc/copyright', 'file', 'documentation'],
    ['usr/share/docs/x', 'file', undefined],
    ['usr/share', 'directory', undefined],
    ['var/cache', 'directory', undefined],
    ['var/cache/x', 'directory', undefined],
    ['var/cache/x', 'file', 'cache'],
    // The longest folder decides.
    ['var/cache/apt/x', 'file', 'package manager'],
    ['var/cache/apt', 'directory', 'package manager'],
    ['var/log/apt/history.log', 'file', 'package manager'],
    ['var/log/apt.log', 'file', 'log'],
    ['usr/lib/python3/dist-packages/pip/x.py', 'file', 'package manager'],
    ['usr/lib/python3/dist-packages/pip-25.1.dist-info/METADATA', 'file', 'package manager'],
    ['usr/lib/python3/dist-packages/pipx.py', 'file', undefined],
    ['usr/lib/python3.13/ensurepip/__init__.py', 'file', 'package manager'],
    ['usr/lib/python3.13/ensurepips/__init__.py', 'file', undefined],
    ['usr/lib/x/a.o', 'file', 'static library'],
    ['usr/lib/x/a.out', 'file', undefined],
    ['srv/lib/a.o', 'file', undefined],
    ['etc/x/README', 'file', 'documentation'],
    ['etc/x/README.md', 'file', 'documentation'],
    ['etc/README', 'file', undefined],
    ['etc/x/README-first', 'file', undefined],
  ])('%s (%s): %s', (path, type, expected) => {
    expect(ballastOf(path, type)?.reason).toBe(expected)
  })
})
