import { setTimeout as delay } from 'node:timers/promises'
import type {
  ContainerResult,
  ContainerRuntime,
  ContainerSpec,
  ExecResult,
  HttpAnswer,
  RunningContainer,
} from '../model/container.ts'

/** A container of one of the runtimes, whose process is started when it is made. */
export interface Container {
  /** Fails when the person stops the command. */
  readonly done: Promise<ContainerResult>
  readonly ended: ContainerResult | undefined
  /** Returns when the container's first process is there, or has ended. */
  waitUntilRunning(): Promise<void>
  exec(args: readonly string[], timeout: number): Promise<ExecResult>
  request(port: number, path: string): Promise<HttpAnswer | undefined>
  /** May be called at any time, and again. */
  end(): Promise<ContainerResult>
}

export interface ContainerMaker {
  readonly name: string
  launch(spec: ContainerSpec, limits: { readonly timeout?: number }): Promise<Container>
  /** Removes what was made for the image; all containers have ended. */
  dispose(): Promise<void>
}

/** A container's network goes away with it, which need not be known yet when asking there fails. */
async function request(container: Container, port: number, path: string): Promise<HttpAnswer | undefined> {
  if (container.ended !== undefined) return undefined
  try {
    return await container.request(port, path)
  } catch (error) {
    await Promise.race([container.done, delay(1000)])
    if (container.ended !== undefined) return undefined
    throw error
  }
}

/** What runs containers, and ends each of them whatever happens. */
export function createRuntime(maker: ContainerMaker): ContainerRuntime {
  const running = new Set<Container>()
  const launch: ContainerMaker['launch'] = async (spec, limits) => {
    const container = await maker.launch(spec, limits)
    running.add(container)
    return container
  }
  const end = async (container: Container): Promise<ContainerResult> => {
    const result = await container.end()
    running.delete(container)
    return result
  }
  return {
    name: maker.name,
    run: async (spec) => {
      const container = await launch(spec, { timeout: spec.timeout })
      try {
        return await container.done
      } finally {
        await end(container)
      }
    },
    start: async (spec): Promise<RunningContainer> => {
      const container = await launch(spec, {})
      try {
        await container.waitUntilRunning()
      } catch (error) {
        await end(container)
        throw error
      }
      return {
        exec: (args, { timeout }) => container.exec(args, timeout),
        request: (port, path) => request(container, port, path),
        ended: () => container.ended,
        stop: () => end(container),
      }
    },
    close: async () => {
      try {
        for (const container of [...running]) await end(container)
      } finally {
        await maker.dispose()
      }
    },
  }
}
