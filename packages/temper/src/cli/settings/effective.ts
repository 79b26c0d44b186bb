import type { Command } from 'commander'
import { redactText } from '../../base/http/redact.ts'
import { cacheDirectory } from '../directories.ts'
import type { Host } from '../host.ts'
import type { Configuration } from './configuration.ts'
import { knownSettings, mirrored, mirrorVariable } from './known-settings.ts'
import { type OptionSources, settable, settingsOf, variablesOf } from './option-settings.ts'

/** A setting that holds, and whence. */
export interface EffectiveSetting {
  /** "feeds.osv", "scan --fail-on", "HTTPS_PROXY". */
  readonly name: string
  /** As a person would write it, without passwords; "set" for what is secret. */
  readonly value: string
  /** "TEMPER_SCAN_FAIL_ON", "/home/me/.config/temper/config.yaml:12", "default". */
  readonly from: string
}

/** Variables besides those of options that decide something; docs/reference/configuration.md. */
const variables: Readonly<Record<string, 'plain' | 'secret'>> = {
  ...Object.fromEntries(mirrored.map((name) => [mirrorVariable(name), 'plain' as const])),
  TEMPER_NETRC: 'plain',
  NETRC: 'plain',
  TEMPER_INSECURE_REGISTRIES: 'plain',
  TEMPER_BUILDER_ID: 'plain',
  TEMPER_KEY_PASSWORD: 'secret',
  COSIGN_PASSWORD: 'secret',
  TEMPER_TRUST: 'plain',
  SIGSTORE_ID_TOKEN: 'secret',
  SOURCE_DATE_EPOCH: 'plain',
  ...Object.fromEntries(
    ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
      [name, 'plain' as const],
      [name.toLowerCase(), 'plain' as const],
    ]),
  ),
  TEMPER_PROXY_FOR_ALL: 'plain',
  SSL_CERT_FILE: 'plain',
  SSL_CERT_DIR: 'plain',
  NODE_EXTRA_CA_CERTS: 'plain',
  REGISTRY_AUTH_FILE: 'plain',
  DOCKER_CONFIG: 'plain',
  DOCKER_HOST: 'plain',
  CONTAINER_HOST: 'plain',
  CONTAINERD_ADDRESS: 'plain',
  NO_COLOR: 'plain',
  FORCE_COLOR: 'plain',
}

/** Set by other programs, or read by what is no option. */
const otherVariables = new Set(['TEMPER_CONFIG', 'TEMPER_LAUNCHER'])
/** What the service reads itself. */
const servicePrefix = 'TEMPER_SERVICE__'

export interface EffectiveSettings {
  readonly settings: readonly EffectiveSetting[]
  /** Variables that look as if they set something, and do not. */
  readonly unknown: readonly string[]
}

/** Everything that a person set, and with `all` what holds without that, too. */
export function effectiveSettings(
  program: Command,
  {
    host,
    configuration,
    file,
    all,
  }: {
    readonly host: Pick<Host, 'env'>
    readonly configuration: Configuration
    readonly file: string
    readonly all: boolean
  },
): EffectiveSettings {
  const { env } = host
  const sources = { env, file, options: configuration.options }
  const settings = [
    ...optionsOf(program, sources, { command: undefined, all, cacheDir: cacheDirectory(env) }),
    ...program.commands.flatMap((command) => optionsOf(command, sources, { command: command.name(), all })),
    ...Array.from(configuration.lines, ([name, line]) => ({
      name,
      // What is in the service's may be secret.
      value: name === 'service' ? 'set' : redactText(textOf(configuration.values.get(name))),
      from: `${file}:${line}`,
    })),
    ...Object.entries(variables).flatMap(([name, kind]) =>
      env[name]
        ? [{ name, value: kind === 'secret' ? 'set' : redactText(env[name]), from: 'environment' }]
        : [],
    ),
    ...(all ? unset(configuration) : []),
  ]
  return { settings, unknown: unknownVariables(program, env) }
}

function optionsOf(
  owner: Command,
  sources: OptionSources,
  {
    command,
    all,
    cacheDir,
  }: { readonly command: string | undefined; readonly all: boolean; readonly cacheDir?: string },
): readonly EffectiveSetting[] {
  const stated = settingsOf(owner.options, command, sources)
  const named = (long: string | undefined) => `${command === undefined ? '' : `${command} `}${long ?? ''}`
  const set = stated.map(({ option, value, from }) => ({
    name: named(option.long ?? undefined),
    value: redactText(textOf(value)),
    from,
  }))
  if (!all) return set
  const given = new Set(stated.map(({ option }) => option))
  const others = settable(owner.options).filter((option) => !given.has(option))
  return [
    ...set,
    ...others.map((option) => ({
      name: named(option.long ?? undefined),
      value: option.long === '--cache-dir' ? (cacheDir ?? '') : textOf(option.defaultValue ?? '-'),
      from: `default (set it with ${variablesOf(option, command).at(-1)})`,
    })),
  ]
}

function unset(configuration: Configuration): readonly EffectiveSetting[] {
  return [...knownSettings.keys()]
    .filter((name) => !configuration.lines.has(name))
    .map((name) => ({ name, value: '-', from: 'default' }))
}

function unknownVariables(program: Command, env: Host['env']): readonly string[] {
  const known = new Set([
    ...Object.keys(variables),
    ...otherVariables,
    ...settable(program.options).flatMap((option) => variablesOf(option, undefined)),
    ...program.commands.flatMap((command) =>
      settable(command.options).flatMap((option) => variablesOf(option, command.name())),
    ),
  ])
  return Object.keys(env).filter(
    (name) => name.startsWith('TEMPER_') && env[name] && !known.has(name) && !name.startsWith(servicePrefix),
  )
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  if (value !== null && typeof value === 'object')
    return Object.entries(value)
      .map(([key, each]) => `${key}=${textOf(each)}`)
      .join(', ')
  return String(value)
}
