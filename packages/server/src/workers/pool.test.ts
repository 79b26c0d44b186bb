import { describe, expect, it } from 'vitest'
import { NobodyWorks, WorkerPool, type WorkOrder } from './pool.ts'

const order = (): WorkOrder => ({
  command: {} as WorkOrder['command'],
  bundle: {} as WorkOrder['bundle'],
  lock: null,
  signal: new AbortController().signal,
  onLine: () => undefined,
})
const staying = () => ({ timeout: 10_000, left: new AbortController().signal })
const done = { code: 0, text: '{}', lock: null }

describe('a task', () => {
  it('goes to a worker that waits for it, not to one that has left', async () => {
    const pool = new WorkerPool(() => new Date())
    const leaving = new AbortController()
    const nothing = pool.claim('gone', { timeout: 10_000, left: leaving.signal })
    leaving.abort()
    const result = pool.run(order())
    const task = await pool.claim('there', staying())
    expect(await nothing).toBeUndefined()
    expect(pool.finish(task?.id ?? '', 'there', done)).toBe(true)
    expect(await result).toMatchObject(done)
  })

  it('wakes whoever waits', async () => {
    const pool = new WorkerPool(() => new Date())
    const claimed = pool.claim('first', staying())
    const result = pool.run(order())
    const task = await claimed
    expect(pool.workers()).toMatchObject([{ name: 'first', task: task?.id }])
    pool.finish(task?.id ?? '', 'first', done)
    expect(await result).toMatchObject({ task: task?.id })
  })

  it('is nothing when time is up, and when the pool closes', async () => {
    const pool = new WorkerPool(() => new Date())
    expect(await pool.claim('late', { ...staying(), timeout: 0 })).toBeUndefined()
    const waiting = pool.claim('waiting', staying())
    pool.close()
    expect(await waiting).toBeUndefined()
  })
})

describe('a pool', () => {
  it('is attended while a worker waits, works or was there a moment ago', async () => {
    let time = Date.now()
    const pool = new WorkerPool(() => new Date(time))
    expect(pool.isAttended).toBe(false)
    const claimed = pool.claim('one', staying())
    expect(pool.isAttended).toBe(true)
    const result = pool.run(order())
    const task = await claimed
    time += 30_000
    expect(pool.isAttended).toBe(true)
    pool.finish(task?.id ?? '', 'one', done)
    await result
    expect(pool.isAttended).toBe(false)
    expect(await pool.claim('one', { ...staying(), timeout: 0 })).toBeUndefined()
    expect(pool.isAttended).toBe(true)
    time += 6000
    expect(pool.isAttended).toBe(false)
  })

  it('gives a task back when nobody works any more', async () => {
    let time = Date.now()
    const pool = new WorkerPool(() => new Date(time))
    const result = pool.run(order())
    time += 61_000
    await expect(result).rejects.toThrow(NobodyWorks)
  })
})
