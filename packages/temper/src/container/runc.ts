import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { TemperError } from '../base/error.ts'
import type {
  ContainerResult,
  ContainerRuntime,
  ContainerSpec,
  RunningContainer,
} from '../model/container.ts'
import type { Image } from '../model/image.ts'
import { bundleConfig, processConfig } from './bundle.ts'
import { Program, requireProgram, runProgram } from './process.ts'
import { requestScript } from './request.ts'
import { unpackImage } from './unpack.ts'

export interface RuncOptions {
  /** Absolute path of runc. */
  readonly program: string
  /** Folder for bundles; what is made in it is removed by `close`. */
  readonly temporaryDir: string
  /** Absolute path of a Node that asks ports from inside a container's network. */
  readonly node: string
}

/** Runs an image with runc on bundles of its own: needs root, no daemon. */
export async function createRuncRuntime(image: Image, options: RuncOptions): Promise<ContainerRuntime> {
  const home = join(options.temporaryDir, `temper-runc-${randomBytes(6).toString('hex')}`)
  const rootPath = join(home, 'rootfs')
  const runc = (...args: string[]) => ['--root', join(home, 'state'), ...args]
  try {
    await unpackImage(image, rootPath)
  } catch (error) {
    await rm(home, { recursive: true, force: true })
    throw error
  }
  const running = new Set<string>()

  async function bundle(spec: ContainerSpec): Promise<{ id: string; folder: string }> {
    const id = `temper-${randomBytes(6).toString('hex')}`
    const folder = join(home, id)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'config.json'), JSON.stringify(bundleConfig(spec, rootPath)))
    return { id, folder }
  }

  async function remove(id: string): Promise<void> {
    await runProgram(options.program, runc('delete', '--force', id), { timeout: 20 })
    running.delete(id)
  }

  async function launch(spec: ContainerSpec): Promise<{ id: string; folder: string; program: Program }> {
    const { id, folder } = await bundle(spec)
    running.add(id)
    const program = new Program(options.program, runc('run', '--bundle', folder, id), {
      timeout: spec.timeout,
      ...(spec.stdin === undefined ? {} : { stdin: spec.stdin }),
      onTimeout: () => remove(id),
    })
    return { id, folder, program }
  }

  return {
    name: 'runc',
    run: async (spec) => {
      const { id, program } = await launch(spec)
      try {
        return await program.done
      } finally {
        await remove(id)
      }
    },
    start: async (spec) => {
      const { id, folder, program } = await launch(spec)
      const pid = await waitForPid(options.program, runc('state', id), program)
      return runningContainer({ spec, id, folder, program, pid, runc, options, remove })
    },
    close: async () => {
      for (const id of [...running]) await remove(id)
      await rm(home, { recursive: true, force: true })
    },
  }
}

interface Handle {
  readonly spec: ContainerSpec
  readonly id: string
  readonly folder: string
  readonly program: Program
  readonly pid: number
  readonly runc: (...args: string[]) => string[]
  readonly options: RuncOptions
  readonly remove: (id: string) => Promise<void>
}

function runningContainer(handle: Handle): RunningContainer {
  const { spec, id, folder, program, pid, runc, options } = handle
  return {
    exec: async (args, { timeout }) => {
      const file = join(folder, 'exec.json')
      await writeFile(file, JSON.stringify(processConfig(spec, args)))
      return await runProgram(options.program, runc('exec', '--process', file, id), { timeout })
    },
    request: async (port, path) => {
      const inside = [`--net=/proc/${pid}/ns/net`, options.node, '-e', requestScript, String(port), path]
      const result = await runProgram('nsenter', inside, { timeout: 15 })
      if (result.exitCode !== 0) return undefined
      return JSON.parse(result.output) as { status: number; body: string }
    },
    ended: () => program.result,
    stop: async (): Promise<ContainerResult> => {
      await handle.remove(id)
      return await program.done
    },
  }
}

/** The process id of the container's first process, once runc has made it. */
async function waitForPid(program: string, state: readonly string[], container: Program): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const ended = container.result
    if (ended) {
      throw new TemperError(
        'tool-failed',
        `The container ended at once (exit code ${ended.exitCode ?? 'none'}):\n${ended.output.trim()}`,
      )
    }
    const { exitCode, output } = await runProgram(program, state, { timeout: 10 })
    if (exitCode === 0) {
      const parsed = JSON.parse(output) as { pid?: number; status?: string }
      if (parsed.status === 'running' && parsed.pid) return parsed.pid
    }
    await delay(50)
  }
  throw new TemperError(
    'tool-failed',
    `runc did not start the container in time: ${await requireProgram(program, state, { timeout: 10 })}`,
  )
}
