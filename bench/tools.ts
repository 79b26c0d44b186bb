import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { promisify } from 'node:util'
import { debianTool } from '../packages/temper/test/support/debian-tool.ts'

const run = promisify(execFile)

/** Installs what the benchmark runs besides Temper; needs root where something is missing. */
export async function installTools(): Promise<void> {
  await debianTool('mmdebstrap')
  await debianTool('pigz')
  await access('/usr/bin/time', constants.X_OK).catch(async () => {
    await run('apt-get', ['install', '--yes', '--no-install-recommends', 'time'])
  })
}
