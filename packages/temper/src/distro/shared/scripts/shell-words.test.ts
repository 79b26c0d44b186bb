import { beforeAll, describe, expect, it } from 'vitest'
import { agree, type Calls, followed, hasDash, ran } from './fixtures/sample-dash.ts'

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: shell text

/** By what they are about. `a` is called with words, `i` reads; $1 is "p", $2 is "q r". */
const exact: Readonly<Record<string, readonly string[]>> = {
  'fields of parameters': [
    'set -- "a b" c; a $@; a $*; a "$@"; a "$*"',
    'set -- "a b" c; IFS=:; a $@; a $*; a "$@"; a "$*"',
    'set -- a b:c; IFS=:; a $@; a $*; a "$*"',
    'set -- "a b" c; IFS=; a $@; a $*; a "$*"',
    'set -- a "" c; a $@; a $*; a "$@"; a $#',
    'set -- a "" c; a x$@y "x$@y" x"$@"y',
    'set -- "a  b"; a "${@}" ${@} "${*}" ${*}',
    'set --; a "$@" "" "$*" $@ $*; a x"$@"y',
    'set -- a b c; a "${#}" $# ${#1} ${#@}',
    'set -- a b; IFS=-; v="$*"; a "$v"; w=$*; a "$w"; x="$@"; a "$x"',
    'set -- 1 2 3 4 5 6 7 8 9 ten eleven; a $1 ${10} ${11} $10',
    'set -- a b c; for each do a "$each"; done',
    'set -- a b c; for each in "$@"; do shift; a "$each" $#; done',
  ],
  'what stands in for parameters': [
    'a "${none-x}" "${none:-x}" "${none+x}" "${none:+x}"',
    'v=; a "${v-x}" "${v:-x}" "${v+x}" "${v:+x}"',
    'v=1; a "${v-x}" "${v:-x}" "${v+x}" "${v:+x}"',
    'set -- ""; a "${1-x}" "${1:-x}" "${1+x}" "${1:+x}" "${2-x}"',
    'a ${none:-x y} "${none:-x y}" ${none:-"x y"} ${none:-x" y"}',
    'v=1; a ${v:+x y} "${v:+x y}" ${v:+"x y"}',
    'a "${none:=new}" "$none"; w=${other=x y}; a "$w" "$other"',
    'v="a b"; a "${none:-$v}" ${none:-$v} ${none:-"$v"} ${none:-a$v}',
    'a "${none:-${also:-deep}}" "${none:-`a inner; echo x`}"',
    'a "${none:-}" ${none:-} "${none-}"',
    'a "${none:-\\}}" "${none:-a\\"b}" ${none:-\\$x}',
    'set -- a b; a "${@:-none}" ${@-none} ${*:-none} "${*:+some}"; set --; a "${@:-none}" ${*:-none}',
    ': "${none:=x}"; a "$none"; : ${none:=y}; a "$none"',
  ],
  affixes: [
    'v=/a/b/c; a ${v#/} ${v##/} ${v#*/} ${v##*/} ${v%/*} ${v%%/*}',
    'v=a.tar.gz; a ${v%.gz} ${v%.*} ${v%%.*} ${v#*.} ${v##*.}',
    'v=aaa; a ${v#a} ${v##a} ${v#a*} ${v##a*} ${v%a*} ${v%%a*}',
    'v="a*b"; p="*"; a "${v#a*}" "${v#a\\*}" "${v#a"*"}" "${v%$p}" "${v%"$p"b}"',
    'v=abc; a ${v#?} ${v%?} ${v#??} ${v#[ab]} ${v#[!ab]} ${v%[a-c]}',
    'v=a/b; a "${v%"${v#?}"}" "${v#"${v%?}"}"',
    'v=12:3.4-5~rc1+b2; a "${v#[0-9]*:}" "${v%-*}" "${v%%[~+]*}" "${v##*[!0-9]}"',
    'v=x; a "${v#}" "${v%}" "${v##}"; a "${none#x}" "${none%%*}"',
    'v=[x]; a "${v#[}" "${v%]}" "${v#\\[}"',
    'v="a b c"; a ${v#* } "${v#* }" "${v##* }"',
    'v=abcabc; a ${v%%b*} ${v%b*} ${v#*b} ${v##*b}',
    'set -- /x/y; a ${1##*/} "${1%/*}"',
  ],
  lengths: ['v=abc; a ${#v} "${#v}"; v=; a ${#v}; a ${#none}'],
  'quotes and backslashes': [
    'a \'\' "" a""b \'a\'"b"c',
    'a "a\'b" \'a"b\' "a\\"b" a\\ b',
    'a "\\a" "\\\\" "\\$x" "\\`" \'\\a\' \\a \\\\',
    'v=\'a\\b\'; a $v "$v" ${v} "${v}"; w=$v; a "$w"',
    'a "$" $ "a$" a$ "$ x" "$%"',
    'a "line\nnext" \'line\nnext\'',
    'a x\\\ny; a "x\\\ny"; a \'x\\\ny\'',
    'a {x} {a,b} "a{b" }',
    'a a#b "#" \\#; a x # comment',
    'a ! "!" =x x= a=b -- -n',
    'v="*"; a "$v" "${v}" \'*\' \\*',
    'a ~x"~" "~" \\~ a~',
  ],
  'values that are split': [
    'v=" a  b "; a $v; a x$v; a $v"y"; a "$v"',
    'v="a b"; a $v$v "$v"$v x$v"y"',
    'v=; a $v; a "$v"; a $v""; a x$v',
    'IFS=,; v="a,,b,"; a $v; IFS=" ,"; v="a , b ,, c"; a $v',
    'IFS="\n"; v="a b\nc d\n\ne"; a $v',
    'IFS=; v="a b"; a $v; unset IFS; a $v',
    'v="a\tb\nc"; a $v',
    'a $(printf "a b\\n\\nc\\n\\n") "$(printf "a b\\n\\nc\\n\\n")"',
    'a `echo x y` "`echo x y`" `echo`x',
    'v=$(echo a; echo b); a $v "$v"',
    'IFS=:; PATH_=/bin:/usr/bin; for each in $PATH_; do a "$each"; done',
    'IFS=/; v=/usr/lib; a $v; set -- $v; a $# "$2"',
  ],
  sums: [
    'n=3; a $((n + 1)) $((n-1)) $(($n + $n)) $((-1)) $((none + 1))',
    'set -- 4 5; a $(($1 + $2)) $(($# - 1)) $((1 + 2 - 3))',
    'n=1; n=$((n + 1)); n=$((n+1)); a $n "$((n))"',
    'a $(( 1 + 1 )) "$((2-3))"',
  ],
  'words that look like others': [
    'a if then fi do done case esac in; if a if; then a then; fi',
    'for in in in; do a $in; done',
    'case in in in) a in;; esac',
    'case x in (x) a opened;; esac',
    'case "a b" in "a b") a quoted;; a*) a star;; esac',
    'case a in a|b) a first;; *) a other;; esac; case b in a|b) a second;; esac',
    'case "*" in "*") a literal;; esac; case x in "*") a wrong;; *) a any;; esac',
    'v="a*"; case abc in $v) a pattern;; esac; case abc in "$v") a wrong;; *) a text;; esac',
    'case x in [a-w]) a low;; [x-z]) a high;; esac; case - in [a\\-z]) a dash;; *) a none;; esac',
    'case "" in "") a empty;; *) a other;; esac; case x in "") a empty;; esac; a $?',
    'case /usr/lib in /usr*) a slash;; esac; case .x in *) a dot;; esac',
    'case ab in a?) a two;; esac; case a in a?) a two;; a) a one;; esac',
    'case "]" in []]) a bracket;; esac; case "!" in [x!]) a mark;; esac; case a in [!x]) a not;; esac',
    'case 7 in [[:digit:]]) a digit;; esac; case x in [[:upper:][:digit:]]) a wrong;; [[:alpha:]]) a alpha;; esac',
    'f() { a called "$@"; }; f x; f() { a again; }; f; if=1; a $if',
  ],
}

