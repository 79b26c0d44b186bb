import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bytesOf } from '../../base/bytes.ts'
import type { HttpResponse } from '../../base/http/http.ts'
import { withoutCoding } from './coding.ts'

const text = '{"schemaVersion":2}'

function answer(bytes: Uint8Array, headers: Record<string, string>): HttpResponse {
  const body = bytesOf(bytes)
  const rest = { bytes: async () => bytes, text: async () => '', close: async () => {} }
  return { status: 200, headers: new Headers(headers), url: 'https://r.example/', body, ...rest }
}

test.each([
  ['gzip', gzipSync(text)],
  ['X-GZIP', gzipSync(text)],
  ['gzip, and is not', Buffer.from(text)],
])('an answer that says it is in %s is read as what it was', async (name, bytes) => {
  const coding = name.split(',')[0] ?? ''
  const plain = withoutCoding(
    answer(bytes, { 'content-encoding': coding, 'content-length': '9', etag: '"a"' }),
  )
  expect(await plain.text(100)).toBe(text)
  // The length is of what was sent.
  expect(['content-length', 'content-encoding', 'etag'].map((each) => plain.headers.get(each))).toEqual([
    ...[null, null, '"a"'],
  ])
})

test('one that was damaged on its way, or is larger than it may be, is an error', async () => {
  const half = gzipSync(text).subarray(0, 20)
  await expect(withoutCoding(answer(half, { 'content-encoding': 'gzip' })).text(100)).rejects.toThrow()
  const large = gzipSync(Buffer.alloc(2000))
  await expect(
    withoutCoding(answer(large, { 'content-encoding': 'gzip' })).bytes(1000),
  ).rejects.toMatchObject({
    code: 'limit-exceeded',
  })
})
