import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TemperError } from '../base/error.ts'
import { readFileIfExists } from '../base/file.ts'
import { isAbsoluteFolder } from '../base/http/folders.ts'
import type { Progress } from '../base/progress.ts'
import type { Context, OtherVersions, SigstoreSettings } from '../flows/context.ts'
import type { LoadTrustPolicy, TrustPolicy } from '../flows/trust/policy.ts'
import { certificates } from './certificates.ts'
import { archiveCredentials, registryCredentials } from './credentials.ts'
import { daemonSockets } from './daemons.ts'
import { cacheDirectory, configurationFile, existing, home } from './directories.ts'
import { configuredFetch } from './fetch.ts'
import type { Host } from './host.ts'
import { HostPrograms } from './host-programs.ts'
import { defaultIgnoreRules } from './options/file-option.ts'
import { flagOption, textOption } from './options/option.ts'
import type { OtherVersionsOptions } from './other-versions.ts'
import { programIdentity } from './program/identity.ts'
import type { Configuration } from './settings/configuration.ts'
import { mirrored, mirrorVariable } from './settings/known-settings.ts'
import { configuration } from './settings/locate.ts'

type Environment = Host['env']

/** Gathers options, environment and configuration file into what flows work in. */
export async function createContext(
  host: Host,
  options: Readonly<Record<string, unknown>>,
  progress: Progress,
): Promise<Context> {
  const env = host.env
  const configured = await configuration(host, options)
  const offline = flagOption(options, 'offline') || isTrue(env['TEMPER_OFFLINE'])
  const cacheDir = resolve(host.workingDir, textOption(options, 'cacheDir') ?? cacheDirectory(env))
  if (existing(cacheDir) !== undefined) {
    throw new TemperError('file-system', `The cache folder ${cacheDir} is a file, not a folder`, {
      hint: 'Choose another with --cache-dir or TEMPER_CACHE_DIR.',
    })
  }
  const netrc = existing(env['TEMPER_NETRC'] ?? configured.netrc ?? env['NETRC'] ?? join(home(env), '.netrc'))
  const trustFile = trustFilePath(host, configured, textOption(options, 'config'))
  const programs = new HostPrograms(env['PATH'])
  const config = textOption(options, 'config')
  const sourceDateEpoch = sourceDate(env['SOURCE_DATE_EPOCH'])
  const builderId = builderIdentity(env['TEMPER_BUILDER_ID'])
  let registry: Promise<string | undefined> | undefined
  let index: Promise<string | undefined> | undefined
  return {
    fetch: offline ? refuseFetch : configuredFetch(env),
    secureContextFor: certificates(env),
    now: () => host.now(),
    cacheDir,
    offline,
    progress,
    signal: host.signal,
    daemons: daemonSockets(env),
    mirrors: Object.fromEntries(
      mirrored.map((name) => [
        name,
        [...addresses(env, mirrorVariable(name)), ...(configured.mirrors[name] ?? [])],
      ]),
    ),
    program: programIdentity,
    catalogDir: catalogFolder(),
    installed: installedPackage,
    keysDir: besideThis('../../keys'),
    hostRoot: '/',
    workingDir: host.workingDir,
    temporaryDir: env['TMPDIR'] || tmpdir(),
    insecureRegistries: [...words(env['TEMPER_INSECURE_REGISTRIES']), ...configured.insecureRegistries],
    sigstore: sigstoreSettings(configured),
    ...(trustFile === undefined ? {} : { trust: trustLoader(trustFile) }),
    ignoreRules: () => defaultIgnoreRules(host),
    ...(configured.feeds === undefined ? {} : { feeds: configured.feeds }),
    ...(builderId === undefined ? {} : { builderId }),
    ...(sourceDateEpoch === undefined ? {} : { sourceDateEpoch }),
    ...registryCredentials(env),
    ...archiveCredentials(netrc),
    get runtimes() {
      return programs.runtimes
    },
    get bubblewrap() {
      return programs.find('bwrap')
    },
    get git() {
      const program = programs.find('git')
      return program === undefined ? undefined : { program, environment: gitEnvironment(env) }
    },
    get browser() {
      return programs.browser
    },
    get xzProgram() {
      return programs.find('xz')
    },
    get otherVersions() {
      const npmProgram = programs.find('npm')
      if (npmProgram === undefined) return undefined
      return otherVersions({ host, npmProgram, cacheDir, offline, config })
    },
    npmRegistry: async () => {
      const npmProgram = programs.find('npm')
      if (npmProgram === undefined) return undefined
      registry ??= import('./npm-registry.ts').then((npm) => npm.npmRegistry(npmProgram, host))
      return await registry
    },
    pythonIndex: async () => {
      const pythonProgram = programs.find('python3')
      if (pythonProgram === undefined) return undefined
      index ??= import('./python-index.ts').then((pip) => pip.pythonIndex(pythonProgram, host))
      return await index
    },
  }
}

