import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fuel } from '../../../scripts/fuel.ts'
import type { CommandCall, EffectContext } from '../../effect.ts'
import { awk } from './awk.ts'

/* Programs put together from awk's grammar at random, against the awk of the machine. */

const input = 'a:1:x y\n 10  9.5 -3\n\nkey = value\n0x10 1e2 +5\nlast'
const one = (...words: readonly string[]) => fc.constantFrom(...words)

const variable = one('x', 'y', 'n', 's', 'NF', 'NR', 'FNR')
const assignable = one('x', 'y', 'n', 's', '$1', '$3', 'a["k"]', 'a[n]')
const literal = one(
  '0',
  '1',
  '2',
  '3',
  '10',
  '0.5',
  '1.25',
  '100',
  '"a"',
  '"10"',
  '""',
  '"b c"',
  '"3x"',
  '"-2"',
  '"+4"',
  '" 7 "',
)
const pattern = one('/a/', '/[0-9]+/', '/^ /', '/=/', '/x|y/', '/[^a-z]/', '/\\./', '/(a|k)e?/', '/e$/')

const expression: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    literal,
    variable,
    one('$0', '$1', '$2', '$NF', '$(1+1)', 'a["k"]', 'length', 'length()'),
    fc
      .tuple(tie('any'), one(' + ', ' - ', ' * ', '-', ' / ', ' % '), tie('any'))
      .map(([l, o, r]) => `(${l})${o}(${r})`),
    fc
      .tuple(tie('any'), one(' < ', ' <= ', ' == ', ' != ', ' > ', ' >= '), tie('any'))
      .map((all) => `(${all.join('')})`),
    fc.tuple(tie('any'), one(' && ', ' || '), tie('any')).map((all) => `(${all.join('')})`),
    fc.tuple(tie('any'), tie('any')).map(([l, r]) => `(${l}) (${r})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([test, yes, no]) => `((${test}) ? (${yes}) : (${no}))`),
    fc.tuple(tie('any'), one(' ~ ', ' !~ '), pattern).map(([l, o, r]) => `((${l})${o}${r})`),
    fc.tuple(one('!', '-', '+'), tie('any')).map(([sign, inner]) => `${sign}(${inner})`),
    fc
      .tuple(assignable, one(' = ', ' += ', ' -= ', ' *= '), tie('any'))
      .map(([to, sign, value]) => `(${to}${sign}${value})`),
    fc.tuple(one('', '++', '--'), one('x', 'n', 'a["k"]', '$2')).map(([sign, to]) => `${sign}${to}`),
    fc.tuple(one('x', 'n'), one('++', '--')).map(([to, sign]) => `${to}${sign}`),
    tie('any').map((inner) => `length(${inner})`),
    tie('any').map((inner) => `toupper(${inner})`),
    fc
      .tuple(tie('any'), one('1', '2', '3'), one('', ', 0', ', 1', ', 5'))
      .map(([text, from, most]) => `substr(${text}, ${from}${most})`),
    fc.tuple(tie('any'), one('"a"', '"0"', '"="', '""')).map(([text, part]) => `index(${text}, ${part})`),
    tie('any').map((inner) => `int(${inner})`),
    fc.tuple(tie('any'), pattern).map(([text, expected]) => `match(${text}, ${expected})`),
    fc
      .tuple(tie('any'), one('":"', '" "', '/[0-9]/', '"="'))
      .map(([text, mark]) => `split(${text}, p, ${mark})`),
    fc
      .tuple(one('sub', 'gsub'), pattern, one('"<&>"', '"-"', '""', '"\\\\&"'), one('x', 's', '$0', '$2'))
      .map(([name, expected, text, to]) => `${name}(${expected}, ${text}, ${to})`),
    fc
      .tuple(one('"%s"', '"%d"', '"%5s|"', '"%-4d|"', '"%03d"', '"%.2s"', '"%x"'), tie('any'))
      .map(([format, value]) => `sprintf(${format}, ${value})`),
    one('("k" in a)', '(1 in a)', '(x in a)', '(1 in p)', 'p[1]', 'p[2]'),
  ),
})).any

const simple = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(expression, { minLength: 1, maxLength: 3 })
      .map((all) => `print ${all.map((each) => `(${each})`).join(', ')}`),
  },
  { weight: 2, arbitrary: fc.tuple(assignable, expression).map((all) => all.join(' = ')) },
  {
    weight: 1,
    arbitrary: one(
      'print',
      'next',
      'delete a["k"]',
      'x++',
      'printf "%s-%s\\n", $1, x',
      'delete a',
      'NR > 3 ? x = 1 : x = 2',
      'exit',
      'exit 4',
      ';',
    ),
  },
)
/** Each loop counts for itself, so that all end. */
const counter = fc.nat(100_000).map((number) => `i${number}`)
const statement: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    simple,
    fc.tuple(expression, tie('any')).map(([test, yes]) => `if (${test}) { ${yes} }`),
    fc
      .tuple(expression, tie('any'), tie('any'))
      .map(([test, yes, no]) => `if (${test}) { ${yes} } else { ${no} }`),
    fc.tuple(counter, tie('any')).map(([i, body]) => `for (${i} = 0; ${i} < 3; ${i}++) { ${body} }`),
    fc
      .tuple(counter, tie('any'), one('break', 'continue', 'x++'))
      .map(([j, body, leave]) => `${j} = 0; while (${j}++ < 4) { if (${j} == 2) ${leave}; ${body} }`),
    fc.tuple(counter, tie('any')).map(([j, body]) => `${j} = 0; do { ${body} } while (${j}++ < 1)`),
    one('for (k in a) c++; print c', 'n = split($0, q, ":"); for (i = n; i > 0; i--) print i, q[i]'),
  ),
})).any
const rule = fc
  .tuple(
    one(
      '',
      '',
      'BEGIN ',
      'END ',
      'NR == 2',
      '/a/',
      '$1 ~ /^[0-9]/',
      'NF',
      '!/=/',
      'NR == 2, NR == 4',
      '$2 > 3',
      'x == 0',
    ),
    statement,
  )
  .map(([when, body]) => `${when} { ${body} }`)
const programs = fc
  .tuple(
    one('', '', '-F:', '-F=', '-vx=5', '-vs=a b', '-F[:=]'),
    fc.array(rule, { minLength: 1, maxLength: 3 }),
  )
  .map(([option, rules]) => [...(option === '' ? [] : [option]), rules.join('\n')])

interface Answer {
  readonly status: number
  readonly output: string
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

function real(tried: readonly (readonly string[])[]): readonly Answer[] {
  const lines = tried.map(
    (words) =>
      `printf %s ${quoted(input)} | mawk ${words.map(quoted).join(' ')} 2>/dev/null; printf '\\001%s\\002' $?`,
  )
  const { stdout } = spawnSync('sh', [], {
    input: lines.join('\n'),
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  })
  return stdout
    .split('\u0002')
    .slice(0, -1)
    .map((each) => {
      const [output = '', status] = each.split('\u0001')
      return { output, status: Number(status) }
    })
}

function ours(words: readonly string[]): Answer | undefined {
  const call = { arguments: words, input, variable: () => '' } as unknown as CommandCall
  const result = awk(call, { context: {} as EffectContext, fuel: new Fuel(1_000_000) })
  return result?.output === undefined || result.status === undefined
    ? undefined
    : { output: result.output, status: result.status }
}

const hasMawk = spawnSync('mawk', ['BEGIN { exit 0 }']).status === 0

describe.skipIf(!hasMawk)('programs of awk, put together at random', () => {
  it('print what the real one prints, or are not known', () => {
    const tried = fc.sample(programs, { seed: 5, numRuns: 300 })
    const answers = real(tried)
    expect(answers).toHaveLength(tried.length)
    let known = 0
    const wrong = tried.flatMap((words, index) => {
      const answer = ours(words)
      const theirs = answers[index]
      // What it refuses to run at all, no script that works asks for.
      if (answer === undefined || (theirs?.status === 2 && theirs.output === '')) return []
      known++
      return answer.output === theirs?.output && answer.status === theirs.status
        ? []
        : [{ program: words.join(' '), ours: answer, theirs }]
    })
    wrong.sort((a, b) => a.program.length - b.program.length)
    expect(wrong.slice(0, 6).map((each) => JSON.stringify(each))).toEqual([])
    expect(known).toBeGreaterThan(150)
  })
})
