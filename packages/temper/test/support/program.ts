import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inject } from 'vitest'
import { once } from './once.ts'
import { repositoryRoot } from './source-files.ts'

/**
 * Words that come after Node's path and before those of a command: the program as users have it installed, built from the
 * sources once in a run. Whoever asks V8 what was covered gets the sources.
 */
export const temperProgram: readonly string[] =
  process.env.NODE_V8_COVERAGE === undefined
    ? [await builtProgram()]
    : ['--conditions=temper-source', join(repositoryRoot, 'packages/temper/src/cli/main.ts')]

async function builtProgram(): Promise<string> {
  const folder = join(inject('sharedFolder'), 'program')
  await once('program', async () => {
    await rm(folder, { recursive: true, force: true })
    const script = join(repositoryRoot, 'scripts/program.ts')
    await promisify(execFile)(process.execPath, ['--conditions=temper-source', script, folder])
  })
  return join(folder, 'dist/main.js')
}
