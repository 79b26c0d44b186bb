import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { repositoryRoot } from './support/source-files.ts'

const run = promisify(execFile)
const main = join(repositoryRoot, 'packages/temper/src/cli/main.ts')
let folder = ''
let server: Server | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-process-'))
})
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
  await rm(folder, { recursive: true })
})

function environment() {
  return { PATH: process.env['PATH'], HOME: folder, TEMPER_CACHE_DIR: join(folder, 'cache') }
}

function temper(...args: readonly string[]) {
  return run(process.execPath, [main, ...args], { env: environment(), cwd: folder })
}

describe('the process', () => {
  it('answers --version alone, without touching the cache', async () => {
    expect((await temper('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(await readdir(folder)).toEqual([])
  })

  it('ends with the exit code of the error, and the error on standard error', async () => {
    await expect(temper('inspect', 'oci:nowhere')).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error\[not-found\]: .*\nnext: /s),
    })
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops on %s with one JSON object and exit code %i', async (signal, exitCode) => {
    const address = await silentServer()
    const child = spawn(process.execPath, [main, 'inspect', `${address}/team/image:1`, '--json'], {
      env: environment(),
      cwd: folder,
    })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    await requested
    child.kill(signal)
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect(JSON.parse(Buffer.concat(output).toString()).error.code).toBe('interrupted')
    expect(code).toBe(exitCode)
  })

  it('writes JSON that is whole even when it is large and read slowly', async () => {
    const { stdout } = await run(
      'bash',
      ['-c', `"$0" "$1" schema --json | (sleep 1; cat)`, process.execPath, main],
      {
        env: environment(),
        maxBuffer: 64 << 20,
      },
    )
    expect(JSON.parse(stdout)).toHaveProperty('$schema')
  })

  it('keeps going with a cache folder that cannot be made', async () => {
    await writeFile(join(folder, 'cache'), 'a file')
    expect((await temper('version')).stdout).toContain('temper')
  })
})

let requested: Promise<void> = Promise.resolve()

/** A registry that takes requests and never answers. */
async function silentServer(): Promise<string> {
  let arrived = () => {}
  requested = new Promise((resolve) => {
    arrived = resolve
  })
  server = createServer(() => arrived())
  const listening = server
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(listening.address() as AddressInfo).port}`
}
