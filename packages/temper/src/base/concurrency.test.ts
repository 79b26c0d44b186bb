import { describe, expect, it } from 'vitest'
import { mapLargestFirst, mapLimit } from './concurrency.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('mapLimit', () => {
  it('keeps the order and the limit', async () => {
    let running = 0
    let most = 0
    const results = await mapLimit([3, 1, 2, 0], 2, async (turns) => {
      most = Math.max(most, ++running)
      for (let i = 0; i < turns; i++) await turn()
      running--
      return turns * 10
    })
    expect(results).toEqual([30, 10, 20, 0])
    expect(most).toBe(2)
  })

  it('throws the first error once nothing runs any more, and starts nothing new', async () => {
    const started: number[] = []
    const ended: number[] = []
    const work = mapLimit([0, 1, 2, 3], 2, async (item) => {
      started.push(item)
      if (item === 0) throw new Error('first')
      for (let i = 0; i < 5; i++) await turn()
      ended.push(item)
      throw new Error('second')
    })
    await expect(work).rejects.toThrow('first')
    expect(started).toEqual([0, 1])
    expect(ended).toEqual([1])
  })
})

describe('mapLargestFirst', () => {
  it('begins with the largest and keeps the order of the items in the results', async () => {
    const begun: number[] = []
    const order = { limit: 2, sizeOf: (size: number) => size }
    const results = await mapLargestFirst([3, 9, 1, 9, 5], order, async (size) => {
      begun.push(size)
      await turn()
      return size * 10
    })
    expect(results).toEqual([30, 90, 10, 90, 50])
    expect(begun).toEqual([9, 9, 5, 3, 1])
  })
})
