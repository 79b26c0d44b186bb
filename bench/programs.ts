import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type GoTool, tryGoTool } from '../packages/temper/test/support/go-tool.ts'
import type { Command } from './measure.ts'
import { folder, repositoryRoot } from './place.ts'

const run = promisify(execFile)
export const builtProgram = join(repositoryRoot, 'packages/temper/dist/main.js')

/** Builds the package: what users install is measured, not the sources. */
export async function buildPackage(): Promise<void> {
  process.stderr.write('Building the package…\n')
  await run(process.execPath, [join(repositoryRoot, 'scripts/build.ts')], { cwd: repositoryRoot })
}

/** A line that runs the built package. Compiled code is kept between runs; what commands keep besides goes to `cache`. */
export async function temperLine(args: string, cache?: string): Promise<Command> {
  const state = cache === undefined ? '' : ` --cache-dir '${cache}'`
  return {
    line: `'${process.execPath}' '${builtProgram}' ${args}${state}`,
    env: { TEMPER_CACHE_DIR: await folder('program'), TEMPER_CONFIG: '', TEMPER_TRUST: '', ...password },
  }
}

/** Of the keys that both sides sign with. */
export const password = { TEMPER_KEY_PASSWORD: 'a password', COSIGN_PASSWORD: 'a password' }

/** Path of another program; without it the comparison is of no use. */
export async function peer(name: GoTool): Promise<string> {
  const path = await tryGoTool(name)
  if (path === undefined) throw new Error(`${name} cannot be had: its source is built with Go`)
  return path
}

/** What keeps other programs off the network and out of the user's folders. */
export async function peerEnvironment(): Promise<Readonly<Record<string, string>>> {
  const home = await folder('peers')
  await mkdir(home, { recursive: true })
  return {
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    GRYPE_DB_AUTO_UPDATE: 'false',
    GRYPE_DB_VALIDATE_AGE: 'false',
    GRYPE_CHECK_FOR_APP_UPDATE: 'false',
    SYFT_CHECK_FOR_APP_UPDATE: 'false',
    ...password,
  }
}

export const trivyOffline =
  '--quiet --skip-db-update --skip-java-db-update --offline-scan --skip-version-check'

/** Runs a command line to its end, unmeasured. */
export async function runOnce({ line, env }: Command): Promise<string> {
  const options = { env: { ...process.env, ...env }, maxBuffer: 256 << 20 }
  return (await run('/bin/bash', ['-c', line], options)).stdout
}
