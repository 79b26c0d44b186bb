import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Foreground } from './foreground.ts'

let home = ''
let removals = 0

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-foreground-'))
  removals = 0
})
afterEach(() => rmSync(home, { recursive: true }))

const alive = () => join(home, 'alive')

/** A program that stays as long as a file does, as engines stay as long as their container. */
const staying = 'printf started; while [ -e "$0" ]; do sleep 0.02; done; exit 137'

function foreground(
  script: string,
  over: { readonly remove?: () => Promise<void>; readonly signal?: AbortSignal } = {},
) {
  writeFileSync(alive(), '')
  const remove = async () => {
    removals++
    rmSync(alive(), { force: true })
  }
  return new Foreground('sh', ['-c', script, alive()], { remove, ...over })
}

describe('a container in the foreground', () => {
  it('that ended by itself has nothing to be removed', async () => {
    const container = foreground('printf done; exit 3')
    expect(await container.done).toEqual({ exitCode: 3, output: 'done' })
    expect(container.ended).toEqual({ exitCode: 3, output: 'done' })
    expect(await container.end()).toEqual({ exitCode: 3, output: 'done' })
    expect(removals).toBe(0)
  })

  it('that runs is removed, which ends its program', async () => {
    const container = foreground(staying)
    expect(container.ended).toBeUndefined()
    expect((await container.end()).exitCode).toBe(137)
    expect(removals).toBe(1)
    expect(existsSync(alive())).toBe(false)
  })

  it('is removed once, however often it is ended', async () => {
    const container = foreground(staying)
    const [first, second] = await Promise.all([container.end(), container.end()])
    expect(first).toEqual(second)
    expect(await container.end()).toEqual(first)
    expect(removals).toBe(1)
  })

  it('whose program outlives it is killed, and looked for again', async () => {
    const container = foreground('exec sleep 60', {
      remove: async () => {
        removals++
      },
    })
    expect((await container.end()).exitCode).toBe(137)
    expect(removals).toBe(2)
  })

  it('that runs into its time limit is removed, and has no exit code', async () => {
    writeFileSync(alive(), '')
    const container = new Foreground('sh', ['-c', staying, alive()], {
      timeout: 0.2,
      remove: async () => {
        removals++
        rmSync(alive(), { force: true })
      },
    })
    expect((await container.done).exitCode).toBeUndefined()
    expect(removals).toBe(1)
  })

  it('whose command the person stops fails with the reason, and can be ended all the same', async () => {
    const controller = new AbortController()
    const container = foreground(staying, { signal: controller.signal })
    const outcome = expect(container.done).rejects.toThrow('stopped')
    controller.abort(new Error('stopped'))
    await outcome
    expect((await container.end()).exitCode).toBeUndefined()
    expect(existsSync(alive())).toBe(false)
  })

  it('gives the output that there was so far when it has no result', async () => {
    const container = new Foreground('/no/such/program', [], { remove: async () => {} })
    await expect(container.done).rejects.toMatchObject({
      code: 'tool-missing',
      message: expect.stringContaining('Cannot start /no/such/program'),
      hint: 'Install it, or run Temper where it is installed.',
    })
    expect(await container.end()).toEqual({ exitCode: undefined, output: '' })
  })
})