/** Where it is right not to know: a shell knows more, or scripts must not depend on it. */
const never: Readonly<Record<string, readonly string[]>> = {
  'places that depend on the user': ['a ~', 'a ~/x', 'v=~/x; a "$v"', 'a $$'],
  'sums of another kind': [
    'a $((2 * 3)) $((7 / 2)) $((1 << 4)) $((5 % 3))',
    'n=010; a $((n)) $((0x10 + 1))',
    'a $((1 < 2)) $((1 == 1 ? 5 : 6))',
    'n=1; a $((n += 2)) $n; a $(((1 + 2) * 3))',
    'n=; a $((n + 1))',
  ],
  'letters of more than a byte': [
    'v=é; a ${#v} "${v#?}" "${v%?}"',
    'v=aéb; a "${v%%[!a-z]*}" "${v#a?}"; case é in ?) a one;; *) a more;; esac',
    'v=é; a "${v#é}" "${v%é}x" "$v"; case é in é) a same;; esac',
  ],
}

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: shell text

const rows = (table: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(table).flatMap(([title, scripts]) => scripts.map((script) => ({ title, script })))

describe.skipIf(!hasDash)('words of scripts, as a real shell expands them', () => {
  const all = [...rows(exact), ...rows(never)]
  const real = new Map<string, Calls>()
  beforeAll(() => {
    const answers = ran(all.map(({ script }) => script))
    for (const [index, { script }] of all.entries()) real.set(script, answers[index] ?? [])
  })

  it.each(rows(exact))('$title: $script', ({ script }) => {
    expect(followed(script)).toEqual(real.get(script))
  })

  it.each(rows(never))('are not known, or known rightly, for $title: $script', ({ script }) => {
    const calls = followed(script)
    expect({ calls, agrees: agree(calls, real.get(script) ?? []) }).toMatchObject({ agrees: true })
  })
})
