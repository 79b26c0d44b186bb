import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildRoot } from '../../../../model/tree/fixtures/fixture-root.ts'
import { Fuel } from '../../scripts/fuel.ts'
import type { CommandResult } from '../../scripts/world.ts'
import type { CommandCall, EffectContext } from '../effect.ts'
import { Stage } from '../stage.ts'
import { filters } from './filters.ts'

/** Files by their paths: text, or the target of a link after an arrow; folders end with a slash. */
const files: Readonly<Record<string, string>> = {
  'a/x.conf': 'one\n',
  'a/b/y.conf': '',
  'a/b/.hidden': 'x',
  'a/B.CONF': 'x',
  'a/empty/': '',
  'a/link': '→b',
  'a/dangling': '→none',
  z: 'last\n',
  'with space/file name': 'x',
  'run/script': '#!/bin/sh\n',
}

const modes: Readonly<Record<string, number>> = { 'run/script': 0o755, z: 0o600 }

/** The same files below the same folder: a pattern may fit what the folder is called, too. */
function modelled(words: readonly string[], home: string): CommandResult | undefined {
  const stage = new Stage(buildRoot({}), () => undefined)
  for (const [name, text] of Object.entries(files)) {
    const path = `${home.slice(1)}/${name.replace(/\/$/, '')}`
    if (name.endsWith('/')) stage.put({ path, type: 'directory', mode: 0o755 })
    else if (text.startsWith('→')) stage.put({ path, type: 'symlink', mode: 0o777, target: text.slice(1) })
    else stage.put({ path, type: 'file', mode: modes[name] ?? 0o644, content: Buffer.from(text) })
  }
  const account = { uid: 0, gid: 0 }
  const accounts = {
    findUser: (name: string) => (name === 'root' ? account : undefined),
    findGroup: (name: string) => (name === 'root' ? account : undefined),
  }
  const context = { stage, accounts } as unknown as EffectContext
  const placed = words.map((word) => word.replaceAll('@', home))
  return filters({ context, fuel: new Fuel(1_000_000) })['find']?.({
    words: ['find', ...placed],
    arguments: placed,
    input: '',
    certain: true,
  } as unknown as CommandCall)
}

/** Whatever the order in which a file system has its names. */
const sorted = (output: string) =>
  output
    .split(/(?<=[\n\0])/)
    .sort()
    .join('')

const place = fc.constantFrom('@', '@/a', '@/a/', '@/z', '@/none', '@/a/link', '@/a/link/')
const test = fc.constantFrom(
  ...[
    '-type f',
    '-type d',
    '-type l',
    '-name *.conf',
    '-name x*',
    '-name .*',
    '-name *',
    '-iname *.conf',
    '-path *b*',
    '-path @/a/*',
    '-wholename @/z',
  ],
  ...[
    '-empty',
    '-user root',
    '-group root',
    '-uid 0',
    '-gid 0',
    '-perm 644',
    '-perm -100',
    '-perm /111',
    '-perm 0600',
    '-size 0',
    '-newer @/z',
    '-name file?name',
    '-name [xy]*',
    '-regex .*conf',
    '-executable',
    '-links 1',
    '-true',
    '-mtime -1',
  ],
)
const words = fc
  .tuple(
    fc.array(place, { minLength: 1, maxLength: 2 }),
    fc.constantFrom(
      '',
      '',
      '-maxdepth 1',
      '-mindepth 1',
      '-maxdepth 2 -mindepth 2',
      '-maxdepth 0',
      '-depth',
      '-xdev',
      '-mount',
      '-L',
    ),
    fc.array(fc.tuple(fc.constantFrom('', '', '! ', '-not '), test, fc.constantFrom('', '', ' -o', ' -a')), {
      maxLength: 3,
    }),
    fc.constantFrom('', '', '-print', '-print0', '-printf %p\\n', '-prune', '-quit', '-ls'),
  )
  .chain((parts) =>
    fc.constantFrom('', '', '', '-L', '-H', '-P').map((option) => [option, ...parts] as const),
  )
  .map(([option, places, depth, tests, action]) => {
    const written = tests.map(
      ([not, each, link], index) => `${not}${each}${index < tests.length - 1 ? link : ''}`,
    )
    return [option, ...new Set(places), depth, ...written, action]
      .filter((each) => each !== '')
      .flatMap((each) => each.split(' '))
  })

describe.skipIf(process.getuid?.() !== 0)('find, put together at random', () => {
  let home = ''
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'temper-find-'))
    for (const [name, text] of Object.entries(files)) {
      const path = join(home, name)
      mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true })
      if (name.endsWith('/')) continue
      if (text.startsWith('→')) symlinkSync(text.slice(1), path)
      else writeFileSync(path, text)
      if (!text.startsWith('→')) chmodSync(path, modes[name] ?? 0o644)
    }
    chmodSync(home, 0o755)
  })
  afterAll(() => rmSync(home, { recursive: true }))

  it('finds what the real one finds, or is not known', () => {
    const tried = fc.sample(words, { seed: 9, numRuns: 500 })
    const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`
    const script = tried.map(
      (line) =>
        `find ${line.map((word) => quoted(word.replaceAll('@', home))).join(' ')} 2>/dev/null; printf '\\001%s\\002' $?`,
    )
    const { stdout } = spawnSync('sh', [], {
      input: script.join('\n'),
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    })
    const answers = stdout.split('\u0002').slice(0, -1)
    expect(answers).toHaveLength(tried.length)
    let known = 0
    const wrong = tried.flatMap((line, index) => {
      const ours = modelled(line, home)
      const [output = '', status] = (answers[index] ?? '').split('\u0001')
      const theirs = sorted(output)
      if (ours?.output === undefined) return []
      known++
      const same =
        sorted(ours.output) === theirs &&
        (ours.status === undefined || (ours.status === 0) === (status === '0'))
      return same
        ? []
        : [{ line: line.join(' '), ours: ours.output, status: ours.status, theirs, theirStatus: status }]
    })
    expect(
      wrong
        .sort((a, b) => a.line.length - b.line.length)
        .slice(0, 10)
        .map((each) => JSON.stringify(each)),
    ).toEqual([])
    expect(known).toBeGreaterThan(100)
  })
})
