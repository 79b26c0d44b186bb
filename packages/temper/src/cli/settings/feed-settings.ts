import {
  type FeedConfiguration,
  type FeedSourceName,
  feedSourceNames,
} from '../../flows/feeds/configuration.ts'
import { parseAge, parseBytes } from '../report/quantity.ts'

interface Setting {
  /** For people, after "expected". */
  readonly expected: string
  valid(value: unknown): boolean
}

const address: Setting = {
  expected: 'an http(s) address, or off',
  // YAML 1.1 readers take a bare "off" for false.
  valid: (value) =>
    value === 'off' ||
    value === false ||
    (typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)),
}

const words: Setting = {
  expected: 'a list of names such as [Debian, npm]',
  valid: (value) =>
    Array.isArray(value) &&
    value.length <= 100 &&
    value.every((word) => typeof word === 'string' && /^[\w][\w .:-]{0,99}$/.test(word)),
}

const age: Setting = {
  expected: 'an age such as 7d or 12h',
  valid: (value) => typeof value === 'string' && parseAge(value) !== undefined,
}

const size: Setting = {
  expected: 'a size such as 500MB or 2GB',
  valid: (value) =>
    (typeof value === 'string' || typeof value === 'number') && parseBytes(String(value)) !== undefined,
}

/** Settings about feeds of advisories, by their full names in the configuration file. */
export const feedSettings: ReadonlyMap<string, Setting> = new Map([
  ...feedSourceNames.map((name) => [`feeds.${name}`, address] as const),
  ['feeds.ecosystems', words] as const,
  ['feeds.alpine-releases', words] as const,
  ['feeds.stale-after', age] as const,
  ['feeds.history', size] as const,
])

/** What valid settings say of feeds; undefined when they say nothing. */
export function feedConfiguration(settings: ReadonlyMap<string, unknown>): FeedConfiguration | undefined {
  if (![...settings.keys()].some((name) => name.startsWith('feeds.'))) return undefined
  const addresses: Partial<Record<FeedSourceName, string>> = {}
  for (const name of feedSourceNames) {
    const value = settings.get(`feeds.${name}`)
    if (value !== undefined) addresses[name] = value === false ? 'off' : String(value)
  }
  const ecosystems = list(settings.get('feeds.ecosystems'))
  const alpineReleases = list(settings.get('feeds.alpine-releases'))
  const staleAfter = parseAge(String(settings.get('feeds.stale-after') ?? ''))
  const history = parseBytes(String(settings.get('feeds.history') ?? ''))
  return {
    addresses,
    ...(ecosystems === undefined ? {} : { ecosystems }),
    ...(alpineReleases === undefined ? {} : { alpineReleases }),
    ...(staleAfter === undefined ? {} : { staleAfter }),
    ...(history === undefined ? {} : { history }),
  }
}

function list(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined
}
