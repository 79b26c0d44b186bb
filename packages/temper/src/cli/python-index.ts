import { execFile } from 'node:child_process'
import type { Host } from './host.ts'

/** Milliseconds after which pip is taken to have nothing to say. */
const patience = 30_000

/** "pip config" does not tell the default, so pip is asked what a download would use: configuration, environment and default. */
const question = `from pip._internal.commands import create_command
print(create_command('download').parser.parse_args([])[0].index_url)`

/**
 * Address of the index that pip itself uses on this machine, from its own configuration or its default. Undefined where there
 * is no pip, or where the address has a password in it, which does not belong in locks.
 */
export async function pythonIndex(
  pythonProgram: string,
  { env, signal, workingDir }: Pick<Host, 'env' | 'signal' | 'workingDir'>,
): Promise<string | undefined> {
  const options = { env: env as NodeJS.ProcessEnv, signal, cwd: workingDir, timeout: patience }
  const text = await new Promise<string>((done) => {
    // Without the working folder among the places where Python looks for modules.
    execFile(pythonProgram, ['-I', '-c', question], options, (_, stdout) => done(stdout.trim()))
  })
  signal.throwIfAborted()
  if (!URL.canParse(text) || !/^https?:/.test(text)) return undefined
  const { username, password } = new URL(text)
  return username === '' && password === '' ? text : undefined
}
