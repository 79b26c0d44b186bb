import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildRoot } from '../../../model/tree/fixtures/fixture-root.ts'
import type { CommandResult } from '../scripts/world.ts'
import type { CommandCall, EffectContext } from './effect.ts'
import { readers } from './readers.ts'
import { Stage } from './stage.ts'

/** Files by their paths below the folder that `@` stands for: text, or the target of a link after an arrow. */
const files: Readonly<Record<string, string>> = {
  'dir/a.conf': 'one\n',
  'dir/b.conf': 'two\n',
  'dir/.hidden': '',
  'dir/sub/c': 'one\n',
  same: 'one\n',
  program: '#!/bin/sh\n',
  link: '→dir',
  deep: '→link/sub/c',
  dangling: '→dir/none',
  nowhere: '→none/none',
  chain: '→step/none',
  step: '→./dir/sub/../.',
  circle: '→other',
  other: '→circle',
  below: '→same/x',
}

function stage(): Stage {
  const made = new Stage(buildRoot({}), () => undefined)
  for (const [path, text] of Object.entries(files)) {
    if (text.startsWith('→'))
      made.put({ path: `r/${path}`, type: 'symlink', mode: 0o777, target: text.slice(1) })
    else
      made.put({
        path: `r/${path}`,
        type: 'file',
        mode: path === 'program' ? 0o750 : 0o644,
        content: Buffer.from(text),
      })
  }
  return made
}

const accounts = {
  knowsUser: (name: string) =>
    name === 'root' || name === '0'
      ? { name: 'root', uid: 0, gid: 0, comment: 'root', home: '/root' }
      : undefined,
  knowsGroup: (name: string) => (name === 'root' ? { name: 'root', gid: 0, members: [] } : undefined),
  findUser: (name: string) => (name === '0' ? { name: 'root', uid: 0, gid: 0 } : undefined),
  findGroup: (name: string) => (name === '0' ? { name: 'root', gid: 0 } : undefined),
  groupsOf: () => ['root'],
}

function modelled(line: string, input = ''): CommandResult | undefined {
  const [name = '', ...words] = line.split(' ').map((word) => word.replaceAll('@', '/r').replaceAll("''", ''))
  const context = { stage: stage(), accounts } as unknown as EffectContext
  return readers(context)[name]?.({
    words: [name, ...words],
    arguments: words,
    input,
  } as unknown as CommandCall)
}

/** Lines that are answered, and as the programs answer them. */
const answered: readonly string[] = [
  ...[
    'basename /a/b',
    'basename b',
    'basename /a/b/',
    'basename /',
    'basename //',
    'basename a.conf .conf',
    'basename /x/a.conf conf',
  ],
  ...[
    'basename .conf .conf',
    'basename a b',
    "basename ''",
    'basename /a/b.c/ .c',
    'basename a/.. x',
    'basename aa a',
  ],
  ...[
    'dirname /a/b',
    'dirname a',
    'dirname /a',
    'dirname /',
    'dirname //',
    'dirname a/b/',
    'dirname a//b',
    'dirname //a',
    'dirname .',
    "dirname ''",
    'dirname a/b/c',
    'dirname ../x',
  ],
  ...[
    'readlink @/link',
    'readlink @/same',
    'readlink @/none',
    'readlink @/dangling',
    'readlink @/link/',
    'readlink @/link/a.conf',
  ],
  ...[
    'readlink -f @/link',
    'readlink -f @/deep',
    'readlink -f @/same',
    'readlink -f @/dangling',
    'readlink -f @/nowhere',
    'readlink -f @/none',
    'readlink -f @/none/x',
    'readlink -f @/link/../same',
    'readlink -f @/dir/none',
    'readlink -f @/chain',
    'readlink -f @/none/',
    'readlink -f @/none/.',
    'readlink -f @/chain/',
    'readlink -f @/circle',
    'readlink -f @/circle/x',
    'readlink -f @/same/x',
    'readlink -f @/same/',
    'readlink -f @/below',
    'readlink -f @/none/../same',
  ],
  ...[
    'readlink -e @/link',
    'readlink -e @/dangling',
    'readlink -e @/none',
    'readlink -m @/none/x/../y',
    'readlink -m @/link/x',
    'readlink -m @/same/x',
    'readlink -m @/same/../deep',
    'readlink -m @/none/../deep',
    'readlink -m @/nowhere/../../link/sub',
    'readlink -m @/below/y',
    'readlink -e @/circle',
    'readlink -n @/link',
    'readlink -nf @/link',
    'readlink --canonicalize @/deep',
  ],
  ...[
    'realpath @/link',
    'realpath @/deep',
    'realpath @/none',
    'realpath @/none/x',
    'realpath -m @/none/x',
    'realpath -m -s @/link/../none/./x/',
    'realpath -m --no-symlinks @/link',
    'realpath -e @/none',
  ],
  ...[
    'stat -c %a @/program',
    'stat -c %u @/same',
    'stat -c %g @/same',
    'stat -c %U @/same',
    'stat -c %G @/same',
    'stat -c %a @/none',
    'stat -c %u:%g @/same',
    'stat --format=%a @/same',
    'stat -L -c %a @/link',
    'stat -Lc %a @/deep',
    'stat -c %U:%G @/same',
    'stat -c %s @/same',
    'stat -c %a @/same @/program',
  ],
  ...[
    'cat @/same',
    'cat @/dir/a.conf @/dir/b.conf',
    'cat @/deep',
    'cat -',
    'cat',
    'cat @/same -',
    'cat - @/same',
    'cat /dev/null',
    'cat /dev/null @/same',
  ],
  ...[
    'ls @/dir',
    'ls -a @/dir',
    'ls -A @/dir',
    'ls -1 @/dir',
    'ls @/same',
    'ls @/none',
    'ls -d @/dir',
    'ls @/link',
    'ls @/same @/program',
    'ls -d @/dir @/same',
    'ls @/dir/sub',
    'ls @/none @/same',
    'ls -1d @/link',
  ],
  ...[
    'diff @/same @/dir/a.conf',
    'diff -q @/same @/dir/b.conf',
    'cmp -s @/same @/dir/b.conf',
    'cmp @/same @/deep',
    'cmp -s @/same @/none',
    'diff @/same @/none',
    'cmp --silent @/same @/dir/b.conf',
    'diff --brief @/same @/dir/b.conf',
    'diff -s @/same @/dir/a.conf',
  ],
  ...[
    'id -u root',
    'id -g root',
    'id -un root',
    'id -u',
    'id -u nobody-here',
    'getent passwd nobody-here',
    'getent group nobody-here',
  ],
]

