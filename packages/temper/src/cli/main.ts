#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temperVersion } from '../base/version.ts'
import { isOwnFolder, withoutOthers } from './code-folder.ts'
import { cacheDirectory } from './directories.ts'
import { builtInModule, setFlags } from './engine-flags.ts'
import { processHost } from './host.ts'
import { type KeptCode, keepCode } from './kept-code.ts'

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

const host = processHost()
void main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<void> {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    host.stdout.write(`${temperVersion()}\n`)
    process.exitCode = await ending(0)
    return
  }
  // A service answers requests for as long as it lives: what each leaves is collected best in a young generation that grows.
  if (args[0] !== 'serve' && !args.some((arg) => smallWork.has(arg))) prepareForBytes()
  const code = compiledCode(args)
  const { run } = await import('./run.ts')
  const exitCode = await ending(await run(args, host))
  // No such command: nothing worth keeping was loaded.
  if (exitCode !== 2) code?.keep()
  // Node waits for V8's threads in process.exit(), and V8's threads may wait for the main thread to collect garbage: one
  // process in twenty never ended. One that ends by itself lets them finish first.
  process.exitCode = exitCode
  // What is still open then (a pool of connections to a proxy) is not worth waiting for.
  setTimeout(() => process.exit(exitCode), lingerLimit).unref()
}

/**
 * With a young generation that stays small most buffers are freed without marking the heap. Modules of Node that are loaded
 * later are loaded with a detour, and code of our own is kept after, for each set of flags. So what all need is loaded before.
 */
function prepareForBytes(): void {
  for (const name of ['node:crypto', 'node:stream', 'node:zlib']) process.getBuiltinModule(name)
  setFlags()
}

/** Lets code that V8 compiles be kept: by Node for other packages, and for the files of the built program by ourselves. */
function compiledCode(args: readonly string[]): KeptCode | undefined {
  const folder = join(cacheDirectory(host.env), 'compile')
  if (!isOwnFolder(folder)) return undefined
  withoutOthers(() => enableCompileCache(folder))
  // The sources are compiled by Node, and change.
  if (!import.meta.url.endsWith('.cjs') || host.env['NODE_DISABLE_COMPILE_CACHE'] === '1') return undefined
  const [first = ''] = args
  const purpose = /^[a-z][a-z-]{1,20}$/.test(first) ? first : 'other'
  const program = fileURLToPath(new URL('../main.cjs', import.meta.url))
  const { version, arch, execArgv } = process
  const runtime = [version, arch, ...execArgv, host.env['NODE_OPTIONS'] ?? '']
  return keepCode({ program, folder, purpose, runtime, builtInModule })
}

/** The exit code, once all output is taken or lost. */
async function ending(verdict: number): Promise<number> {
  for (const output of [host.stdout, host.stderr]) await output.taken()
  return host.exitCode(verdict)
}
