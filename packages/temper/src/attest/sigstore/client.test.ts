import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { createHttp } from '../../base/http/http.ts'
import { below, postBytes, postJson, understoodAnswer } from './client.ts'

const url = 'https://x.example/path'

function posted(status: number, body: string) {
  const seen: (RequestInit | undefined)[] = []
  const fetch: typeof globalThis.fetch = async (_, init) => {
    seen.push(init)
    return new Response(body, { status })
  }
  const http = createHttp({ fetch, firstDelay: 1 })
  const answer = postBytes({ http, url, what: 'a thing', body: 'asked', contentType: 'text/x' })
  return { answer, seen }
}

describe('a service', () => {
  it.each([200, 201])('that answers %i gives bytes', async (status) => {
    const { answer, seen } = posted(status, 'yes')
    expect(Buffer.from(await answer).toString()).toBe('yes')
    const headers = new Headers(seen[0]?.headers)
    expect([headers.get('content-type'), headers.get('accept')]).toEqual([
      ...['text/x', 'application/json, application/timestamp-reply'],
    ])
  })

  it.each([
    [401, 'unauthorized', /audience "sigstore"/],
    [403, 'unauthorized', /audience "sigstore"/],
    [400, 'network', /Check the address/],
    [404, 'network', /Check the address/],
    [202, 'network', /Check the address/],
  ])('that answers %i is told of with its words', async (status, code, hint) => {
    const { answer } = posted(status, '{"code": 3, "message" : "the \\"token\\" is old", "more": 1}')
    await expect(answer).rejects.toMatchObject({
      code,
      message: `Cannot get a thing from https://x.example: it answered ${status}: the \\"token\\" is old`,
      hint: expect.stringMatching(hint),
      details: { status },
    })
  })

  it.each(['', 'no', '{"message": 7}', '{"message": ""}', '<html>'])(
    'that says nothing is told of without words: %j',
    async (body) => {
      await expect(posted(400, body).answer).rejects.toThrow(
        /^Cannot get a thing from https:\/\/x\.example: it answered 400$/,
      )
    },
  )

  it('that says much is cut short', async () => {
    await expect(posted(400, JSON.stringify({ message: 'x'.repeat(5000) })).answer).rejects.toThrow(
      / 400: x{300}$/,
    )
  })

  it('that answers something else than JSON is one that cannot be used', async () => {
    const http = createHttp({ fetch: async () => new Response('no', { status: 200 }) })
    await expect(postJson({ http, url, what: 'a thing', body: {} })).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(
        /^Cannot use the answer of https:\/\/x\.example: its answer: expected JSON/,
      ),
      cause: expect.any(TemperError),
    })
  })
})

describe('what is wrong with an answer', () => {
  it('is the fault of the service; other errors stay what they are', () => {
    const thrown = (error: unknown) => {
      try {
        understoodAnswer(url, () => {
          throw error
        })
      } catch (caught) {
        return caught
      }
      return undefined
    }
    const [network, other] = [new TemperError('network', 'a'), new RangeError('b')]
    expect(thrown(network)).toBe(network)
    expect(thrown(other)).toBe(other)
    expect(thrown(new TemperError('limit-exceeded', 'c'))).toMatchObject({
      code: 'network',
      message: 'Cannot use the answer of https://x.example: c',
    })
  })
})

it.each([
  ['https://x.example', 'https://x.example/a'],
  ['https://x.example/', 'https://x.example/a'],
  ['https://x.example/y//', 'https://x.example/y/a'],
])('a path below %s is %s', (address, expected) => {
  expect(below(address, '/a')).toBe(expected)
})
