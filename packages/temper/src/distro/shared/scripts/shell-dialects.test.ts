import { describe, expect, it } from 'vitest'
import { followScript } from './scan.ts'
import type { Dialect } from './shell.ts'
import type { ScriptWorld, Value } from './world.ts'

interface World {
  readonly sh?: Dialect
  /** Text of files. */
  readonly files?: Readonly<Record<string, string>>
  /** Paths of programs by their names. */
  readonly programs?: Readonly<Record<string, string>>
}

/** What a script calls, each word in brackets, and what it writes. */
function follow(script: string, { sh, files = {}, programs = {} }: World = {}): readonly string[] {
  const done: string[] = []
  const text = (value: Value) => value ?? '·'
  const world: ScriptWorld = {
    probe: () => null,
    glob: () => [],
    read: (path) => files[path],
    find: (name) => programs[name] ?? null,
    account: () => undefined,
    run: ({ words, certain, input, variable }) => {
      const [name = '·', ...rest] = words
      if (name === 'show')
        done.push(`show ${rest.map((word) => `${word}=${variable?.(word ?? '') ?? '·'}`).join(' ')}`)
      else done.push(`${certain ? '' : '?'}${name}${rest.map((word) => `<${text(word)}>`).join('')}`)
      const follow = files[name]
      if (follow !== undefined) return { status: 0, output: undefined, follow, followAs: name }
      if (name === 'unsure') return { status: undefined, output: undefined }
      return { status: 0, output: input ?? '' }
    },
    write: ({ path, content, append, umask }) =>
      void done.push(
        `${append ? '>>' : '>'}${text(path)} ${umask.toString(8)} ${JSON.stringify(text(content))}`,
      ),
  }
  const shebang = script.startsWith('#!') ? '' : '#!/bin/sh\n'
  const trouble = followScript(shebang + script, world, {
    arguments: ['configure'],
    variables: {},
    ...(sh === undefined ? {} : { sh }),
  })
  return trouble === undefined ? done : [...done, `trouble ${trouble.line}: ${trouble.reason}`]
}

describe('echo of different shells', () => {
  const script = (interpreter: string) =>
    `#!${interpreter}\necho -e 'a\\tb' > /1; echo 'a\\tb' > /2; echo -en 'x\\n' > /3; echo -eE '\\t' > /4; echo -n -n y > /5`

  it('follows backslashes always in dash, which knows -n alone', () => {
    const expected = [
      '>/1 22 "-e a\\tb\\n"',
      '>/2 22 "a\\tb\\n"',
      '>/3 22 "-en x\\n\\n"',
      '>/4 22 "-eE \\t\\n"',
      '>/5 22 "-n y"',
    ]
    expect(follow(script('/bin/sh'))).toEqual(expected)
    expect(follow(script('/bin/dash'), { sh: 'bash' })).toEqual(expected)
  })

  it.each([['/bin/bash'], ['/usr/bin/env bash'], ['/bin/busybox sh']])(
    'follows them with -e alone in %s',
    (interpreter) => {
      expect(follow(script(interpreter))).toEqual([
        '>/1 22 "a\\tb\\n"',
        '>/2 22 "a\\\\tb\\n"',
        '>/3 22 "x\\n"',
        '>/4 22 "\\\\t\\n"',
        '>/5 22 "y"',
      ])
    },
  )

  it('is that of the shell that /bin/sh is', () => {
    expect(follow("echo 'a\\tb' > /x", { sh: 'bash' })).toEqual(['>/x 22 "a\\\\tb\\n"'])
    expect(follow("echo 'a\\tb' > /x")).toEqual(['>/x 22 "a\\tb\\n"'])
  })
})

describe('where programs are', () => {
  const programs = { tool: '/usr/bin/tool', true: '/usr/bin/true' }
  it.each([
    ['command -v tool', '/usr/bin/tool\n', 0],
    ['command -v true', 'true\n', 0],
    ['command -v none', '', 127],
    ['which tool', '/usr/bin/tool\n', 0],
    ['which true', '/usr/bin/true\n', 0],
    ['which -a tool none', '/usr/bin/tool\n', 1],
    ['type tool', '·', 0],
    ['type none', '', 127],
    ['hash none', '', 1],
    ['f() { :; }; command -v f', 'f\n', 0],
    ['f() { :; }; which f', '', 1],
  ])('%s', (script, output, status) => {
    expect(follow(`{ ${script}; } > /x; a $?`, { programs })).toEqual([
      `>/x 22 ${JSON.stringify(output)}`,
      `a<${status}>`,
    ])
  })

  it('is asked with another status in bash', () => {
    expect(follow('#!/bin/bash\ncommand -v none; a $?; type none; a $?')).toEqual(['a<1>', 'a<1>'])
  })
})