/** What git reads of the way to the network, and where its helpers are. */
function gitEnvironment(env: Host['env']): Readonly<Record<string, string>> {
  const names = ['PATH', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'GIT_SSL_CAINFO', 'CURL_CA_BUNDLE']
  const proxies = [
    'http_proxy',
    'https_proxy',
    'HTTPS_PROXY',
    'all_proxy',
    'ALL_PROXY',
    'no_proxy',
    'NO_PROXY',
  ]
  return Object.fromEntries(
    [...names, ...proxies].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  )
}

/** Loaded when one is asked for: few commands do. */
function otherVersions(options: OtherVersionsOptions): OtherVersions {
  return {
    build: async (version, request) => {
      const { buildWithVersion } = await import('./other-versions.ts')
      return await buildWithVersion(version, request, options)
    },
  }
}

/** The absolute path of the trust file that holds without `--trust`; undefined when there is none. */
export async function trustFileOf(
  host: Host,
  options: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  return trustFilePath(host, await configuration(host, options), textOption(options, 'config'))
}

/** What judges signatures is loaded when something is to be judged. */
export function trustLoader(path: string): LoadTrustPolicy {
  let policy: Promise<TrustPolicy> | undefined
  const load = async () => (await import('../flows/trust/policy.ts')).trustPolicyOf(path)
  return () => {
    policy ??= load()
    return policy
  }
}

function sigstoreSettings({ sigstore }: Configuration): SigstoreSettings {
  const { trustedRoot: path, ...addresses } = sigstore
  if (path === undefined) return addresses
  return { ...addresses, trustedRoot: { name: path, read: () => readFileIfExists(path) } }
}

/**
 * TEMPER_TRUST, else the configured file, else trust.yaml beside the configuration file when it is there. A file that
 * was named has to exist: without it nobody would be trusted, or somebody else.
 */
function trustFilePath(
  { env, workingDir }: Host,
  configured: Configuration,
  config: string | undefined,
): string | undefined {
  const named = env['TEMPER_TRUST']
  if (named) return resolve(workingDir, named)
  if (configured.trust !== undefined) return configured.trust
  const configuration = resolve(workingDir, config || configurationFile(env))
  return existing(join(dirname(configuration), 'trust.yaml'))
}

const refuseFetch: typeof globalThis.fetch = (input) => {
  const address = input instanceof Request ? input.url : String(input)
  return Promise.reject(new TemperError('offline', `Not fetched because of --offline: ${address}`))
}

/** SOURCE_DATE_EPOCH (reproducible-builds.org): seconds since 1970 in decimal, within the range of tar's field. */
export function sourceDate(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const seconds = /^\d{1,11}$/.test(text) ? Number(text) : Number.NaN
  if (seconds <= 0o77777777777) return seconds
  throw new TemperError(
    'bad-configuration',
    `SOURCE_DATE_EPOCH: expected seconds since 1970 as a decimal number, found "${text.slice(0, 40)}"`,
    { hint: 'Unset it, or set it for example with: export SOURCE_DATE_EPOCH=$(git log -1 --pretty=%ct)' },
  )
}

/** The identity of the builder in provenance: a URI (SLSA provenance v1, "builder.id"). */
function builderIdentity(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  if (text.length <= 1000 && /^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(text)) return text
  throw new TemperError(
    'bad-configuration',
    `TEMPER_BUILDER_ID: expected a URI such as https://ci.example/temper, found "${text.slice(0, 80)}"`,
  )
}

function addresses(env: Environment, name: string): readonly string[] {
  return words(env[name]).map((text) => {
    if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
    if (isAbsoluteFolder(text)) return text
    throw new TemperError(
      'bad-configuration',
      `${name}: expected an http(s) address or the absolute path of a folder, found "${text.slice(0, 80)}"`,
    )
  })
}

function words(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '')
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && !['', '0', 'false', 'no'].includes(text.toLowerCase())
}

/** The catalogue: in the repository's root beside the sources, in dist/ of the built package. */
function catalogFolder(): string {
  return besideThis(import.meta.url.endsWith('.ts') ? '../../../../catalog' : '../catalog')
}

/** This package, the catalogue in it, or another that is installed beside it. */
function installedPackage(name: string): string | undefined {
  if (name === '@temper-images/catalog') return catalogFolder()
  const { createRequire } = process.getBuiltinModule('node:module')
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}

function besideThis(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url))
}
