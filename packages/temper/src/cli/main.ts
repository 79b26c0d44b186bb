#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { temperVersion } from '../base/version.ts'
import { cacheDirectory } from './directories.ts'
import { processHost } from './host.ts'

/** Milliseconds that a finished command may take to end by itself. */
const lingerLimit = 500

/** Commands that have a few KiB in their hands and end sooner than collecting garbage matters. */
const smallWork: ReadonlySet<string> = new Set([
  'verify',
  'sign',
  'attest',
  'evidence',
  'keys',
  'help',
  '--help',
  '-h',
])

const args = process.argv.slice(2)
const host = processHost()
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  host.stdout.write(`${temperVersion()}\n`)
  process.exitCode = await ending(0)
} else {
  if (!args.some((arg) => smallWork.has(arg))) prepareForBytes()
  enableCompileCache(join(cacheDirectory(host.env), 'compile'))
  const { run } = await import('./run.ts')
  const exitCode = await ending(await run(args, host))
  // Node waits for V8's threads in process.exit(), and V8's threads may wait for the main thread to collect garbage: one
  // process in twenty never ended. One that ends by itself lets them finish first.
  process.exitCode = exitCode
  // What is still open then (a pool of connections to a proxy) is not worth waiting for.
  setTimeout(() => process.exit(exitCode), lingerLimit).unref()
}

/**
 * V8 would mark its heap each time that another few MB of buffers went by, on all cores. With a young generation that stays
 * small most of them are freed without that. Modules of Node that are loaded later are compiled anew: what Node brings
 * compiled counts only with the flags that it was made with. So what all need is loaded before, and the cache of our own is
 * turned on after, which keeps one for each set of flags.
 */
function prepareForBytes(): void {
  for (const name of ['node:crypto', 'node:stream', 'node:zlib']) process.getBuiltinModule(name)
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  setFlagsFromString('--no-incremental-marking')
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** The exit code, once all output is taken or lost. */
async function ending(verdict: number): Promise<number> {
  // What the reader of a pipe has not taken yet (a pipe holds 64 KiB) would be lost with the process.
  for (const stream of [process.stdout, process.stderr])
    await new Promise((resolve) => stream.write('', resolve))
  return host.exitCode(verdict)
}
