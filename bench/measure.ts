import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { peakMemory } from './memory.ts'

/** A command line as /bin/sh reads it: pipes and all. */
export interface Command {
  readonly line: string
  readonly env?: Readonly<Record<string, string>>
}

export interface Sample {
  /** Seconds from start to end of the whole command line. */
  readonly wall: number
  /** Seconds of user and system time of all its processes. */
  readonly cpu: number
  /** MiB of its largest process (ru_maxrss). */
  readonly largest: number
}

const running = new Set<ChildProcess>()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopAll()
    process.exit(130)
  })
}

/** Stops what is still running; each command is a process group of its own. */
export function stopAll(): void {
  for (const { pid } of running) if (pid !== undefined) process.kill(-pid, 'SIGKILL')
}

/** Runs a command line once under GNU time. `scratch` is a folder for what time says. */
export async function measure(command: Command, scratch: string): Promise<Sample> {
  const report = join(scratch, 'time')
  const started = process.hrtime.bigint()
  await run(command, ['/usr/bin/time', '--format=%U %S %M', `--output=${report}`])
  const wall = Number(process.hrtime.bigint() - started) / 1e9
  const [user = 0, system = 0, kibibytes = 0] = (await readFile(report, 'utf8')).trim().split(' ').map(Number)
  return { wall, cpu: user + system, largest: kibibytes / 1024 }
}

/** MiB that all processes of a command line hold at once, at most. Slows it down: not for timing. */
export async function measureMemory(command: Command): Promise<number> {
  let done = false
  const sampling: Promise<number>[] = []
  await run(command, [], (pid) => {
    sampling.push(peakMemory(pid, () => done))
  }).finally(() => {
    done = true
  })
  return Math.max(...(await Promise.all(sampling)))
}

async function run(
  { line, env }: Command,
  prefix: readonly string[],
  started: (pid: number) => void = () => {},
): Promise<void> {
  const [program = '', ...args] = [...prefix, '/bin/bash', '-o', 'pipefail', '-c', line]
  const child = spawn(program, args, {
    detached: true,
    env: { ...process.env, LC_ALL: 'C', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  running.add(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000)
  })
  if (child.pid !== undefined) started(child.pid)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).finally(() => running.delete(child))
  if (code !== 0) throw new Error(`${line}\nended with code ${code}:\n${said}`)
}
