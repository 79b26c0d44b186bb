import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanScript } from './scan.ts'

const run = { arguments: ['configure', ''], variables: { DPKG_ROOT: '' } }

/** Each action as "line: words", with `?` before what runs only perhaps and `·` for unknown words. */
function scan(script: string, options = run): readonly string[] {
  return scanScript(`#!/bin/sh\n${script}`, options).map((action) => {
    if (action.kind === 'trouble') return `${action.line}! ${action.reason}`
    const what =
      action.kind === 'command'
        ? action.words.map((word) => word ?? '·').join(' ')
        : `${action.append ? '>>' : '>'}${action.path ?? '·'} ${JSON.stringify(action.content ?? '·')}`
    return `${action.line}${action.certain ? ':' : '?'} ${what}`
  })
}

describe('scanScript', () => {
  it.each<[title: string, script: string, actions: readonly string[]]>([
    ['plain commands', 'mkdir -p /var/lib/x\nchown a:b /x', ['2: mkdir -p /var/lib/x', '3: chown a:b /x']],
    ['comments and continued lines', 'mkdir \\\n  /x # why\n# rm /y', ['2: mkdir /x']],
    ['quotes', `touch 'a b' "c $DPKG_ROOT/d" e\\ f`, ['2: touch a b c /d e f']],
    ['arguments that decide', 'case "$1" in configure) a;; abort-*) b;; esac', ['2: a']],
    ['conditions on the first installation', 'if [ -z "$2" ]; then a; else b; fi', ['2: a']],
    ['a status that is not known', 'if foo; then a; else b; fi\nc', ['2: foo', '2? a', '2? b', '3: c']],
    ['a file that is not known', '[ -d /x ] || mkdir /x', ['2? mkdir /x']],
    ['a way that fails was not taken', 'if foo; then echo no; exit 1; fi\na', ['2: foo', '3: a']],
    ['a way that may end the script', 'foo && exit 0\na', ['2: foo', '3? a']],
    ['known ends', 'a\nexit 0\nb', ['2: a']],
    [
      'options of its own',
      'set -- -ab val -c rest\nwhile getopts ab:c o; do x $o "$OPTARG"; done\nshift $((OPTIND - 1))\ny "$@"',
      ['3: x a ', '3: x b val', '3: x c ', '5: y rest'],
    ],
    ['options that are none', 'set -- -z\ngetopts a o; x "$o"', ['3: x ?']],
    ['loops over words', 'for i in x y; do a $i; done', ['2: a x', '2: a y']],
    ['loops over what is not known', 'for i in $(foo); do a $i; done\nb $i', ['2: foo', '2? a ·', '3: b ·']],
    ['breaks', 'for i in x y z; do [ $i = y ] && break; a $i; done', ['2: a x']],
    ['continues', 'for i in x y; do [ $i = x ] && continue; a $i; done', ['2: a y']],
    [
      'endless loops with a doubtful end',
      'while :; do foo && break; a; done\nb',
      ['2: foo', '2? a', '2? foo', '2? a', '3: b'],
    ],
    ['functions and their arguments', 'f() { a "$1" $#; return 0; b; }\nf x y', ['2: a x 2']],
    [
      'a doubtful return ends the function only',
      'f() { foo && return 0; a; }\nf\nb',
      ['2: foo', '2? a', '4: b'],
    ],
    [
      'doubts of an outer loop into an inner one',
      'for i in x y; do foo && continue; for j in z; do a $i; done; done\nb',
      ['2: foo', '2? a x', '2? foo', '2? a y', '3: b'],
    ],
    ['variables that branches set differently', 'if foo; then v=1; else v=2; fi\na $v', ['2: foo', '3: a ·']],
    ['variables that branches set alike', 'if foo; then v=1; else v=1; fi\na $v', ['2: foo', '3: a 1']],
    [
      'parameter expansion',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: shell text
      'v=/a/b.c.d\na ${v##*/} ${v%.*} ${v#/a/} ${w:-x} ${v:+y} ${#v}',
      ['3: a b.c.d /a/b.c b.c.d x y 8'],
    ],
    ['positional parameters as they are', 'set -- "a b" c\nx "$@"; y $*', ['3: x a b c', '3: y a b c']],
    ['command substitution of what is known', 'v=$(echo "a b" | cat)\nx `echo y`', ['2: cat', '3: x y']],
    ['arithmetic', 'n=4; a $(($n + 1))', ['2: a 5']],
    ['arithmetic with braces and commands', `n=4; a $(($\{n} - $(echo 1) + 2))`, ['2: a 5']],
    ['here-documents', 'cat > /etc/x <<EOF\na $DPKG_ROOT b\nEOF\nc', ['2: cat', '2: >/etc/x "·"', '5: c']],
    [
      'text written to files',
      'echo "a b" > /etc/x\nprintf "%s-%s\\n" a b >> /etc/y',
      ['2: >/etc/x "a b\\n"', '3: >>/etc/y "a-b\\n"'],
    ],
    ['output that goes nowhere', 'a > /dev/null 2>&1', ['2: a']],
    ['pipelines and negation', '! a | b', ['2: a', '2: b']],
    ['subshells keep their variables', 'v=1; (v=2; a $v); b $v', ['2: a 2', '2: b 1']],
    ['eval', 'v="a b"; eval "$v c"', ['2: a b c']],
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: shell text
    ['patterns in quotes', 'v=/a/b.c\na "${v##*/}" "${v%.*}"', ['3: a b.c /a/b']],
    ['locals, which end with their function', 'v=1\nf() { local v=2; a $v; }\nf\nb $v', ['3: a 2', '5: b 1']],
    ['parameters in place of none', 'set --\na "$@" ${1+"$@"} "$*"', ['3: a ']],
    ['parameters that are handed on', 'set -- "a b" c\nx ${1+"$@"} ${v-"d e" f}', ['3: x a b c d e f']],
    ['what a declaration does not know', 'v=1\nexport v="$(foo)"\na "$v"', ['3: foo', '4: a ·']],
    ['backslashes in variables', 'v=\'a\\b\'; w=$v; a $v "$w"', ['2: a a\\b a\\b']],
    ['numbers of parameters, and octal ones', 'set -- 4\na $(($1 + 1)) $((010)) $((0x10))', ['3: a 5 · ·']],
    [
      'shift of none and of more',
      'set -- a b c; shift 0; x $1; shift 2; x $1; shift $(foo); x $#',
      ['2: x a', '2: x c', '2: foo', '2: x 1'],
    ],
    [
      'breaks of several loops',
      'for i in x y; do for j in p q; do a $i$j; break 2; done; done\nb',
      ['2: a xp', '3: b'],
    ],
    [
      'continues of several loops',
      'for i in x y; do for j in p q; do a $i$j; continue 2; done; done',
      ['2: a xp', '2: a yp'],
    ],
    ['a break without a loop', 'break\na', ['3: a']],
    [
      'statuses of conditions',
      'if false; then a; else b $?; fi\nwhile false; do :; done; c $?',
      ['2: b 1', '3: c 0'],
    ],
    ['folders', 'cd /usr/lib/..\na $(pwd)\ncd\nb $(pwd)', ['3: a /usr', '5: b ·']],
    [
      'functions that are forgotten, and not the variable',
      'f() { a; }\nf=1; unset -f f; f; b $f',
      ['3: f', '3: b 1'],
    ],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: shell text
    ['programs of unknown name', '$(foo) x', ['2: foo', '2: · x']],
    ['double brackets', 'if [[ $1 == configure && -z "$2" ]]; then a; fi', ['2: a']],
    ['text that runs as somebody else', 'su -s /bin/sh postgres -c "a && b"', ['2: a', '2? b']],
    ['a script that fails for sure', 'a\nexit 3\nb', ['2: a', '3! exit 3: nothing after it is looked at']],
    ['debconf read in', '. /usr/share/debconf/confmodule\ndb_get x\na "$v"', ['3: db_get x', '4: a ']],
    [
      'an unknown file read in may set anything',
      '. /etc/default/x\na "$v"',
      ['2: . /etc/default/x', '3: a ·'],
    ],
  ])('follows %s', (_, script, actions) => {
    expect(scan(script)).toEqual(actions)
  })

  it('passes on what the script was called with', () => {
    expect(
      scan('[ "$1" = triggered ] && a $2', {
        arguments: ['triggered', '/usr/lib'],
        variables: { DPKG_ROOT: '' },
      }),
    ).toEqual(['2: a /usr/lib'])
  })

  it.each([
    ['perl', '#!/usr/bin/perl\nunlink "/x";', '1! #!/usr/bin/perl'],
    ['no interpreter', 'rm -rf /x\n', '1! not a shell script'],
    ['an if without end', '#!/bin/sh\nif a; then b\n', '3! not understood: expected "fi"'],
    ['an open quote', '#!/bin/sh\na "b\n', '2! not understood: a " is not closed'],
  ])('says why it cannot follow %s', (_, text, trouble) => {
    const [last] = scanScript(text, run).slice(-1)
    expect(last?.kind === 'trouble' && `${last.line}! ${last.reason}`).toBe(trouble)
  })

  it('follows long chains and gives up values that grow too long', () => {
    expect(scan(`${'foo && '.repeat(5000)}a`).at(-1)).toBe('2? a')
    expect(scan(`v=xxxxxxxx\n${'v=$v$v\n'.repeat(20)}a $v`)).toEqual(['23: a ·'])
  })

  it.each([
    ['calls itself', 'f() { f; f; }\nf'],
    ['never ends', 'while :; do v=$v-; done'],
    [
      'calls functions that call functions',
      `${Array.from({ length: 40 }, (_, i) => `f${i + 1}() { f${i}; f${i}; }`)
        .join('\n')
        .replace('f0;', ':;')}\nf40`,
    ],
    ['goes deeper than the stack', `f() { if [ "$1" ]; then f x; fi; }\nf x`],
  ])('stops following a script that %s', (_, script) => {
    const actions = scanScript(`#!/bin/sh\n${script}`, run)
    const last = actions.at(-1)
    expect(last?.kind).toBe('trouble')
  })

  const pieces = [
    'if ',
    'then ',
    'fi ',
    'case x in ',
    'esac ',
    '$(',
    ')',
    '`',
    '${',
    '}',
    '"',
    "'",
    '\\',
    '\n',
    ';',
    ';;',
    '&&',
    '|',
    '<<E\n',
    'E\n',
    'a',
    ' ',
    '#',
    '((',
    '))',
    '[[ ',
    ' ]]',
    'f() {',
    '*',
    '$1',
    '=',
    '%',
    'for i in ',
    'do ',
    'done ',
    'while ',
    '> /x',
    'exit ',
    '!',
  ]

  it('gets on at white space that is none for a shell', () => {
    for (const space of ['\u00a0', '\u2028', '\ufeff', '\v', '\f', '\r'])
      for (const text of [
        `a${space}b`,
        `for i in${space}x; do a; done`,
        `v=(${space}x)`,
        `[[ ${space} ]]`,
        `case${space}x in esac`,
      ])
        expect(scanScript(`#!/bin/sh\n${text}`, run)).toBeInstanceOf(Array)
  })

  it('never throws, whatever the text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc
        .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 3 })), {
          maxLength: 60,
        })
        .map((parts) => parts.join('')),
      fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        for (const action of scanScript(`#!/bin/sh\n${text}`, run)) expect(action.line).toBeGreaterThan(0)
      }),
      { numRuns: 1000 },
    )
  })

  it.each(pieces)('reads %j again and again in linear time', (piece) => {
    const text = piece.repeat(Math.floor(200_000 / piece.length))
    expect(scanScript(`#!/bin/sh\n${text}`, run)).toBeInstanceOf(Array)
  })
})
