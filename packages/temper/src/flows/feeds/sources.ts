import { parseEcosystem, rustFamily } from '../../advisory/ecosystem.ts'
import type { Http } from '../../base/http/http.ts'
import {
  defaultAlpineReleases,
  defaultEcosystems,
  type FeedConfiguration,
  type FeedSourceName,
  publishers,
} from './configuration.ts'

/** One file that is fetched as one feed. */
export interface FeedSource {
  readonly id: string
  readonly source: FeedSourceName
  /** Its address, or a function that finds it: undefined where the publisher has no such file. */
  readonly url: string | (() => Promise<string | undefined>)
  readonly licence: string
  /** The ecosystem, without a release, of which it is the complete list, if its format does not say. */
  readonly family?: string
  /** True when a missing file means that there are no records yet, such as for a future release. */
  readonly optional?: boolean
}

const licences: Readonly<Record<FeedSourceName, string>> = {
  osv: 'as each record says (mostly CC-BY-4.0)',
  'debian-tracker': 'as the Debian security tracker (MIT)',
  'alpine-secdb': 'facts from aports (MIT)',
  'wolfi-secdb': 'as its publisher says',
  'chainguard-secdb': 'as its publisher says',
  kev: 'CC0-1.0',
  epss: 'free with attribution to FIRST (EPSS)',
}

/** Most bytes of OSV's list of ecosystems. */
const listLimit = 1024 * 1024

/**
 * Files to fetch, by id. No server is contacted: when an address has to be looked up, that is left to the fetching of
 * the file, so that an unreachable server affects only its own feed.
 */
export function feedSources(configuration: FeedConfiguration | undefined, http: Http): readonly FeedSource[] {
  const address = (name: FeedSourceName): string | undefined => {
    const url = configuration?.addresses[name] ?? publishers[name]
    return url === 'off' ? undefined : url
  }
  const sources: FeedSource[] = []
  const osv = address('osv')
  if (osv !== undefined) {
    for (const ecosystem of configuration?.ecosystems ?? defaultEcosystems) {
      const isRust = parseEcosystem(ecosystem).family === rustFamily
      sources.push({
        id: `osv/${isRust ? rustFamily : ecosystem}`,
        source: 'osv',
        url: ecosystem === rustFamily ? () => rustAddress(osv, http) : osvAddress(osv, ecosystem),
        family: parseEcosystem(ecosystem).family,
        licence: licences.osv,
      })
    }
  }
  const alpine = address('alpine-secdb')
  if (alpine !== undefined) {
    for (const release of configuration?.alpineReleases ?? defaultAlpineReleases) {
      for (const repository of ['main', 'community']) {
        sources.push({
          id: `alpine-secdb/${release}/${repository}`,
          source: 'alpine-secdb',
          url: `${withoutSlash(alpine)}/${release}/${repository}.json`,
          licence: licences['alpine-secdb'],
          optional: true,
        })
      }
    }
  }
  for (const name of ['debian-tracker', 'wolfi-secdb', 'chainguard-secdb', 'kev', 'epss'] as const) {
    const url = address(name)
    if (url !== undefined) sources.push({ id: name, source: name, url, licence: licences[name] })
  }
  return sources.sort((a, b) => (a.id < b.id ? -1 : 1))
}

function osvAddress(osv: string, ecosystem: string): string {
  return `${withoutSlash(osv)}/${encodeURIComponent(ecosystem.toWellFormed())}/all.zip`
}

/**
 * The name of this ecosystem is the host of a registry: what it is called stands in OSV's own list and nowhere else.
 */
async function rustAddress(osv: string, http: Http): Promise<string | undefined> {
  const url = `${withoutSlash(osv)}/ecosystems.txt`
  const response = await http.request(url, { expect: [200, 404], what: 'the list of ecosystems of OSV' })
  const text = response.status === 200 ? await response.text(listLimit) : ''
  await response.close()
  const name = text
    .split(/\s+/)
    .find((word) => word !== rustFamily && parseEcosystem(word).family === rustFamily)
  return name === undefined ? undefined : osvAddress(osv, name)
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
