import { fileURLToPath } from 'node:url'
import { temperProgram } from '../../../temper/test/support/program.ts'

/** What builds: the program as users have it. Out of the sources each command of a build takes five times the CPU time. */
export const realProgram: readonly string[] = [process.execPath, ...temperProgram]

/**
 * A script that does what it likes around the real program, which it gets in the words before "--"
 * (see `givenWords`): Vitest, which knows where that is, does not know the script.
 */
export function programAround(script: URL): readonly string[] {
  return [process.execPath, '--conditions=temper-source', fileURLToPath(script), ...realProgram, '--']
}
