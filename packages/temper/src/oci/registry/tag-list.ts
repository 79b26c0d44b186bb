import { TemperError } from '../../base/error.ts'
import { tryJson } from '../../base/json/parse.ts'
import { asArray, asObject, asString } from '../json-value.ts'
import { isAttachmentTag, isTag } from '../name.ts'
import type { RegistryClient } from './client.ts'
import { isSuccess, registryError } from './error.ts'

const pageLimit = 10_000
const pageBytes = 16 << 20
const pageEntries = 100_000

/**
 * All tags of a repository, page by page (distribution-spec, "Listing Tags"); none when there is no such
 * repository.
 */
export async function* listTags(client: RegistryClient): AsyncGenerator<string, void, void> {
  const what = `the tags of ${client.place}`
  let url: URL | undefined = client.url('tags/list', { n: '1000' })
  for (let page = 0; url !== undefined; page++) {
    if (page >= pageLimit)
      throw new TemperError('limit-exceeded', `Cannot list ${what}: more than ${pageLimit} pages`)
    const response = await client.request(url, { what })
    if (response.status === 404 && page === 0) {
      await response.close()
      return
    }
    if (!isSuccess(response.status))
      throw await registryError(response, { verb: 'list', what, method: 'GET' })
    const json = tryJson(await response.bytes(pageBytes))
    if (json === undefined)
      throw new TemperError(
        'network',
        `Cannot list ${what}: the registry answered with something that is not JSON`,
      )
    for (const value of asArray(asObject(json, what)['tags'] ?? [], what, pageEntries)) {
      const tag = asString(value, what)
      if (isTag(tag) && !isAttachmentTag(tag)) yield tag
    }
    url = nextPage(client, response.headers.get('link'), url)
  }
}

/**
 * The address of a header `Link: </v2/…>; rel="next"`, with or without brackets; always on the registry itself,
 * whatever internal name a proxy in front of it has, and never the same page.
 */
export function nextPage(client: RegistryClient, link: string | null, current: URL): URL | undefined {
  const [, bracketed, bare] =
    /(?:<([^>]{1,4096})>|^\s*(\/v2\/[^\s<>;,]{1,4096}))\s*;[^,]*\brel="?next"?/i.exec(link ?? '') ?? []
  const target = bracketed ?? bare
  const given = target === undefined ? null : URL.parse(target, current.href)
  if (given === null || !/^https?:$/.test(given.protocol)) return undefined
  const url = new URL(client.origin)
  url.pathname = given.pathname
  url.search = given.search
  return !url.pathname.startsWith('/v2/') || url.href === current.href ? undefined : url
}
