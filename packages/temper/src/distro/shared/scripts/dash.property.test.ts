import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleScripts } from './sample-script.ts'
import { followScript } from './scan.ts'
import type { ScriptWorld, Value } from './world.ts'

/** Calls of commands in order, as text that tells apart where words begin and end. */
type Calls = readonly string[]

const called = (command: string, words: readonly Value[]) =>
  `${command}${words.map((word) => `<${word ?? '·'}>`).join('')}`

const folder = { type: 'directory', mode: 0o755, size: 1, uid: 0, gid: 0 } as const

/** What the interpreter says that a script does; `·` is what it does not know. */
function followed(script: string): Calls {
  const calls: string[] = []
  const world: ScriptWorld = {
    probe: (path) => (path.startsWith('/usr') ? folder : null),
    glob: () => [],
    read: () => undefined,
    find: () => null,
    account: () => undefined,
    run: ({ words: [command = '·', ...words], input, certain }) => {
      calls.push((certain ? '' : '?') + called(command, command === 'i' ? [input] : words))
      return { status: 0, output: command === 'i' ? 'i\n' : '' }
    },
    write: () => {},
  }
  const trouble = followScript(`#!/bin/sh\n${script}`, world, { arguments: ['p', 'q r'], variables: {} })
  return trouble === undefined ? calls : [...calls, `trouble: ${trouble.line} ${trouble.reason}`]
}

/** Whether what is followed is what ran: where it is not known, anything may have, and what perhaps runs need not. */
function agree(follows: Calls, runs: Calls): boolean {
  const certain = follows.filter((call) => !call.startsWith('?'))
  let at = 0
  for (const call of certain) {
    const parts = call.split('·').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    const fits = new RegExp(`^${parts.join('[^]*')}$`)
    while (certain.length < follows.length && at < runs.length && !fits.test(runs[at] ?? '')) at++
    if (!fits.test(runs[at++] ?? '')) return false
  }
  return certain.length < follows.length || at === runs.length
}

const separator = '\u0001'

/** What a real shell does: each command tells on descriptor 3 what it was called with. */
function ran(scripts: readonly string[], folder: string): readonly Calls[] {
  const commands = `a() { { printf a; [ $# = 0 ] || printf '<%s>' "$@"; printf '\\002'; } >&3; }
i() { i_=$(cat; printf .); printf 'i<%s>\\002' "\${i_%.}" >&3; echo i; unset i_; }
`
  const text = scripts.map(
    (script) => `(\nset -f\nset -- p 'q r'\n${script}\n) </dev/null >/dev/null\nprintf '\\001' >&3\n`,
  )
  const { stdio, status, stderr } = spawnOn3(`${commands}${text.join('')}`, folder)
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdio
    .split(separator)
    .slice(0, -1)
    .map((each) => each.split('\u0002').slice(0, -1))
}

function spawnOn3(script: string, folder: string) {
  const { output, status, stderr } = spawnSync('dash', [], {
    input: script,
    cwd: folder,
    env: {},
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 1 << 28,
  })
  return { stdio: output[3] ?? '', status, stderr }
}

const hasDash = spawnSync('dash', ['-c', ':']).status === 0

describe.skipIf(!hasDash)('scripts, as a real shell runs them', () => {
  let home = ''
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'temper-dash-'))
  })
  afterAll(() => rmSync(home, { recursive: true }))

  it('are followed word by word', () => {
    const scripts = fc.sample(sampleScripts, { seed: 4, numRuns: 200 })
    const real = ran(scripts, home)
    const pairs = scripts.map((script, index) => ({
      script,
      follows: followed(script),
      ran: real[index] ?? [],
    }))
    const wrong = pairs
      .filter((each) => !agree(each.follows, each.ran))
      .sort((a, b) => a.script.length - b.script.length)
    expect(wrong[0]).toBeUndefined()
    // Not knowing is never wrong; it must not be the rule.
    expect(pairs.filter((each) => each.follows.join() === each.ran.join()).length).toBeGreaterThan(190)
  })

  /** What maintainer scripts write, and what is easily read otherwise: `a` is called with words, `i` reads. */
  const idioms = readFileSync(new URL('fixtures/idioms.txt', import.meta.url), 'utf8').split('----\n')

  it.each(idioms)('are followed exactly: %j', (script) => {
    const [real] = ran([script], home)
    expect(followed(script)).toEqual(real)
  })
})
