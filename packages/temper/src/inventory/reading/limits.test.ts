import { describe, expect, it } from 'vitest'
import { defaultLimits, layerRoom, sizeLimitOf } from './limits.ts'

const gib = 2 ** 30

describe('what a layer may hold', () => {
  it.each([
    [0, 4 * gib],
    [1, 4 * gib],
    // 200 times as much as its blob has, once that is over 4 GiB.
    [(4 * gib) / 200, 4 * gib],
    [gib / 10, 20 * gib],
    [gib, 64 * gib],
    [100 * gib, 64 * gib],
  ])('of %i bytes compressed is %i', (size, room) => {
    expect(layerRoom(size, defaultLimits)).toBe(room)
  })

  it('is what is allowed at most, also below the floor', () => {
    expect(layerRoom(gib, { ...defaultLimits, layerBytes: 1000 })).toBe(1000)
    expect(layerRoom(gib, { ...defaultLimits, layerRatio: 5 })).toBe(5 * gib)
  })
})

it('a reader may say how large its files are', () => {
  expect(sizeLimitOf({})).toBe(256 << 20)
  expect(sizeLimitOf({ sizeLimit: 7 })).toBe(7)
})
