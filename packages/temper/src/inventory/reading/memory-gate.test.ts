import { describe, expect, it } from 'vitest'
import { memoryGate } from './memory-gate.ts'

const [small, large] = [4 << 20, (4 << 20) + 1]

/** Whether something has settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  const waiting = Symbol('waiting')
  await new Promise((done) => setImmediate(done))
  return (await Promise.race([promise, Promise.resolve(waiting)])) !== waiting
}

describe('the gate', () => {
  it('lets one large file in at a time, in the order in which they came', async () => {
    const gate = memoryGate()
    const first = await gate(large)
    const [second, third] = [gate(large), gate(large)]
    expect([await settled(second), await settled(third)]).toEqual([false, false])
    first()
    expect([await settled(second), await settled(third)]).toEqual([true, false])
    ;(await second)()
    ;(await third)()
    expect(await settled(gate(large))).toBe(true)
  })

  it('lets small files in at any time, and they keep nobody out', async () => {
    const gate = memoryGate()
    const leave = await gate(large)
    for (const size of [0, 1, small]) expect(await settled(gate(size))).toBe(true)
    leave()
    await gate(small)
    expect(await settled(gate(large))).toBe(true)
  })

  it('is one of its own for each reading', async () => {
    await memoryGate()(large)
    expect(await settled(memoryGate()(large))).toBe(true)
  })
})