describe('masks for new files', () => {
  it.each([
    ['umask 077', '77'],
    ['umask 0027', '27'],
    ['umask u=rwx,g=rx,o=', '27'],
    ['umask go-w', '22'],
    ['umask g+w', '2'],
    ['umask a=r', '333'],
    ['umask =', '777'],
    ['umask 077; umask u-x,g+rx', '127'],
    ['umask nonsense', '22'],
    ['(umask 077)', '22'],
  ])('%s', (script, mask) => {
    expect(follow(`${script}\necho x > /x`)).toEqual([`>/x ${mask} "x\\n"`])
  })

  it('are told', () => {
    expect(follow('a $(umask); umask 7; a $(umask); a $(umask -S)')).toEqual(['a<0022>', 'a<0007>', 'a<·>'])
  })
})

describe('what other scripts are given', () => {
  const files = { '/s': '#!/bin/sh\na "$v" "$w" "$1" "$0"; v=changed' }

  it('is what was exported, and what stands before their name', () => {
    expect(follow('v=1 w=2; /s x', { files })).toEqual(['/s<x>', 'a<><><x></s>'])
    expect(follow('v=1 w=2; export v; /s', { files })).toEqual(['/s', 'a<1><><></s>'])
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell text
    expect(follow('export v=1; w=2 /s; a "$v" "${w-none}"', { files })).toEqual([
      '/s',
      'a<1><2><></s>',
      'a<1><none>',
    ])
    expect(follow('#!/bin/bash\ndeclare -x v=1; declare w=2; /s', { files })).toEqual(['/s', 'a<1><><></s>'])
    expect(follow('f() { export v=1; }; f; /s', { files })).toEqual(['/s', 'a<1><><></s>'])
  })

  it('is what a command finds in its environment', () => {
    expect(follow('v=1 show v; show v; export v=2; v=3 show v; env v=4 show v; show v')).toEqual([
      'show v=1',
      'show v=',
      'show v=3',
      'show v=4',
      'show v=2',
    ])
  })

  it('is run by what stands before it', () => {
    const script =
      'timeout -k 5 15 a 1; nice -n 10 a 2; env -i x=y a 3; setsid a 4; ionice -c3 nice a 5; timeout 3'
    expect(follow(script)).toEqual(['a<1>', 'a<2>', 'a<3>', 'a<4>', 'a<5>', 'timeout<3>'])
  })
})

describe('what runs at the end', () => {
  it('runs once, whatever ended the script', () => {
    expect(follow('trap "a end" EXIT; a 1')).toEqual(['a<1>', 'a<end>'])
    expect(follow('trap "a end" EXIT; a 1; exit 0; a 2')).toEqual(['a<1>', 'a<end>'])
    expect(follow('trap "a end" EXIT; unsure && exit 0; a 2')).toEqual(['unsure', '?a<2>', 'a<end>'])
  })

  it('runs perhaps when only some ways ask for it, and is not known when they ask for different things', () => {
    expect(follow('if unsure; then trap "a end" EXIT; fi; a 1')).toEqual(['unsure', 'a<1>', '?a<end>'])
    expect(follow('if unsure; then trap "a x" EXIT; else trap "a y" EXIT; fi')).toEqual(['unsure', '?·'])
    expect(follow('trap "$(unsure)" EXIT')).toEqual(['unsure', '·'])
  })

  it('does not run for a script that fails for sure', () => {
    expect(follow('trap "a end" EXIT; exit 3')).toEqual(['trouble 2: exit 3: nothing after it is looked at'])
  })
})

describe('sums that assign', () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: shell text
  it.each([
    ['n=1; : $((n += 2)); a $n', ['a<·>']],
    ['n=1; : $((n++)); a $n', ['a<·>']],
    ['n=1; : $((--n)); a $n', ['a<·>']],
    ['n=1; : $((m = n * 2)); a $n $m', ['a<1><·>']],
    ['n=1; : $((n == 1)) $((n <= 1)) $((n != 2)) $((n * 2)); a $n', ['a<1>']],
    ['n=1; while unsure; do a $n; : $((n *= 2)); done', ['unsure', '?a<·>', '?unsure']],
    ['while unsure; do a "${v-}"; : ${v:=x}; done', ['unsure', '?a<·>', '?unsure']],
    ['v=1; while unsure; do a $v; export v="$(b)"; done', ['unsure', '?a<·>', '?b', '?unsure']],
  ])('%s', (script, expected) => {
    expect(follow(script)).toEqual(expected)
  })
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: shell text
})
