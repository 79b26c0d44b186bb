import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isDigest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { makeFolder } from '../base/file.ts'
import { parseJson, tryJson } from '../base/json/parse.ts'
import { itemsOf, memberOf, textOf } from '../base/json/value.ts'
import { printableLine } from '../base/printable.ts'
import type { BuiltElsewhere, OtherBuild } from '../flows/context.ts'
import { isReleaseVersion } from '../model/revision.ts'
import type { Host } from './host.ts'

/** The name under which Temper is published. */
const packageName = '@temper-images/temper'

/** Most characters that another version may print: its result lists packages and findings. */
const outputLimit = 64 << 20

export interface OtherVersionsOptions {
  readonly host: Pick<Host, 'env' | 'machine' | 'signal' | 'workingDir'>
  /** Absolute path of npm. */
  readonly npmProgram: string
  /** Versions are kept below it, one folder each. */
  readonly cacheDir: string
  readonly offline: boolean
  /** The configuration file as the person named it. */
  readonly config: string | undefined
}

/** Builds with another version of Temper, installed by npm from its registry without running scripts of packages. */
export async function buildWithVersion(
  version: string,
  request: OtherBuild,
  options: OtherVersionsOptions,
): Promise<BuiltElsewhere> {
  // It becomes a word of a command line, and comes from a document that somebody else wrote.
  if (!isReleaseVersion(version)) throw unavailable(version, 'this is not a version')
  const program = await installed(version, options)
  const words = [program, ...buildWords(request, options)]
  const env = environment(request, options)
  const text = await run(options.host.machine.node, words, { ...options, env }).catch((error: Error) => {
    throw failed(version, error)
  })
  return readResult(text, version)
}

function buildWords(request: OtherBuild, { config, host }: OtherVersionsOptions): readonly string[] {
  const { recipe, lock, output, cacheDir, platforms, vars } = request
  return [
    ...['build', recipe, '--lock', lock, '--output', output, '--cache-dir', cacheDir, '--json', '--quiet'],
    ...platforms.flatMap((platform) => ['--platform', platform]),
    ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ...(config === undefined ? [] : ['--config', resolve(host.workingDir, config)]),
  ]
}

function environment({ sourceDateEpoch }: OtherBuild, { host }: OtherVersionsOptions): NodeJS.ProcessEnv {
  const { SOURCE_DATE_EPOCH: _, ...env } = host.env
  return sourceDateEpoch === undefined ? env : { ...env, SOURCE_DATE_EPOCH: String(sourceDateEpoch) }
}

/** Path of that version's program; installed on first use, and renamed into place when it is complete. */
async function installed(version: string, options: OtherVersionsOptions): Promise<string> {
  const home = join(options.cacheDir, 'versions', version)
  const program = (folder: string) => join(folder, 'node_modules', packageName, 'dist/main.js')
  if (existsSync(program(home))) return program(home)
  if (options.offline) throw unavailable(version, 'it is not installed, and the network may not be used')
  await makeFolder(join(options.cacheDir, 'versions'))
  const temporary = await mkdtemp(`${home}.tmp-`)
  try {
    const words = [
      'install',
      '--prefix',
      temporary,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--omit=dev',
    ]
    await run(options.npmProgram, [...words, `${packageName}@${version}`], {
      ...options,
      env: options.host.env,
    })
    if (!existsSync(program(temporary))) throw new Error('the package has no program')
    await rename(temporary, home)
  } catch (error) {
    // Another process was quicker.
    if (existsSync(program(home))) return program(home)
    throw unavailable(version, lastLine(error as Error))
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
  return program(home)
}

interface RunOptions extends OtherVersionsOptions {
  readonly env: NodeJS.ProcessEnv
}

/** What the program prints on standard output. Ended when the person stops us. */
function run(program: string, words: readonly string[], { host, env }: RunOptions): Promise<string> {
  return new Promise((done, fail) => {
    const limits = { env, signal: host.signal, maxBuffer: outputLimit }
    execFile(program, [...words], limits, (error, stdout, stderr) => {
      if (error === null) done(stdout)
      else fail(Object.assign(error, { stdout, stderr }))
    })
  })
}

function readResult(text: string, version: string): BuiltElsewhere {
  const refuse = (found: string) => failed(version, new Error(`its result is ${found}`))
  const result = parseJson(text, { where: `Temper ${version}`, depth: 64, refuse })
  const digest = memberOf(result, 'digest')
  const names = itemsOf(memberOf(result, 'platforms')).map((each) => String(memberOf(each, 'platform')))
  if (typeof digest === 'string' && isDigest(digest) && names.length > 0) return { digest, platforms: names }
  throw failed(version, new Error('its result names no digest'))
}

function unavailable(version: string, why: string): TemperError {
  const shown = printableLine(version, { most: 80 })
  return new TemperError('version-unavailable', `Temper ${shown} is not available: ${why}`, {
    details: { version: shown },
  })
}

function failed(version: string, error: Error & { readonly stdout?: string }): TemperError {
  return new TemperError('tool-failed', `Temper ${version} did not build the image: ${messageOf(error)}`, {
    details: { version },
    cause: error,
  })
}

/** Its error, which it prints as JSON. */
function messageOf(error: Error & { readonly stdout?: string }): string {
  const message = textOf(memberOf(memberOf(tryJson(error.stdout), 'error'), 'message'))
  return message === undefined ? lastLine(error) : printableLine(message, { most: 1000 })
}

function lastLine(error: Error & { readonly stderr?: string }): string {
  const lines = (error.stderr || error.message).split('\n').filter((line) => line.trim() !== '')
  const telling =
    lines.find((line) => /\b(E[A-Z0-9]{3,}|notarget|404)\b/.test(line)) ?? lines.at(-1) ?? 'no reason given'
  return printableLine(telling, { most: 300 })
}
