import { execFile } from 'node:child_process'
import type { Host } from './host.ts'

/** Milliseconds after which npm is taken to have nothing to say. */
const patience = 30_000

/**
 * Address of the registry that npm itself uses on this machine, from its own configuration or its default. Undefined where
 * npm does not tell one.
 */
export async function npmRegistry(
  npmProgram: string,
  { env, signal, workingDir }: Pick<Host, 'env' | 'signal' | 'workingDir'>,
): Promise<string | undefined> {
  const options = { env: env as NodeJS.ProcessEnv, signal, cwd: workingDir, timeout: patience }
  const text = await new Promise<string>((done) => {
    // A machine whose npm is broken is one without npm: what needs it says that nothing names a registry.
    execFile(npmProgram, ['config', 'get', 'registry'], options, (_, stdout) => done(stdout.trim()))
  })
  signal.throwIfAborted()
  return URL.canParse(text) && /^https?:/.test(text) ? text : undefined
}
