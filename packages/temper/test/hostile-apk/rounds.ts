import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TemperError } from '../../src/base/error.ts'
import { makeKey } from '../../src/distro/apk/fixtures/repository.ts'
import { chosen, randomNumbers } from '../support/random.ts'
import { apkFile, type Keys, type Parts, packIndex, packPackage, soundParts } from './archive.ts'
import { mutate, mutateBytes } from './mutate.ts'
import { followDatabase, followIndex, followPackage } from './targets.ts'

export type HostileKind = 'index' | 'package' | 'database'

export interface HostileOptions {
  readonly rounds: number
  /** The same seed tries the same. */
  readonly seed: number
  readonly onRound?: (done: number) => void
}

export interface HostileTally {
  /** What broke a promise, with the bytes that did it. Has to be empty. */
  readonly faults: readonly HostileFault[]
  /** How often each kind was taken, or refused with which code: "index taken", "package bad-archive". */
  readonly outcomes: Readonly<Record<string, number>>
}

export interface HostileFault {
  readonly kind: HostileKind
  readonly problem: string
  /** base64. */
  readonly bytes: string
}

/** Tries indices, packages and databases that are changed at random at any depth: each is taken or refused with one clear error. */
export async function hostileRounds({ rounds, seed, onRound }: HostileOptions): Promise<HostileTally> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-hostile-'))
  const random = randomNumbers(seed)
  const faults: HostileFault[] = []
  const outcomes: Record<string, number> = {}
  try {
    for (let done = 1; done <= rounds; done++) {
      const kind = chosen(['index', 'package', 'package', 'database'] as const, random)
      const bytes = hostileBytes(kind, random)
      const { outcome, problem } = await tryHostile(kind, bytes, { folder, again: done % 8 === 0 })
      outcomes[`${kind} ${outcome}`] = (outcomes[`${kind} ${outcome}`] ?? 0) + 1
      if (problem !== undefined) faults.push({ kind, problem, bytes: Buffer.from(bytes).toString('base64') })
      onRound?.(done)
    }
    return { faults, outcomes }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export const keys: Keys = { trusted: makeKey('mirror.rsa.pub'), other: makeKey('other.rsa.pub') }

const record = `C:Q1${'A'.repeat(27)}=\nA:x86_64\nS:100\nI:20\n`
const soundIndex: Parts = {
  ...soundParts,
  files: [],
  text: [
    `${record}P:tool\nV:1.2-r0\nT:A tool\nD:so:loop>=1 !bad other~2\np:cmd:tool=1.2-r0 /bin/tool\nt:1760000000\n`,
    `${record}P:other\nV:2.1-r0\nD:tool\np:so:loop=1.5\ni:tool extra\nk:10\n`,
    `${record}P:extra\nV:3_rc1-r0\nA:noarch\nr:tool<1\nq:5\n`.replace('A:x86_64\n', ''),
    '',
  ].join('\n'),
}
const soundPackage: Parts = {
  ...soundParts,
  text: 'pkgname = tool\npkgver = 1.2-r0\narch = x86_64\nsize = 20\ndepend = so:loop>=1\nprovides = cmd:tool=1.2-r0\ntriggers = /usr/bin\n',
  after: [
    {
      name: '.post-install',
      content: Buffer.from('#!/bin/sh\nln -s tool /usr/bin/t\nchown root /etc/tool\n'),
    },
  ],
  files: [
    { name: 'usr/', type: '5', mode: 0o755 },
    apkFile('usr/bin/tool', Buffer.from('tool')),
    { name: 'usr/bin/link', type: '2', linkName: 'tool' },
    { name: 'usr/bin/same', type: '1', linkName: 'usr/bin/tool' },
    { name: 'etc/loop', type: '2', linkName: 'loop' },
    apkFile('etc/tool', Buffer.from('x'.repeat(600))),
  ],
}
const soundDatabase = [
  'C:Q1abc=\nP:tool\nV:1.2-r0\nA:x86_64\nL:MIT\no:tool\nD:so:loop\np:cmd:tool=1\nF:usr/bin\nM:0:0:755\nR:tool\na:0:0:755\nZ:Q1x=\n',
  'P:other\nV:2-r0\nD:tool\np:so:loop=1\nF:\nR:root\n',
].join('\n')

function hostileBytes(kind: HostileKind, random: () => number): Uint8Array {
  if (kind === 'database') {
    const { text } = mutate({ ...soundParts, files: [], text: soundDatabase }, random)
    return random() < 0.5 ? Buffer.from(text) : mutateBytes(Buffer.from(text), random)
  }
  const parts = mutate(kind === 'index' ? soundIndex : soundPackage, random)
  const bytes = kind === 'index' ? packIndex(parts, keys) : packPackage(parts, keys)
  return random() < 0.8 ? bytes : mutateBytes(bytes, random)
}

const codes: ReadonlySet<string> = new Set([
  'bad-archive',
  'bad-index',
  'limit-exceeded',
  'signature-invalid',
])

/** What became of bytes, and what is wrong about that. */
export async function tryHostile(
  kind: HostileKind,
  bytes: Uint8Array,
  { folder, again = true }: { readonly folder: string; readonly again?: boolean },
): Promise<{ readonly outcome: string; readonly problem?: string }> {
  const follow = () => {
    if (kind === 'package') return followPackage(bytes, folder)
    return kind === 'index' ? followIndex(bytes, keys.trusted) : followDatabase(bytes)
  }
  try {
    const first = await follow()
    const same = !again || first === (await follow())
    return { outcome: 'taken', ...(same ? {} : { problem: 'the same bytes say something else' }) }
  } catch (error) {
    if (!(error instanceof TemperError))
      return { outcome: 'broken', problem: String((error as Error).stack ?? error) }
    const { code } = error
    const problem = unclear(error)
    return problem === undefined ? { outcome: code } : { outcome: code, problem }
  }
}

/** What an error lacks: the kind that fits, what it is about, on one line that steers no terminal, and a next step. */
export function unclear(error: TemperError): string | undefined {
  const { code, message } = error
  if (!codes.has(code)) return `the code is ${code}: ${message}`
  if (!/hostile\.apk|tool|other|extra/.test(message)) return `it does not say what is wrong: ${message}`
  if (message.length > 600) return `${message.length} characters: ${message.slice(0, 100)}`
  if (/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(message))
    return `it is not one line of text: ${JSON.stringify(message)}`
  if (error.advice() === undefined) return `no next step: ${message}`
  return undefined
}
