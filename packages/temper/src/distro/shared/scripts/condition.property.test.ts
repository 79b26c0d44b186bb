import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateTest } from './condition.ts'
import type { PathFacts, ScriptWorld } from './world.ts'

/* Words of test(1) in any order, against the shell's own: what is known has to be what it says. */

const facts = { uid: 0, gid: 0, size: 0 } as const

/** What is there: the same in the model as on the disk. */
const files: Readonly<Record<string, PathFacts & { readonly target?: string }>> = {
  file: { ...facts, type: 'file', mode: 0o644, size: 4 },
  empty: { ...facts, type: 'file', mode: 0o600 },
  program: { ...facts, type: 'file', mode: 0o4755, size: 2 },
  dir: { ...facts, type: 'directory', mode: 0o755, size: 4096 },
  shared: { ...facts, type: 'directory', mode: 0o3777, size: 4096 },
  link: { ...facts, type: 'symlink', mode: 0o777, size: 4, target: 'file' },
  'dir-link': { ...facts, type: 'symlink', mode: 0o777, size: 3, target: 'dir' },
  broken: { ...facts, type: 'symlink', mode: 0o777, size: 7, target: 'nowhere' },
}

function lay(folder: string): void {
  for (const [name, { type, mode, size, target }] of Object.entries(files)) {
    const path = join(folder, name)
    if (type === 'directory') mkdirSync(path)
    else if (target !== undefined) symlinkSync(target, path)
    else writeFileSync(path, 'x'.repeat(size))
    if (target === undefined) chmodSync(path, mode)
  }
}

const world = {
  probe(path: string, { follow }: { readonly follow: boolean }) {
    const name = path.replace(/^\//, '')
    const file = files[name]
    if (file?.target === undefined || !follow) return file ?? null
    return files[file.target] ?? null
  },
} as unknown as ScriptWorld

function ours(words: readonly string[]): boolean | undefined {
  return evaluateTest(words, {
    world,
    absolute: (path) => (path === '' ? '' : `/${path}`),
    user: { uid: 0, gid: 0 },
  })
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

/** 0 and 1 for true and false, 2 for what is no expression. */
function real(all: readonly (readonly string[])[]): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), 'temper-test-'))
  lay(folder)
  const script = all.map((words) => `(test ${words.map(quoted).join(' ')}) 2>/dev/null; echo $?`)
  const { stdout } = spawnSync('dash', [], {
    input: script.join('\n'),
    encoding: 'utf8',
    cwd: folder,
    env: { LC_ALL: 'C' },
  })
  rmSync(folder, { recursive: true })
  return stdout.split('\n').slice(0, -1).map(Number)
}

const one = (...words: readonly string[]) => fc.constantFrom(...words)
const name = one('file', 'empty', 'program', 'dir', 'shared', 'link', 'dir-link', 'broken', 'none', '')
const unary = one(
  '-f',
  '-d',
  '-e',
  '-L',
  '-h',
  '-s',
  '-x',
  '-u',
  '-g',
  '-k',
  '-n',
  '-z',
  '-r',
  '-p',
  '-S',
  '-b',
  '-c',
)
const operand = one('x', '', '1', '2', '-1', ' 3 ', '010', 'a b', '!', '(', ')', '-n', '-f', '=', '-a')
const term: fc.Arbitrary<readonly string[]> = fc.letrec<{ any: readonly string[] }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.tuple(unary, name),
    fc.tuple(operand, one('=', '!='), operand),
    fc.tuple(
      one('1', '2', '10', '-1', ' 3 ', '010'),
      one('-eq', '-ne', '-lt', '-le', '-gt', '-ge'),
      one('1', '2', '10', '09'),
    ),
    fc.tuple(one('x', '', 'file')),
    tie('any').map((inner) => ['!', ...inner]),
    tie('any').map((inner) => ['(', ...inner, ')']),
    fc.tuple(tie('any'), one('-a', '-o'), tie('any')).map(([left, sign, right]) => [...left, sign, ...right]),
  ),
})).any
/** Whatever words there are, in whatever order. */
const anyhow = fc.array(fc.oneof(operand, unary, name, one('-a', '-o', '!', '(', ')', '=', '-eq')), {
  maxLength: 6,
})

/** Of two marks of negation in a row dash makes one, which POSIX does not ask for. */
function isUsual(words: readonly string[]): boolean {
  return words.length <= 14 && !words.some((word, at) => word === '!' && words[at + 1] === '!')
}

const hasDash = spawnSync('dash', ['-c', ':']).status === 0
const isRoot = process.getuid?.() === 0

describe.skipIf(!hasDash || !isRoot)('conditions', () => {
  it.each<[string, fc.Arbitrary<readonly string[]>, number]>([
    ['that have a form', term, 700],
    ['of words in any order', anyhow, 900],
  ])('%s are what the shell says of them, or are not known', (_, arbitrary, numRuns) => {
    const tried = fc.sample(arbitrary, { seed: 23, numRuns }).filter(isUsual)
    const answers = real(tried)
    expect(answers).toHaveLength(tried.length)
    let known = 0
    const wrong = tried.flatMap((words, index) => {
      const verdict = ours(words)
      const answer = answers[index]
      // What is no expression, no script that works asks for.
      if (verdict === undefined || answer === 2) return []
      known++
      return verdict === (answer === 0)
        ? []
        : [{ words: words.map(quoted).join(' '), ours: verdict, shell: answer === 0 }]
    })
    wrong.sort((a, b) => a.words.length - b.words.length)
    expect(wrong.slice(0, 8)).toEqual([])
    expect(known).toBeGreaterThan(numRuns / 4)
  })
})
