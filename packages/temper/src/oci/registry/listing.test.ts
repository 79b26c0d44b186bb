import { describe, expect, it } from 'vitest'
import { hexOf, sha256 } from '../../base/digest.ts'
import { createHttp } from '../../base/http/http.ts'
import { type Descriptor, mediaTypes } from '../../model/image.ts'
import { RegistryClient } from './client.ts'
import { Manifests } from './manifests.ts'
import { ReferrersApi } from './referrers.ts'
import { listTags } from './tag-list.ts'

type Answer = Response | string | object | number | undefined

/** A repository of a registry that answers as told; what was asked stands in `asked`. */
function repository(answer: (url: URL, init: RequestInit) => Answer) {
  const asked: string[] = []
  const fetch = async (input: string | URL | Request, init: RequestInit = {}) => {
    const url = new URL(String(input))
    asked.push(`${init.method ?? 'GET'} ${url.pathname}${url.search}`)
    const given = answer(url, init) ?? 404
    if (given instanceof Response) return given
    if (typeof given === 'number') return new Response('{}', { status: given })
    return new Response(typeof given === 'string' ? given : JSON.stringify(given))
  }
  const http = createHttp({ fetch: fetch as typeof globalThis.fetch, retries: 0 })
  const client = new RegistryClient({ registry: 'r.example', repository: 'app' }, { http })
  return { client, asked, referrers: new ReferrersApi(client, new Manifests(client)) }
}

const paged = (json: object, link: string) => new Response(JSON.stringify(json), { headers: { link } })

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}

describe('the tags of a repository', () => {
  it.each<[string, string]>([
    ['a path', '</v2/app/tags/list?last=b>; rel="next"'],
    ['a relative one, without quotes', '<list?last=b>;rel=next'],
    ['an address', '<https://r.example/v2/app/tags/list?last=b>; rel="next"'],
    ['an address without TLS, of a proxy', '<http://r.example/v2/app/tags/list?last=b>; rel="next"'],
    ['no brackets, as older Quay has it', '/v2/app/tags/list?last=b; rel="next"'],
    ['what a proxy is called inside', '<http://inside.example:5000/v2/app/tags/list?last=b>; rel="next"'],
    ['behind another relation', '</v2/first>; rel="first", </v2/app/tags/list?last=b>; title=x; rel="next"'],
  ])('go on where the registry says, with %s', async (_, link) => {
    const { client, asked } = repository(({ search }) =>
      search.includes('last') ? { tags: ['c'] } : paged({ tags: ['a', 'b'] }, link),
    )
    expect(await all(listTags(client))).toEqual(['a', 'b', 'c'])
    expect(asked[1]).toBe('GET /v2/app/tags/list?last=b')
  })

  it.each([
    '<https://evil.example/other?last=b>; rel="next"',
    '<file:///etc/passwd>; rel="next"',
    '</v2/app/tags/list?n=1000>; rel="next"',
    '</v2/app/tags/list?last=b>; rel="prev"',
    '</v2/app/tags/list?last=b>',
    'rel="next"',
  ])('end with a link that leads nowhere: %s', async (link) => {
    const { client, asked } = repository(() => paged({ tags: ['a'] }, link))
    expect(await all(listTags(client))).toEqual(['a'])
    expect(asked).toHaveLength(1)
  })

  it('are none of an unknown repository, and not what is no tag or belongs to another', async () => {
    expect(await all(listTags(repository(() => 404).client))).toEqual([])
    expect(await all(listTags(repository(() => ({ tags: null })).client))).toEqual([])
    const tags = [
      '1',
      `sha256-${'a'.repeat(64)}.sig`,
      `sha256-${'a'.repeat(64)}`,
      '-',
      'a b',
      'x'.repeat(129),
    ]
    expect(await all(listTags(repository(() => ({ tags })).client))).toEqual(['1'])
  })

  it.each<[string, Answer, string]>([
    ['a page', '<html>', 'network'],
    ['a list', [], 'bad-image'],
    ['numbers', { tags: [1] }, 'bad-image'],
    ['a refusal', 403, 'unauthorized'],
    ['a failure', 500, 'network'],
  ])('cannot be had from %s', async (_, answer, code) => {
    await expect(all(listTags(repository(() => answer).client))).rejects.toMatchObject({ code })
  })

  it('cannot be had where a later page is gone', async () => {
    const { client } = repository(({ search }) =>
      search.includes('last') ? 404 : paged({ tags: ['a'] }, '<list?last=b>; rel="next"'),
    )
    await expect(all(listTags(client))).rejects.toThrow()
  })
})

const subject = sha256('subject')
const tag = `/v2/app/manifests/sha256-${hexOf(subject)}`
const api = `/v2/app/referrers/${subject}`
const index = (manifests: readonly object[]) => ({
  schemaVersion: 2,
  mediaType: mediaTypes.ociIndex,
  manifests,
})
const referrer = (name: string, more: object = { artifactType: `a/${name}` }): Descriptor => ({
  mediaType: mediaTypes.ociManifest,
  digest: sha256(name),
  size: 1,
  ...more,
})
const names = (descriptors: readonly Descriptor[]) => descriptors.map(({ artifactType }) => artifactType)

