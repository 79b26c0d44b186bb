import { fileURLToPath } from 'node:url'

/** What really builds, out of the sources: for a process that Vitest does not know. */
export const realProgram: readonly string[] = [
  process.execPath,
  '--conditions=temper-source',
  fileURLToPath(new URL('../../../temper/src/cli/main.ts', import.meta.url)),
]

/** What builds, and then lies about it. */
export const hostileProgram: readonly string[] = [
  process.execPath,
  '--conditions=temper-source',
  fileURLToPath(new URL('./hostile-program.ts', import.meta.url)),
]
