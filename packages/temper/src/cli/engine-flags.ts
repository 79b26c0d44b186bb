import { setFlagsFromString } from 'node:v8'

/** A flag of V8 as long work wants it, and as V8 has it by itself. */
type Flag = readonly [wanted: string, initial: string]

/** V8 would mark its heap each time that another few MB of buffers went by, on all cores. */
const ofBytes: readonly Flag[] = [
  ['--no-incremental-marking', '--incremental-marking'],
  ['--semi-space-growth-factor=1', '--semi-space-growth-factor=2'],
]

/**
 * Threads that compile for a long run, or that copy a young generation of 1 MiB together, took a fifth of the CPU time of commands
 * that end soon. Code is optimised ten times later than V8 would: even a build of seconds takes no longer for that. What V8 13.6
 * (Node 24) has by itself, beside: others have other numbers.
 */
const patient: readonly Flag[] = [
  ['--no-parallel-scavenge', '--parallel-scavenge'],
  ['--invocation-count-for-maglev=4000', '--invocation-count-for-maglev=400'],
  ['--invocation-count-for-maglev-osr=1000', '--invocation-count-for-maglev-osr=100'],
  ['--invocation-count-for-turbofan=30000', '--invocation-count-for-turbofan=10000'],
  ['--invocation-count-for-osr=5000', '--invocation-count-for-osr=800'],
]

/** The last version of Node whose V8 is known to take all of these flags: it complains of others on standard error. */
const newestKnown = 26

/** Modules of Node that take milliseconds to load and that not every command needs. */
const slow: ReadonlySet<string> = new Set([
  'node:child_process',
  'node:dns',
  'node:fs/promises',
  'node:http',
  'node:https',
  'node:net',
  'node:readline',
  'node:stream/web',
  'node:tls',
  'node:worker_threads',
])

const set: Flag[] = []

/** From here on V8 works as long work wants it. What all commands need of Node's own modules is better loaded before. */
export function setFlags(): void {
  set.push(...ofBytes)
  if (Number.parseInt(process.versions.node, 10) <= newestKnown) set.push(...patient)
  for (const [wanted] of set) setFlagsFromString(wanted)
}

/**
 * A module of Node. V8 takes the compiled code that Node brings for it only with the flags that it was made with, so they are as they
 * were for the moment that it takes to load. Where V8 had other ones by itself, it compiles the module from its source.
 */
export function builtInModule(name: string): unknown {
  const isSlow = slow.has(name)
  if (isSlow) for (const [, initial] of set) setFlagsFromString(initial)
  try {
    return process.getBuiltinModule(name)
  } finally {
    if (isSlow) for (const [wanted] of set) setFlagsFromString(wanted)
  }
}
