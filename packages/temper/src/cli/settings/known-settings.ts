import { isAbsoluteFolder } from '../../base/http/folders.ts'
import { feedSettings } from './feed-settings.ts'

/** Repositories that have settings for mirrors. */
export const mirrored = [
  'debian',
  'debian-security',
  'alpine',
  'wolfi',
  'pypi',
  'npm',
  'maven',
  'gem',
  'composer',
] as const

/** The variable that names the mirrors of a repository: "TEMPER_DEBIAN_SECURITY_MIRROR". */
export function mirrorVariable(name: (typeof mirrored)[number]): string {
  return `TEMPER_${name.toUpperCase().replaceAll('-', '_')}_MIRROR`
}

/** Settings of the configuration file besides those of options, by their full names. */
export const knownSettings: ReadonlyMap<
  string,
  'path' | 'address' | 'addresses' | 'hosts' | 'feed' | 'service'
> = new Map([
  ...mirrored.map((name) => [`mirrors.${name}`, 'addresses'] as const),
  ['netrc', 'path'],
  ['insecure-registries', 'hosts'],
  ...Array.from(feedSettings.keys(), (name) => [name, 'feed'] as const),
  ['trust', 'path'],
  ['sigstore.fulcio', 'address'],
  ['sigstore.rekor', 'address'],
  ['sigstore.tsa', 'address'],
  ['sigstore.trusted-root', 'path'],
  ['sigstore.tuf-mirror', 'address'],
  ['sigstore.tuf-root', 'path'],
  ['service', 'service'],
])

/** Settings that hold others. */
export const settingGroups: ReadonlySet<string> = new Set(['mirrors', 'sigstore', 'feeds'])

export function unknownSetting(name: string): string {
  return `unknown setting "${name}"; the known ones are ${[...knownSettings.keys(), 'options'].join(', ')}`
}

/** What a setting should be, for errors. */
export function expectation(name: string): string {
  const kind = knownSettings.get(name)
  if (kind === 'path') return `${name}: expected the path of a file`
  if (kind === 'service') return `${name}: expected settings as "name: value"`
  if (kind === 'feed') return `${name}: expected ${feedSettings.get(name)?.expected ?? ''}`
  if (kind === 'address') return `${name}: expected an http(s) address`
  return kind === 'addresses'
    ? `${name}: expected an http(s) address, the absolute path of a folder, or a list of them`
    : `${name}: expected a list of hosts such as registry.local:5000`
}

/** The value in the form that it is kept in; undefined when it is not what it should be. */
export function validSetting(name: string, value: unknown): unknown {
  const kind = knownSettings.get(name)
  if (kind === 'path') return typeof value === 'string' && value !== '' ? value : undefined
  if (kind === 'feed') return feedSettings.get(name)?.valid(value) ? value : undefined
  // The service itself knows what is in it.
  if (kind === 'service')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  const list: unknown[] = Array.isArray(value) ? value : [value]
  const valid = (item: unknown): boolean => {
    if (typeof item !== 'string') return false
    if (kind === 'hosts') return /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(item)
    if (kind === 'addresses' && isAbsoluteFolder(item)) return true
    return URL.canParse(item) && /^https?:$/.test(new URL(item).protocol)
  }
  if (!list.every(valid) || (kind === 'address' && Array.isArray(value))) return undefined
  return kind === 'address' ? value : list
}
