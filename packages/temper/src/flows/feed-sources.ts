import { parseEcosystem, rustFamily } from '../advisory/ecosystem.ts'
import type { Http } from '../base/http.ts'
import {
  defaultAlpineReleases,
  defaultEcosystems,
  type FeedConfiguration,
  type FeedSourceName,
  publishers,
} from './feeds-configuration.ts'

/** One file that is fetched as one feed. */
export interface FeedSource {
  readonly id: string
  readonly source: FeedSourceName
  readonly url: string
  readonly licence: string
  /** True where a file that is not there means that there is nothing to tell, such as of a release to come. */
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
 * Files to fetch, by id. OSV's list of ecosystems is asked only for the one whose name is the host of a registry: what it
 * is called stands there and nowhere else.
 */
export async function feedSources(
  configuration: FeedConfiguration | undefined,
  http: Http,
): Promise<readonly FeedSource[]> {
  const address = (name: FeedSourceName): string | undefined => {
    const url = configuration?.addresses[name] ?? publishers[name]
    return url === 'off' ? undefined : url
  }
  const sources: FeedSource[] = []
  const osv = address('osv')
  if (osv !== undefined) {
    for (const ecosystem of await ecosystemNames(osv, configuration?.ecosystems ?? defaultEcosystems, http)) {
      const { family } = parseEcosystem(ecosystem)
      const url = `${withoutSlash(osv)}/${encodeURIComponent(ecosystem)}/all.zip`
      sources.push({
        id: `osv/${family === rustFamily ? rustFamily : ecosystem}`,
        source: 'osv',
        url,
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

async function ecosystemNames(
  osv: string,
  wanted: readonly string[],
  http: Http,
): Promise<readonly string[]> {
  if (!wanted.includes(rustFamily)) return wanted
  const url = `${withoutSlash(osv)}/ecosystems.txt`
  const response = await http.request(url, { expect: [200, 404], what: 'the list of ecosystems of OSV' })
  const text = response.status === 200 ? await response.text(listLimit) : ''
  await response.close()
  const rust = text
    .split(/\s+/)
    .find((name) => name !== rustFamily && parseEcosystem(name).family === rustFamily)
  return wanted.flatMap((name) => (name === rustFamily ? (rust ?? []) : name))
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