/** Lines about which nothing is known, or which are answered as the programs do. */
const careful: readonly string[] = [
  ...[
    'basename -a /x/a /x/b',
    'basename -s .c /x/a.c',
    'basename --suffix=.c a.c',
    'basename a b c',
    'basename -z a',
  ],
  ...[
    'dirname a/b c/d',
    'dirname -z a/b',
    'readlink @/link @/deep',
    'readlink -z @/link',
    'readlink -f @/link @/same',
  ],
  ...[
    'stat @/same',
    'stat -c %n @/same',
    'stat -c %A @/program',
    'stat -f @',
    'stat -c %a @/link',
    'stat -c %F @/dir',
    'stat -t @/same',
    'stat --printf=%a @/same',
  ],
  ...[
    'cat -n @/same',
    'cat @/dir',
    'cat @/none',
    'cat -s @/same',
    'ls -l @/dir',
    'ls @/dir @/dir/sub',
    'ls -R @/dir',
    'ls -r @/dir',
    'ls @/same @/dir',
    'ls -F @/dir',
    'ls -p @/dir',
    'ls -t @/dir',
  ],
  ...[
    'diff @/same @/dir/b.conf',
    'diff -u @/same @/dir/b.conf',
    'diff -r @/dir @/dir',
    'cmp @/same @/dir/b.conf',
    'cmp -l @/same @/dir/b.conf',
    'diff @/dir @/same',
  ],
  ...[
    'id',
    'id root',
    'id -G root',
    'id -gn root',
    'getent group root',
    'getent passwd',
    'getent hosts localhost',
  ],
]

describe('commands that answer questions', () => {
  let home = ''
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'temper-readers-'))
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(home, path, '..'), { recursive: true })
      if (text.startsWith('→')) symlinkSync(text.slice(1), join(home, path))
      else writeFileSync(join(home, path), text)
    }
    for (const path of Object.keys(files))
      if (!files[path]?.startsWith('→')) chmodSync(join(home, path), path === 'program' ? 0o750 : 0o644)
  })
  afterAll(() => rmSync(home, { recursive: true }))

  function real(line: string, input = ''): CommandResult {
    const [name = '', ...words] = line
      .split(' ')
      .map((word) => word.replaceAll('@', home).replaceAll("''", ''))
    const { status, stdout } = spawnSync(name, words, {
      input,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    })
    return { status: status ?? -1, output: stdout.replaceAll(home, '/r') }
  }

  it.each(answered)('say what the programs say: %s', (line) => {
    expect(modelled(line, 'given\n')).toEqual(real(line, 'given\n'))
  })

  it.each(careful)('say nothing else than the programs: %s', (line) => {
    const [ours, theirs] = [modelled(line, 'given\n'), real(line, 'given\n')]
    if (ours?.output !== undefined) expect(ours.output).toBe(theirs.output)
    if (ours?.status !== undefined) expect(ours.status).toBe(theirs.status)
  })

  it('do not know the result of what they are not told', () => {
    const context = { stage: stage(), accounts } as unknown as EffectContext
    for (const [name, words] of [
      ['basename', ['/a/b.c', undefined]],
      ['basename', [undefined]],
      ['dirname', [undefined]],
      ['readlink', ['-f', undefined]],
      ['cat', ['/r/same', undefined]],
      ['id', ['-u', undefined]],
      ['ls', [undefined]],
      ['diff', ['/r/same', undefined]],
      ['getent', ['passwd', undefined]],
      ['getent', [undefined, 'root']],
      ['stat', ['-c', undefined, '/r/same']],
    ] as const) {
      const call = { words: [name, ...words], arguments: words, input: undefined } as unknown as CommandCall
      const result = readers(context)[name]?.(call)
      expect([name, words, result?.output]).toEqual([name, words, undefined])
    }
  })
})
