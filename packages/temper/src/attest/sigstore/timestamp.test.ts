import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { createHttp } from '../../base/http/http.ts'
import { requestTimestamp } from './timestamp.ts'

const signature = Buffer.from('signature')

it.each([
  ['https://tsa.example', 'https://tsa.example/api/v1/timestamp'],
  ['https://tsa.example/', 'https://tsa.example/api/v1/timestamp'],
  ['https://tsa.example/stamps/tsr', 'https://tsa.example/stamps/tsr'],
])('a timestamp authority at %s is asked at %s', async (tsa, expected) => {
  const asked: string[] = []
  const answer = createHash('sha256').update(signature).digest()
  const fetch: typeof globalThis.fetch = async (url) => {
    asked.push(String(url))
    return new Response(answer, { status: 200 })
  }
  expect(Buffer.from(await requestTimestamp(signature, { http: createHttp({ fetch }), tsa }))).toEqual(answer)
  expect(asked).toEqual([expected])
})
