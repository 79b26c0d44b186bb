import { RegistryError } from './error.ts'
import { answer, answerJson, type Exchange, pageOf } from './exchange.ts'
import { ociIndex } from './manifest-document.ts'
import { parseContentDigest } from './name.ts'
import type { RepositoryPlace } from './place.ts'
import type { ReferrerDescriptor } from './storage/repository.ts'
import type { Storage } from './storage/storage.ts'

/** Most names on a page, and where a client asks for no number. */
const pageLimit = 10_000
/** Most bytes of one page of referrers: below what clients read of a manifest. */
const referrersLimit = 2 << 20

/** Tags of a repository ("Listing Tags"). */
export async function listTags(
  exchange: Exchange,
  place: RepositoryPlace,
  elsewhere?: readonly string[],
): Promise<void> {
  const tags = elsewhere ?? (await place.repository.tags())
  if (tags.length === 0 && !(await place.repository.exists()))
    throw new RegistryError('NAME_UNKNOWN', `there is no repository ${place.name}`)
  const { items, next } = pageOf(exchange, tags, pageLimit)
  answerJson(exchange, { name: place.name, tags: items }, link(`/v2/${place.name}/tags/list`, next))
}

/** Repositories, as Docker's registry lists them: many tools ask for this list, which is not in the specification. */
export async function listRepositories(
  exchange: Exchange,
  storage: Storage,
  mayRead: (repository: string) => boolean,
): Promise<void> {
  const readable = (await storage.repositories()).filter(mayRead)
  const { items, next } = pageOf(exchange, readable, pageLimit)
  answerJson(exchange, { repositories: items }, link('/v2/_catalog', next))
}

/** What is attached to a manifest, which may itself be missing ("Listing Referrers"). */
export async function listReferrers(exchange: Exchange, place: RepositoryPlace, text: string): Promise<void> {
  const subject = parseContentDigest(text)
  const type = exchange.query.get('artifactType')
  const last = exchange.query.get('last') ?? ''
  const all = (await place.repository.referrers(subject)).filter(
    (each) => each.digest > last && (type === null || each.artifactType === type),
  )
  const shown = firstOf(all, referrersLimit)
  const end = shown.at(-1)
  const filter = type === null ? '' : `artifactType=${encodeURIComponent(type)}&`
  const next = shown.length < all.length && end !== undefined ? `${filter}last=${end.digest}` : undefined
  answer(exchange, 200, {
    headers: {
      'Content-Type': ociIndex,
      ...(type === null ? {} : { 'OCI-Filters-Applied': 'artifactType' }),
      ...link(`/v2/${place.name}/referrers/${subject}`, next),
    },
    body: JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests: shown }),
  })
}

/** As many as fit, one at least. */
function firstOf(all: readonly ReferrerDescriptor[], limit: number): readonly ReferrerDescriptor[] {
  let size = 0
  const end = all.findIndex((each, index) => {
    size += JSON.stringify(each).length
    return index > 0 && size > limit
  })
  return end < 0 ? all : all.slice(0, end)
}

function link(path: string, next: string | undefined): Record<string, string> {
  return next === undefined ? {} : { Link: `<${path}?${next}>; rel="next"` }
}
