import { beforeAll, describe, expect, it } from 'vitest'
import { agree, type Calls, followed, hasDash, ran } from './fixtures/sample-dash.ts'

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: shell text

/** By what they are about. `a` is called with words, `i` reads and prints "i"; $1 is "p", $2 is "q r". */
const exact: Readonly<Record<string, readonly string[]>> = {
  'conditions over texts': [
    '[ x ] && a 1; [ "" ] || a 2; [ ] || a 3; [ ! ] && a 4; [ -n ] && a 5; [ -z ] && a 6',
    '[ -n "" ] || a 1; [ -z "" ] && a 2; [ -n x ] && a 3; [ -z x ] || a 4',
    '[ a = a ] && a 1; [ a = b ] || a 2; [ a != b ] && a 3; [ "" = "" ] && a 4; [ "a b" = "a b" ] && a 5',
    '[ ! a = b ] && a 1; [ ! "" ] && a 2; [ ! x ] || a 3; [ ! ! x ] && a 4',
    '[ ! = ! ] && a 1; [ ! = x ] || a 2; [ -n = -n ] && a 3; [ = = = ] && a 4; [ "(" = "(" ] && a 5',
    '[ a = "a*" ] || a 1; [ "*" = "*" ] && a 2; [ abc = a* ] || a 3',
    'test a = a; a $?; test a = b; a $?; test; a $?; test x; a $?',
    '[ -n x -a -n y ] && a 1; [ -n x -a -z y ] || a 2; [ -z x -o -n y ] && a 3; [ -z x -o -z y ] || a 4',
    '[ -n x -o -n y -a -z z ] && a 1; [ -z x -a -n y -o -n z ] && a 2; [ \\( -n x -o -n y \\) -a -z z ] || a 3',
    '[ ! -z x -a y = y ] && a 1; [ x = x -a ! y = z ] && a 2',
  ],
  'conditions over numbers': [
    '[ 1 -eq 1 ] && a 1; [ 1 -ne 2 ] && a 2; [ 2 -gt 1 ] && a 3; [ 2 -ge 2 ] && a 4; [ 1 -lt 2 ] && a 5; [ 1 -le 0 ] || a 6',
    '[ 10 -gt 9 ] && a 1; [ 010 -eq 10 ] && a 2; [ -1 -lt 0 ] && a 3; [ " 5 " -eq 5 ] && a 4',
    'n=3; [ "$n" -gt 2 ] && [ $n -lt 4 ] && a between; [ $# -eq 2 ] && a two',
  ],
  'conditions over files': [
    '[ -d /usr ] && a 1; [ -f /usr ] || a 2; [ -e /usr ] && a 3; [ -e /none ] || a 4; [ ! -d /none ] && a 5; [ -x /usr ] && a 6',
    '[ -L /usr/ ] || a 1; [ -h /none ] || a 2; [ -s /none ] || a 3; [ -r /usr ] && a 4; [ -f "" ] || a 5; [ -d "" ] || a 6',
    '[ -d /usr -a ! -e /none ] && a 1; [ -e /none -o -d /usr/lib ] && a 2; test -d /usr && a 3',
    '[ -u /usr ] || a 1; [ -g /none ] || a 2; [ -k /none ] || a 3; [ -p /usr ] || a 4; [ -S /none ] || a 5; [ -b /usr ] || a 6',
  ],
  echo: [
    'v=$(echo); a "$v"; v=$(echo a  b "c  d"); a "$v"; v=$(echo -n x; echo y); a "$v"; v=$(echo ""); a "$v"',
    'echo "a  b" | i; echo -n "a" | i; echo | i; echo -n | i; echo "" "" | i',
    'echo "a\\nb" | i; echo "a\\\\nb" | i; echo \'a\\tb\' | i; echo "a\\\\" | i',
    'echo -n -n x | i; echo x -n | i; echo -- x | i; echo - x | i; echo -x | i; echo -ne x | i',
    'echo -e "a\\nb" | i; echo "-n x" | i; echo -nn x | i; echo "-"n y | i; echo -n; a $?',
  ],
  printf: [
    'printf "%s\\n" a b "c d" | i; printf "%s" | i; printf "a\\n" | i; printf "%s-%s\\n" a b c | i',
    'printf "a%%b\\n" | i; printf "%s=%s\\n" k "v w" | i; printf "%d\\n" 5 -3 | i; printf "x" | i',
    'printf "%s\\t%s\\n" a b | i; printf "%s" "a\\nb" | i; printf "" | i',
    'printf "%d\\n" | i; printf "%s:%d;" a 1 b | i; printf "%d" "" | i',
    'printf -- "-%s" x | i; printf -- "--" | i; printf "%s %s" "-n" "--" | i',
    'printf "no holes\\n" a b c | i; printf "%%" a b | i; printf "[%s]" a "" b | i',
    'v=$(printf "%s\\n" x y | while read l; do echo "<$l>"; done); a "$v"',
  ],
  lists: [
    'true && a 1; false && a 2; false || a 3; true || a 4; ! true || a 5; ! false && a 6',
    'true && false || a 1; false && true || a 2; true || false && a 3; false || true && a 4',
    'false; a $?; true; a $?; ! false; a $?; false || false; a $?; (exit 3); a $?; { false; }; a $?',
    'if true; then :; fi; a $?; if false; then :; fi; a $?; case x in y) false;; esac; a $?; while false; do :; done; a $?',
    'f() { return 3; }; f; a $?; f || a "failed $?"; g() { false; }; g; a $?; h() { return; }; false; h; a $?',
    'v=$(exit 4); a $?; v=$(true); a $?; v=x; a $?; false; v=x; a $?; v=$(false) w=x; a $?',
    'export v=$(false); a $?; f() { local w=$(false); a $?; }; f',
    '{ a 1; a 2; } && a 3; (a 4; false) || a 5; a 6; ( (a 7) ); { { a 8; }; }',
    'a 1 & wait; a 2',
    'true | false; a $?; false | true; a $?; ! true | true; a $?',
    'false && a no || { a yes; a more; }; if false || [ x = x ]; then a then; else a else; fi',
    'if a 1; then a 2; fi; if ! a 3; then a 4; else a 5; fi; if a 6 && false; then a 7; elif a 8; then a 9; fi',
  ],
  loops: [
    'for i in 1 2 3; do [ $i = 2 ] && continue; a $i; done; a end $i',
    'for i in 1 2 3; do a $i; [ $i = 2 ] && break; done; a $?; for i in; do a never; done; a $? $i',
    'for i in 1 2; do for j in x y; do [ $j = y ] && continue 2; a $i$j; done; a never; done',
    'for i in 1 2; do for j in x y; do break 2; done; done; a $i$j; for i in 1 2; do for j in x y; do break; done; a $i; done',
    'n=0; while :; do n=$((n+1)); [ $n -ge 3 ] && break; done; a $n; until [ $n -eq 0 ]; do n=$((n-1)); done; a $n',
    'while read x y; do a "$x" "$y"; done <<E\n1 2 3\n4\n\n 5  6 \nE',
    'printf "a\\nb" | while read l; do a "$l"; done; printf "a\\nb" | while read l || [ -n "$l" ]; do a "$l"; done',
    'n=1; printf "x\\ny\\n" | while read l; do n=2; done; a $n; while read l; do n=3; done <<E\nx\nE\na $n',
    'for i in a b; do for i in c; do :; done; a $i; done; for i in "a b" c; do set -- $i; a $# $1; done',
    'f() { for i in 1 2 3; do [ $i = 2 ] && return 5; a $i; done; }; f; a $? $i',
    'while true; do while true; do break; done; a inner; break; done; a outer',
    'for i in 1 2 3; do case $i in 2) continue;; esac; a $i; done; for i in 1 2; do if [ $i = 1 ]; then continue; fi; a $i; done',
  ],
  functions: [
    'f() { a "$#" "$@"; }; f; f x "y z"; f "$@"; a "$#"',
    'f() { shift; a "$@"; }; f 1 2 3; a "$@"; f() { set -- x; }; f; a "$@"',
    'f() { v=in; local w=in; a $v $w; }; v=out w=out; f; a $v $w',
    'f() { local v; a "${v-unset}" "${v:-empty}"; v=2; }; v=1; f; a $v',
    'f() { local v=$1; [ $v = 0 ] || { f $((v - 1)); a $v; }; }; f 3',
    'f() { g; a $v; }; g() { v=2; }; v=1; f; f() { (v=3; g; a $v); a $v; }; v=1; f',
    'f() ( v=in; a $v; ); v=out; f; a $v; f() if true; then a if; fi; f',
    'f() { return 0; a never; }; f; f() { [ "$1" ] || return; a "$1"; }; f; f x; a $?',
    'f() { exit 0; }; (f; a never); a after; f; a never',
    'echo() { command echo "<$1>"; }; echo x | i; cd() { command cd /usr; }; cd; a "$(pwd)"',
    'f () { a spaced; }; f; f() { a one; }; f() { a two; }; f; unset -f f; a "${f-none}"',
    'f() { case $1 in -*) a option;; *) a word;; esac; }; f -x; f x',
  ],
  variables: [
    'v=1; (v=2; a $v); a $v; { v=3; }; a $v; v=4 true; a $v; v=5 :; unset v; a "${v-none}"',
    'a=1 b=$a; a $a $b; v=a; v="$v b"; a "$v"; v=$v; a "$v"; v= ; a "${v-none}" "${v:-empty}"',
    'export v=1; a $v; export v; export w x=2; a "${w-none}" $x; readonly y=3; a $y',
    'v="a  b"; export w=$v; a "$w"; f() { local x=$v; a "$x"; }; f; y=$v; a "$y"; z=$v$v; a "$z"',
    'v=x; eval "w=\\$$v"; a "$w"; x=deep; eval "w=\\$$v"; a "$w"; eval; a $?; eval ""; eval a "b  c" "\'d  e\'"',
    'v=1; unset v w; a "${v-none}"; f() { a f; }; unset f; f; unset -v v; a "${v-none}"',
    'set -- a b c; shift; a $*; shift 2; a $#; set -- "x y"; a $# "$1"; set x y; a $1 $2; set -- -e; a $1',
    'v=$(a in; echo out); a $v; v=`echo \\`echo deep\\``; a $v; v=$(echo $(echo $(echo three))); a $v',
    'v=$(v=in; echo $v); a $v; v=$(set -- x; echo $1); a $v "$1"; cd /usr; v=$(cd /usr/lib; pwd); a $v $(pwd)',
  ],
  reading: [
    'read x <<E\na b\nE\na "$x" $?; read x y <<E\na b  c d \nE\na "$x" "$y"; read x y z <<E\na\nE\na "$x" "$y" "$z"',
    'IFS=: read x y <<E\na:b:c\nE\na "$x" "$y"; IFS=: read x y <<E\na:b\nE\na "$x" "$y"; IFS=: read x y <<E\na\nE\na "$x" "$y"',
    'IFS= read -r x <<E\n  a b  \nE\na "$x"; read -r x <<E\na\\b\nE\na "$x"; IFS= read x <<E\n a\nE\na "$x"',
    'IFS=: read x y <<E\na:b:\nE\na "$x" "$y"; IFS=: read x y <<E\n:b\nE\na "$x" "$y"; IFS=: read x y <<E\na::b\nE\na "$x" "$y"',
    'IFS=, read x <<E\na,b\nE\na "$x"; IFS=, read x <<E\na,\nE\na "$x"; IFS=, read x y z <<E\n,,\nE\na "$x" "$y" "$z"',
    'read x </dev/null; a "$x" $?; printf x | { read y; a "$y" $?; }; printf "x\\ny\\n" | { read x; read y; a "$x$y"; read z; a "$z" $?; }',
    'echo "a b c" | (read x y; a "$x" "$y"); echo "a b c" | { read x; read y; a "$x" "$y"; }',
    'i <<E; read x <<F\none\nE\ntwo\nF\na "$x"',
  ],
  'input and output': [
    'i <<E\na $1 "$2" \\$1 `echo x` $(echo y) \\\\ \\a\nE',
    'i <<"E"\n$1 `x` \\\\\nE',
    'i <<\\E\n$1\nE',
    'i <<-E\n\ta\n\t\tb\n c\n\tE',
    'i <<A; i <<B\n1\nA\n2\nB',
    'i <<E | i\nx\nE',
    'i <<E && a and\nx\nE',
    'if i <<E; then a then; fi\nx\nE',
    'i <<E\nE',
    'i <<E\n\nE',
    'f() { i; }; f <<E\nto f\nE',
    '{ i; a after; } <<E\nto braces\nE',
    '(i) <<E\nto subshell\nE',
    'echo x | { i; }; echo x | (i); echo x | i | i; v=$(echo x | i); a "$v"',
    'a x >/dev/null 2>&1; a y 2>/dev/null >&2',
    'v=$(echo x >&2 2>/dev/null); a "$v"; v=$(echo x >/dev/null); a "$v"; v=$({ echo x; echo y; } ); a "$v"',
    'v=$(echo out; echo err >&2) 2>/dev/null; a "$v"; v=$(printf x 2>&1); a "$v"; i </dev/null',
    'echo a | while read x; do echo "<$x>"; done | i; for x in 1 2; do echo $x; done | i; if true; then echo yes; fi | i',
    'case x in x) echo arm;; esac | i; f() { echo f; }; f | i; { echo 1; (echo 2); } | i; ! echo x | i; a $?',
  ],
  'options of scripts': [
    'set -- -a -b val rest; while getopts ab: o; do a "$o" "${OPTARG-}"; done; a $OPTIND; shift $((OPTIND - 1)); a "$@"',
    'set -- -abval -- -x; while getopts ab:x o; do a "$o" "${OPTARG-}"; done; shift $((OPTIND - 1)); a "$@"',
    'set -- x -a; while getopts a o; do a "$o"; done; a $OPTIND; set -- -a; OPTIND=1; getopts a o; a "$o" $?; getopts a o; a "$o" $?',
    'set -- -z; getopts :a o; a "$o" "$OPTARG" $?; f() { getopts x o; a "$o" $?; }; OPTIND=1; f -x',
    'set -- -b; getopts :b: o; a "$o" "$OPTARG" $?',
    'for arg; do case $arg in --x=*) a "${arg#--x=}";; --*) a long;; -*) a short;; *) a word "$arg";; esac; done',
  ],
}

