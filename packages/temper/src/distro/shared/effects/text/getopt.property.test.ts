import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CommandCall } from '../effect.ts'
import { getopt } from './getopt.ts'

const short = fc.constantFrom('', 'a', 'ab:', 'ab::c', '+ab:', 'vho:', 'ab:c::')
const long = fc.constantFrom(
  '',
  'help',
  'help,output:',
  'output:,out,verbose',
  'opt::,other',
  'version,verbose',
  'a,ab,abc:',
)
const word = fc.constantFrom(
  '-a',
  '-b',
  '-ab',
  '-bval',
  '-b=val',
  '-c',
  '-cx',
  '-v',
  '-h',
  '-o',
  '-z',
  '--help',
  '--output',
  '--output=x',
  '--out',
  '--out=y',
  '--opt',
  '--opt=z',
  '--ver',
  '--verb',
  '--a',
  '--ab=x',
  '--none',
  '--',
  '-',
  'plain',
  'two words',
  "it's",
  '',
  '-oo',
  '--help=x',
  '+',
)
const line = fc
  .tuple(short, long, fc.array(word, { maxLength: 5 }), fc.boolean())
  .map(([options, names, words, named]) => [
    ...(named ? ['-n', 'tool'] : []),
    ...(names === '' ? [] : ['-l', names]),
    '-o',
    options,
    '--',
    ...words,
  ])

const hasGetopt = spawnSync('getopt', ['-T']).status === 4

it.skipIf(!hasGetopt)('getopt takes options apart as the real one does', () => {
  const tried = fc.sample(line, { seed: 12, numRuns: 600 })
  const quoted = (each: string) => `'${each.replaceAll("'", "'\\''")}'`
  const script = tried.map(
    (words) => `getopt ${words.map(quoted).join(' ')} 2>/dev/null; printf '\\001%s\\002' $?`,
  )
  const { stdout } = spawnSync('sh', [], {
    input: script.join('\n'),
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  })
  const answers = stdout.split('\u0002').slice(0, -1)
  expect(answers).toHaveLength(tried.length)
  const wrong = tried.flatMap((words, index) => {
    const ours = getopt({ arguments: words } as unknown as CommandCall)
    const [output = '', status] = (answers[index] ?? '').split('\u0001')
    if (ours === undefined) return []
    const same =
      (ours.status === 0) === (status === '0') && (ours.output === undefined || ours.output === output)
    return same ? [] : [{ words: words.join(' '), ours, theirs: { output, status } }]
  })
  expect(
    wrong
      .sort((a, b) => a.words.length - b.words.length)
      .slice(0, 10)
      .map((each) => JSON.stringify(each)),
  ).toEqual([])
})
