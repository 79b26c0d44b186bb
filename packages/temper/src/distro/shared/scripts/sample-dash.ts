import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { followScript } from './scan.ts'
import type { ScriptWorld, Value } from './world.ts'

/** Calls of commands in order, as text that tells apart where words begin and end. */
export type Calls = readonly string[]

const called = (command: string, words: readonly Value[]) =>
  `${command}${words.map((word) => `<${word ?? '·'}>`).join('')}`

const folder = { type: 'directory', mode: 0o755, size: 1, uid: 0, gid: 0 } as const

/** What the interpreter says that a script does; `·` is what it does not know. */
export function followed(script: string): Calls {
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
export function agree(follows: Calls, runs: Calls): boolean {
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
export function ran(scripts: readonly string[]): readonly Calls[] {
  const commands = `a() { { printf a; [ $# = 0 ] || printf '<%s>' "$@"; printf '\\002'; } >&3; }
i() { i_=$(cat; printf .); printf 'i<%s>\\002' "\${i_%.}" >&3; echo i; unset i_; }
`
  const text = scripts.map(
    (script) => `(\nset -f\nset -- p 'q r'\n${script}\n) </dev/null >/dev/null\nprintf '\\001' >&3\n`,
  )
  const { stdio, status, stderr } = spawnOn3(`${commands}${text.join('')}`)
  const answers = stdio.split(separator).slice(0, -1)
  if (status !== 0 || answers.length !== scripts.length)
    throw new Error(`dash ended with ${status}: ${stderr}`)
  return answers.map((each) => each.split('\u0002').slice(0, -1))
}

function spawnOn3(script: string) {
  const folder = mkdtempSync(join(tmpdir(), 'temper-dash-'))
  const { output, status, stderr } = spawnSync('dash', [], {
    input: script,
    cwd: folder,
    env: { HOME: '/home/somebody' },
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 1 << 28,
  })
  rmSync(folder, { recursive: true })
  return { stdio: output[3] ?? '', status, stderr }
}

/** Whether there is a dash to ask. */
export const hasDash: boolean = spawnSync('dash', ['-c', ':']).status === 0