/** What a shell does and the interpreter may not know, but must not claim otherwise. */
const agreed: Readonly<Record<string, readonly string[]>> = {
  'exotic formats': [
    'printf "%5s|%-5s|\\n" a b | i; printf "%x\\n" 255 | i; printf "%b" "a\\n" | i; printf "%03d" 7 | i; printf "%c" abc | i',
    'printf "%d %d\\n" 010 0x1f | i; printf "\\101\\n" | i; printf "%.2s" abc | i',
    'echo "a\\0101" | i; echo "a\\c"; echo b | i; echo "\\a" | i',
  ],
  'reading with backslashes': [
    'read x <<E\na\\\\b\nE\na "$x"',
    'printf "a\\\\\\nb\\n" | { read x; a "$x"; }',
  ],
  'names of commands': [
    'command -v none || a $?; v=$(command -v cd); a "$v"; v=$(command -v true); a "$v"',
    'v=a; $v x; "$v" y; e=echo; $e x | i; c="a x"; $c y; none= ; $none a z',
    'alias b="a x"; eval "b y"; type none >/dev/null 2>&1 || a $?; hash none 2>/dev/null || a $?',
  ],
  masks: ['umask 077; a $(umask); umask 022', '(umask 027; a in); a out'],
  'assignments for a command': [
    'v=out; f() { a "$v"; v=new; }; v=in f; a "$v"; w=1 true; a "${w-none}"; w=2 :; a "$w"; v=x eval "a $v"; a $v',
    'f() { g; }; g() { a "$v"; }; v=1 f; a "${v-none}"; v=2 w=$v f; v=1; v=2 w=$v true; x=$v; a $x',
    'v=; IFS=: read x y <<E\na:b\nE\na "$x" "$y"; w="a b:c"; a $w; IFS=: a $w; f() { a $w; }; IFS=: f; a $w',
  ],
  'the end': [
    'trap "a trapped" EXIT; a 1; exit 0',
    'trap "a trapped" 0; a 1',
    '(exit 3); a $?',
    'trap "a trapped" EXIT; a 1; (trap "a inner" EXIT; a 2); a 3',
    'trap "a x" EXIT; trap - EXIT; a 1; (a 2)',
    'trap "a \\$v" EXIT; v=late; i </dev/null && exit 0; a never',
    'f() { trap "a f" EXIT; }; f; a 1; trap "" EXIT; trap : INT',
    'v=$(trap "echo end" EXIT; echo begin); a "$v"; trap "exit 0" TERM; a 2',
    '(trap "a x" EXIT; exit 0); a 1; trap "a y" 0 INT',
    'a 1; exit; a 2',
    'a 1; return; a 2',
  ],
}

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: shell text

const rows = (table: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(table).flatMap(([title, scripts]) => scripts.map((script) => ({ title, script })))

describe.skipIf(!hasDash)('commands of scripts, as a real shell runs them', () => {
  const all = [...rows(exact), ...rows(agreed)]
  const real = new Map<string, Calls>()
  beforeAll(() => {
    const answers = ran(all.map(({ script }) => script))
    for (const [index, { script }] of all.entries()) real.set(script, answers[index] ?? [])
  })

  it.each(rows(exact))('$title: $script', ({ script }) => {
    expect(followed(script)).toEqual(real.get(script))
  })

  it.each(rows(agreed))('are never claimed to be other than they are: $title, $script', ({ script }) => {
    const calls = followed(script)
    expect({ calls, agrees: agree(calls, real.get(script) ?? []), real: real.get(script) }).toMatchObject({
      agrees: true,
    })
  })
})
