import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { Fuel, OutOfFuel } from '../../../scripts/fuel.ts'
import type { CommandCall, EffectContext } from '../../effect.ts'
import { awk } from './awk.ts'

const input = 'root:x:0:0\ndaemon:x:1:1\n\n# a comment\nkey = value 10\nkey=9 \\t\nlast 3.50\n'
const environment: Readonly<Record<string, string>> = { names: 'one two  three', quote: 'a\\Nb' }

function run(words: readonly string[], text: string | undefined = input, fuel = 1_000_000) {
  const call = { arguments: words, input: text, variable: (name: string) => environment[name] ?? '' }
  const world = { context: {} as EffectContext, fuel: new Fuel(fuel) }
  return awk(call as unknown as CommandCall, world)
}

/** Programs as maintainer scripts have them, and others that say what a program may say. */
const programs: readonly (readonly string[])[] = [
  ['{print $1}'],
  ['-F:', '{ print $3, $1 }'],
  ['-F', ':', '$3 > 0 { print $1 }'],
  ['-v', 'x=3', 'NR == x { print "line " x }'],
  ['/^#/ { next } /=/ { print NR ":" $0 }'],
  ['END { print NR }'],
  ['BEGIN { print "only" }'],
  ['BEGIN { FS = ":" } NF > 2 { print $NF, NF }'],
  ['/daemon/, /comment/ { print FNR, $0 }'],
  ['!/x/'],
  ['$0 ~ "^key *=" { sub(/^key *= */, ""); print "[" $0 "]" }'],
  ['{ n += gsub(/[0-9]/, "<&>") } END { print n }'],
  ['{ gsub(/e/, "\\\\&"); print }'],
  ['BEGIN { n = split(ENVIRON["names"], parts, "[ \\t]"); for (i = 1; i <= n; i++) print i, parts[i] }'],
  ['BEGIN { n = split("a:b:c", p, ":"); while (n > 0) print p[n--] }'],
  ['BEGIN { print ENVIRON["quote"] "\\x27" "\\t|" }'],
  ['BEGIN { do { i++; if (i == 2) continue; if (i > 4) break; print i } while (1) }'],
  ['{ count[$1]++ } END { print count["key"], ("none" in count), ("key" in count), length(count) }'],
  ['BEGIN { a["x", 1] = 2; if (("x", 1) in a) print a["x", 1]; delete a["x", 1]; print length(a) }'],
  ['{ $2 = "two"; print; print NF }'],
  ['BEGIN { OFS = "-"; $3 = "c"; print; print NF }'],
  ['BEGIN { printf "%s|%5d|%-5s|%05.1f|%x|%c|%%\\n", "s", 42, "l", 2.5, 255, "char" }'],
  ['BEGIN { print length("four"), substr("hello", 2, 3), substr("hello", 4, 9), index("hello", "l") }'],
  ['BEGIN { print toupper("aB"), tolower("aB"), int(3.9), int(-3.9), sprintf("%03d", 7) }'],
  ['BEGIN { if (match("foo123bar", /[0-9]+/)) print RSTART, RLENGTH; print match("x", "y"), RLENGTH }'],
  ['BEGIN { print 1 + 2 * 3 ^ 2 % 5, -2 ^ 2, 7 / 2, 1e3, 0.1 + 0.2, 100000 * 3 }'],
  ['BEGIN { print 1 " " 2, 1 - 1, ("a" > "b" ? "yes" : "no") }'],
  ['BEGIN { x = 5; x += 2; x *= 3; x -= 1; x /= 4; x ^= 2; print x, x++, ++x, x--, --x }'],
  ['$2 == 10 || $3 == "10" { print "number" } $2 == 3.5 { print "same" }'],
  ['BEGIN { print (1 < 2), ("10" < "9"), (10 < 9), !0, !"", !"a", 1 && 0, 1 || 0 }'],
  ['{ if ($0 == "") print "empty"; else if (/root/) { print "root" } else ; }'],
  ['BEGIN { exit 3 } END { print "end" }'],
  ['NR == 2 { exit } { print }'],
  ['{ print (length($0) > 10) ? "long" : "short" }'],
  ['BEGIN { print substr("x", 2) "|" length() "|" length }'],
  ['/\\// { print "slash" } /a|b/ { print "either" }'],
  ['BEGIN {\n  x = 1 # one\n  if (x)\n    print "yes"\n  else\n    print "no"\n}'],
  ['BEGIN { print -1 " " -1; print 2 -1 }'],
]

describe('awk', () => {
  it.each(programs.map((words) => [words.join(' '), words] as const))(
    'prints what the real one prints: %s',
    (_, words) => {
      const real = spawnSync('mawk', words, {
        input,
        encoding: 'utf8',
        env: { ...process.env, ...environment },
      })
      expect(run(words)).toEqual({ status: real.status, output: real.stdout })
    },
  )

  it('puts new values into the configuration of a mail server as its postinst wants it', () => {
    const program = `
            BEGIN {
                split( ENVIRON["dc_directives"], directives, "[ \\t]" );
            }
            {
                written = 0;
                for ( i in directives )
                   {
                       regex = "^[ \\t]*" directives[i] "=";
                       if ( ( $0 ~ regex ) && ( ! written ) )
                           {
                               # Add single quotes (\\0x27) around the value.
                               print directives[i] "=\\x27" ENVIRON[directives[i]] "\\x27";
                               written = 1;
                               break;
                           }
                   }
                   if ( ! written )
                       print $0;
            }`
    const values = { dc_directives: 'dc_type dc_hosts', dc_type: 'local', dc_hosts: 'a\\Nb' }
    const call = {
      arguments: [program],
      input: '# dc\ndc_type=\n dc_hosts=\n',
      variable: (name: string) => (values as Record<string, string>)[name] ?? '',
    }
    const result = awk(call as unknown as CommandCall, {
      context: {} as EffectContext,
      fuel: new Fuel(100_000),
    })
    expect(result?.output).toBe("# dc\ndc_type='local'\ndc_hosts='a\\Nb'\n")
  })

  it.each([
    ['{ print > "/etc/x" }'],
    ['{ print | "sort" }'],
    ['BEGIN { "date" | getline now; print now }'],
    ['function f(x) { return x } { print f($1) }'],
    ['BEGIN { system("rm -rf /") }'],
    ['BEGIN { print 1 / 0 }'],
    ['BEGIN { print "open'],
    ['{ print $'],
    ['BEGIN { RS = "" } { print }'],
    ['BEGIN { print 2 ^ 2000 }'],
    // Programs differ in these.
    ['BEGIN { print substr("hello", 0, 2) }'],
    ['BEGIN { printf "%.1f", 2.25 }'],
    [`BEGIN { print ${'('.repeat(500)}1${')'.repeat(500)} }`],
  ])('does not tell what it does not follow: %s', (program) => {
    expect(run([program])).toBeUndefined()
  })

  it('takes no longer than its fuel', () => {
    expect(() => run(['BEGIN { while (1) x = x + 1 }'], input, 10_000)).toThrow(OutOfFuel)
    expect(() => run(['BEGIN { for (;;) print "x" }'], input, 10_000)).toThrow(OutOfFuel)
  })

  it('knows nothing of text that is not known', () => {
    expect(
      awk({ arguments: ['{print}'], input: undefined } as unknown as CommandCall, {
        context: {} as EffectContext,
        fuel: new Fuel(1000),
      }),
    ).toBeUndefined()
  })
})