describe('what refers to a manifest', () => {
  it('is read from the API, page by page, also where that takes no heed of the type', async () => {
    const { referrers } = repository(({ search, pathname }) => {
      if (pathname !== api) return 404
      return search.includes('page')
        ? index([referrer('y'), referrer('x')])
        : paged(index([referrer('x')]), '<?page=2>; rel="next"')
    })
    expect(names(await all(referrers.list(subject)))).toEqual(['a/x', 'a/y', 'a/x'])
    expect(names(await all(referrers.list(subject, 'a/x')))).toEqual(['a/x', 'a/x'])
  })

  it('is of the type that its manifest names where the list has none, if that is the manifest', async () => {
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: 'a/real',
      layers: [],
      config: { mediaType: mediaTypes.ociEmpty, digest: sha256('{}'), size: 2 },
    })
    const listed = [
      referrer(manifest, {}),
      referrer(manifest, { artifactType: mediaTypes.ociEmpty }),
      referrer('other', {}),
    ]
    const { referrers } = repository(({ pathname }) =>
      pathname === api ? index(listed) : pathname.startsWith('/v2/app/manifests/') ? manifest : 404,
    )
    expect(names(await all(referrers.list(subject)))).toEqual(['a/real', 'a/real', undefined])
    expect(names(await all(referrers.list(subject, 'a/real')))).toHaveLength(2)
  })

  it.each<[string, Answer]>([
    ...[400, 404, 405, 406, 501].map((status): [string, Answer] => [`${status}`, status]),
    ['a page', '<html>'],
    ['nothing', {}],
    ['null', 'null'],
  ])(
    'is read from the index under a tag where the API answers %s, and asked there but once',
    async (_, answer) => {
      const { referrers, asked } = repository(({ pathname }) =>
        pathname === api ? answer : pathname === tag ? index([referrer('x'), referrer('y')]) : 404,
      )
      expect(names(await all(referrers.list(subject, 'a/y')))).toEqual(['a/y'])
      expect(names(await all(referrers.list(subject)))).toEqual(['a/x', 'a/y'])
      expect(asked.filter((each) => each.includes('/referrers/'))).toHaveLength(1)
    },
  )

  it.each<[string, Answer]>([
    ['no such tag', 404],
    ['the manifest itself, by another name', 'subject'],
    [
      'an image',
      {
        schemaVersion: 2,
        mediaType: mediaTypes.ociManifest,
        layers: [],
        config: { mediaType: mediaTypes.ociConfig, digest: sha256('{}'), size: 2 },
      },
    ],
  ])('is nothing where there is neither an API nor a list but %s', async (name, answer) => {
    const own = index([])
    const about = name.startsWith('the manifest') ? sha256(JSON.stringify(own)) : subject
    const { referrers } = repository(({ pathname }) =>
      pathname.includes('/referrers/') ? 404 : about === subject ? answer : own,
    )
    expect(await all(referrers.list(about))).toEqual([])
  })

  it.each<[Answer, string]>([
    [403, 'unauthorized'],
    [500, 'network'],
    [{ manifests: 7 }, 'bad-image'],
  ])('is not taken for nothing when the API answers %j', async (answer, code) => {
    const { referrers } = repository(({ pathname }) => (pathname === api ? answer : 404))
    await expect(all(referrers.list(subject))).rejects.toMatchObject({ code })
  })

  it('has an end, whatever the registry lists', async () => {
    const page = JSON.stringify(index(Array.from({ length: 9000 }, () => referrer('x'))))
    let count = 0
    const { referrers } = repository(
      () => new Response(page, { headers: { link: `<?page=${++count}>; rel="next"` } }),
    )
    await expect(all(referrers.list(subject))).rejects.toMatchObject({ code: 'limit-exceeded' })
    expect(count).toBeLessThan(20)
  })

  it('is added to the index under the tag, one after another and each once', async () => {
    let held: string | undefined
    const { referrers } = repository(({ pathname }, { method, body }) => {
      if (pathname !== tag) return 404
      if (method !== 'PUT') return held ?? 404
      held = Buffer.from(body as Uint8Array).toString()
      return 201
    })
    await Promise.all(['x', 'y', 'x', 'z'].map((name) => referrers.add(subject, referrer(name))))
    expect(names(JSON.parse(held ?? '').manifests)).toEqual(['a/x', 'a/y', 'a/z'])
    expect(names(await all(referrers.list(subject)))).toEqual(['a/x', 'a/y', 'a/z'])
  })

  it('is added after a change that failed, too', async () => {
    let [held, tries]: [string | undefined, number] = [undefined, 0]
    const { referrers } = repository((_, { method, body }) => {
      if (method !== 'PUT') return held ?? 404
      if (++tries === 1) return 403
      held = Buffer.from(body as Uint8Array).toString()
      return 201
    })
    const [first, second] = ['x', 'y'].map((name) => referrers.add(subject, referrer(name)))
    await expect(first).rejects.toMatchObject({ code: 'unauthorized' })
    await second
    expect(names(JSON.parse(held ?? '').manifests)).toEqual(['a/y'])
  })
})
