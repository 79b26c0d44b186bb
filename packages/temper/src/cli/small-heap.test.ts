import { getHeapStatistics } from 'node:v8'
import { expect, it } from 'vitest'
import { smallHeap } from './small-heap.ts'

it('garbage of many things does not gather', () => {
  const settle = smallHeap()
  let most = 0
  const before = getHeapStatistics().used_heap_size
  let kept: unknown
  for (let i = 0; i < 400; i++) {
    // 2 MiB each, and held until the next one is there.
    kept = Array.from({ length: 32 }, () => new Array(8192).fill(i))
    settle()
    most = Math.max(most, getHeapStatistics().used_heap_size - before)
  }
  expect(kept).toHaveLength(32)
  expect(most).toBeLessThan(96 << 20)
})
