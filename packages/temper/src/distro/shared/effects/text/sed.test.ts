import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fuel, OutOfFuel } from '../../scripts/fuel.ts'
import { compileRegexp } from './regexp.ts'
import { runSed } from './sed.ts'
import { parseSed } from './sed-script.ts'

const sample = `# configuration
port = 8080
listen 127.0.0.1  # here
[section]
user=www-data
path=/var/lib/a.b/c

[other]
last line`

function ours(script: string, text: string, options: { extended?: boolean; quiet?: boolean } = {}) {
  const fuel = new Fuel(1_000_000)
  const commands = parseSed(script, { extended: options.extended ?? false, fuel })
  return commands && runSed(commands, text, { quiet: options.quiet ?? false, fuel })
}

function real(script: string, text: string, options: { extended?: boolean; quiet?: boolean } = {}) {
  const flags = [...(options.extended ? ['-E'] : []), ...(options.quiet ? ['-n'] : [])]
  const { stdout } = spawnSync('sed', [...flags, '-e', script], { input: text, env: { LC_ALL: 'C' } })
  return stdout.toString('utf8')
}

/** Scripts as maintainer scripts have them. */
const scripts: readonly (readonly [string, { extended?: boolean; quiet?: boolean }?])[] = [
  ['s/8080/9090/'],
  ['s|^port = .*|port = "1"|'],
  ['s,/var/lib/\\([^/]*\\)/,/srv/\\1/,'],
  ['s/[[:space:]]*#.*$//'],
  ['s/^[ \\t]*//;s/[ \\t]*$//'],
  ['/^\\[other\\]/,$d'],
  ['/^\\[section\\]$/a\\added = yes'],
  ['/^user/i before'],
  ['/^user/c\\user=root'],
  ['2,4d'],
  ['2,/^user/s/=/ = /g'],
  ['$s/line/end/'],
  ['/^#/!s/a/A/2'],
  ['s/a/A/g'],
  ['s/x*/-/g'],
  ['s/\\(p\\)\\(o\\)\\?/<&\\2>/'],
  ['s/\\bl/L/g'],
  ['/user/{s/www/web/;s/data/site/}'],
  ['y/abc/xyz/'],
  ['/port/q'],
  ['s/PORT/Port/I'],
  ['/^user=/p', { quiet: true }],
  ['s/^user=\\(.*\\)$/\\1/p', { quiet: true }],
  ['s/(user|path)=(.+)/\\2 \\1/', { extended: true }],
  ['s/[0-9]{2,3}/N/g', { extended: true }],
  ['s/(a|b)+//g', { extended: true }],
  ['/^$/N;/\\n$/D'],
  ['0,/port/s/^/>/'],
  ['0,/config/s/^/>/'],
  ['$!N;P;D'],
  ['$!N;s/\\n/+/'],
  ['N;N;s/\\n/,/g'],
  ['n;d'],
  ['1!G;h;$!d'],
  ['G'],
  ['/user/{x;p;x}'],
  ['/port/h;/user/g'],
  ['/port/H;$x'],
  [':a;s/^\\(x*\\)[^x]/\\1x/;ta'],
  [':a;N;$!ba;s/\\n/ /g'],
  ['/user/b;s/^/-/'],
  ['s/port/PORT/;t end;s/$/!/;:end'],
  ['s/port/PORT/;T;s/$/!/'],
  ['/user/b out\ns/^/-/\n: out\ns/$/+/'],
  ['/user/=', { quiet: true }],
  ['s/^user/&/;tend;d;:end q', { quiet: false }],
  ['x\ns|^$||\nt find\nx\nb\n: find\nx\ns|^port.*|port = 1|\nt end\n$ a new = 1\nb\n: end\nh'],
  ['/^$/d'],
  ['3,+1d'],
  ['4,2d'],
  ['/a/,/a/d'],
  ['s/a\\|o/_/g'],
  ['s/\\./\\n/'],
  ['1!G;h'.slice(0, 0) || 's/^/> /'],
  ['s@\\(.*\\)/\\(.*\\)@\\2 in \\1@'],
  ['s/[]]/)/;s/[^]a-z]/_/g'],
]

describe('sed', () => {
  it.each(scripts.map(([script, options = {}]) => ({ script, options })))(
    'prints what the real one prints: $script $options',
    ({ script, options }) => {
      expect(ours(script, sample, options)).toBe(real(script, sample, options))
      expect(ours(script, `${sample}\n`, options)).toBe(real(script, `${sample}\n`, options))
    },
  )

  it.each([
    's/a/b',
    's/a/\\U&/',
    'xx',
    'b gone',
    'l',
    'e date',
    's/\\(/x/',
    's/a/b/w file',
    's/a/date/e',
    '0,3d',
    '0d',
    '{p',
  ])('leaves to others what it does not know: %s', (script) => {
    expect(ours(script, sample)).toBeUndefined()
  })

  it('reads any script, and runs what it understands', () => {
    const piece = fc.constantFrom(...'sdpqyaic/|,;{}$!^.*[]\\()+?1 9ab\n&gI'.split(''))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), fc.boolean(), (pieces, extended) => {
        try {
          expect(typeof (ours(pieces.join(''), sample, { extended }) ?? '')).toBe('string')
        } catch (error) {
          if (!(error instanceof OutOfFuel)) throw error
        }
      }),
    )
  })
})

describe('a regular expression', () => {
  it('takes no longer than its fuel', () => {
    const fuel = new Fuel(100_000)
    const regexp = compileRegexp('(a*)*b', { extended: true, ignoreCase: false, fuel })
    expect(() => regexp?.find('a'.repeat(60))).toThrow(OutOfFuel)
  })

  it('finds what the one of the language finds, where both mean the same', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a)', '(ab)', '(b|a)')
    const repeated = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,2}'))
      .map((parts) => parts.join(''))
    const pattern = fc.array(repeated, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        const match = compileRegexp(source, {
          extended: true,
          ignoreCase: false,
          fuel: new Fuel(1_000_000),
        })?.find(subject)
        const expected = new RegExp(source).exec(subject)
        expect(match && [match.start, ...match.groups]).toEqual(
          expected === null ? undefined : [expected.index, ...expected],
        )
      }),
    )
  })
})
