import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface CraneRegistry {
  /** "127.0.0.1:12345" */
  readonly host: string
  readonly pid: number
  stop(): Promise<void>
}

/** Starts go-containerregistry's registry (see go-tool.ts) on a free loopback port. It keeps all in memory. */
export async function startCraneRegistry(program: string): Promise<CraneRegistry> {
  const child = spawn(program, ['127.0.0.1:0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return { host: await announced(child), pid: child.pid ?? 0, stop: () => ended(child) }
}

/** It says "serving on HOST:PORT" once it listens. */
async function announced(child: ChildProcess): Promise<string> {
  let log = ''
  return await new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString()
      const port = /serving on \S*:([0-9]+)/.exec(log)?.[1]
      if (port !== undefined) resolve(`127.0.0.1:${port}`)
    })
    child.once('exit', () => reject(new Error(`the registry did not start: ${log}`)))
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}
