import { describe, expect, it } from 'vitest'
import type { ContainerResult, ContainerSpec } from '../model/container.ts'
import { Foreground } from './foreground.ts'
import { type Container, createRuntime } from './runtime.ts'

const spec: ContainerSpec = {
  args: ['true'],
  environment: [],
  workDir: '/',
  user: '0',
  writable: [],
  volumes: [],
  ports: [],
  timeout: 30,
}

/** Programs of this machine in the place of containers: what is tested is who ends them, and when. */
function programs(over: Partial<Container> = {}) {
  const log: string[] = []
  const limits: (number | undefined)[] = []
  const runtime = createRuntime({
    name: 'programs',
    launch: async ({ args: [program = '', ...args] }, { timeout }) => {
      limits.push(timeout)
      log.push(`start ${program}`)
      const foreground: { current?: Foreground } = {}
      const made = new Foreground(program, args, {
        ...(timeout === undefined ? {} : { timeout }),
        remove: async () => {
          log.push(`remove ${program}`)
        },
      })
      foreground.current = made
      return {
        done: made.done,
        get ended() {
          return made.ended
        },
        waitUntilRunning: async () => {},
        exec: async (words, seconds) => ({ exitCode: seconds, output: words.join(' '), started: true }),
        request: async (port, path) => ({ status: port, body: path }),
        end: async (): Promise<ContainerResult> => {
          const result = await made.end()
          log.push(`ended ${program}`)
          return result
        },
        ...over,
      }
    },
    dispose: async () => {
      log.push('dispose')
    },
  })
  return { runtime, log, limits }
}

describe('run', () => {
  it('gives what came of the program, ends it, and leaves nothing to close', async () => {
    const { runtime, log, limits } = programs()
    expect(await runtime.run({ ...spec, args: ['sh', '-c', 'echo hello; exit 4'] })).toEqual({
      exitCode: 4,
      output: 'hello\n',
    })
    expect(limits).toEqual([30])
    await runtime.close()
    expect(log).toEqual(['start sh', 'ended sh', 'dispose'])
  })

  it('ends the program also when waiting for it fails', async () => {
    const { runtime, log } = programs()
    await expect(runtime.run({ ...spec, args: ['/no/such/program'] })).rejects.toMatchObject({
      code: 'tool-missing',
    })
    expect(log).toContain('ended /no/such/program')
  })
})

describe('start', () => {
  it('gives no time limit, and hands on what is asked', async () => {
    const { runtime, limits } = programs()
    const service = await runtime.start({ ...spec, args: ['sleep', '60'] })
    expect(limits).toEqual([undefined])
    expect(await service.exec(['a', 'b'], { timeout: 7 })).toEqual({
      exitCode: 7,
      output: 'a b',
      started: true,
    })
    expect(await service.request(80, '/x')).toEqual({ status: 80, body: '/x' })
    expect(service.ended()).toBeUndefined()
    expect((await service.stop()).exitCode).toBe(137)
    expect(service.ended()?.exitCode).toBe(137)
    await runtime.close()
  })

  it('ends what did not come up', async () => {
    const { runtime, log } = programs({
      waitUntilRunning: async () => {
        throw new Error('never up')
      },
    })
    await expect(runtime.start({ ...spec, args: ['sleep', '60'] })).rejects.toThrow('never up')
    expect(log.at(-1)).toBe('ended sleep')
    await runtime.close()
    expect(log.filter((line) => line === 'ended sleep')).toHaveLength(1)
  })

  it('asks nothing of what has ended', async () => {
    const { runtime } = programs({
      request: async () => {
        throw new Error('must not be asked')
      },
    })
    const service = await runtime.start({ ...spec, args: ['true'] })
    await expect.poll(() => service.ended()).toEqual({ exitCode: 0, output: '' })
    expect(await service.request(80, '/')).toBeUndefined()
    await runtime.close()
  })

  it('takes a failed request for no answer when the container ends meanwhile, and else tells of it', async () => {
    const failing = { request: () => Promise.reject(new Error('the network is gone')) }
    const ending = await programs(failing).runtime.start({ ...spec, args: ['sleep', '0.3'] })
    expect(await ending.request(80, '/')).toBeUndefined()
    const staying = programs(failing)
    const service = await staying.runtime.start({ ...spec, args: ['sleep', '60'] })
    await expect(service.request(80, '/')).rejects.toThrow('the network is gone')
    await staying.runtime.close()
  })
})

describe('close', () => {
  it('ends all that still runs before it takes away what was made', async () => {
    const { runtime, log } = programs()
    const services = [
      await runtime.start({ ...spec, args: ['sleep', '60'] }),
      await runtime.start({ ...spec, args: ['sleep', '61'] }),
    ]
    await services[0]?.stop()
    await runtime.close()
    expect(services.map((service) => service.ended()?.exitCode)).toEqual([137, 137])
    expect(log.filter((line) => line === 'ended sleep')).toHaveLength(2)
    expect(log.at(-1)).toBe('dispose')
  })

  it('takes it away also when something cannot be ended', async () => {
    const { runtime, log } = programs({ end: () => Promise.reject(new Error('stuck')) })
    const service = await runtime.start({ ...spec, args: ['true'] })
    await expect.poll(() => service.ended()).toBeDefined()
    await expect(runtime.close()).rejects.toThrow('stuck')
    expect(log.at(-1)).toBe('dispose')
  })
})
