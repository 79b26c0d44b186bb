import { expect, it } from 'vitest'
import { releaseBytes } from './release.ts'

it('bytes and their views are empty once they are released', () => {
  const bytes = Buffer.alloc(100_000, 'a')
  const view = bytes.subarray(10, 20)
  releaseBytes(bytes)
  expect([bytes.length, view.length]).toEqual([0, 0])
  releaseBytes(bytes)
})

it('memory that others have a part of stays', () => {
  const pooled = Buffer.from('one of many in a pool of Node')
  releaseBytes(pooled)
  expect(pooled.toString()).toBe('one of many in a pool of Node')
  const whole = new Uint8Array(8).fill(7)
  releaseBytes(whole.subarray(2))
  releaseBytes(new Uint8Array(new SharedArrayBuffer(4)))
  expect([...whole]).toEqual([7, 7, 7, 7, 7, 7, 7, 7])
})
