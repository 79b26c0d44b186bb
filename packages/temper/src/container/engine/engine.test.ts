import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import type { ContainerSpec } from '../../model/container.ts'
import { runCommand } from './command.ts'
import { createEngineRuntime } from './engine.ts'

/**
 * Stands in for podman and docker: writes down how it is called, and keeps a container as a file that `rm`
 * removes. What it cannot show is whether a real engine understands the commands.
 */
const standIn = `
const fs = require('node:fs')
const { join } = require('node:path')
const args = process.argv.slice(2)
const file = (name) => join(__dirname, name)
fs.appendFileSync(file('calls'), JSON.stringify(args) + '\\n')
const [command, ...rest] = args
if (command === 'load' && fs.existsSync(file('broken'))) { console.error('no space'); process.exit(125) }
if (command === 'run') {
  const id = rest[rest.indexOf('--name') + 1]
  if (rest.includes('ends')) { console.log('printed'); process.exit(7) }
  fs.writeFileSync(file(id), '')
  console.log('serving')
  setInterval(() => fs.existsSync(file(id)) || process.exit(137), 20)
}
if (command === 'container') {
  if (!fs.existsSync(file(rest.at(-1)))) process.exit(125)
  console.log(process.pid)
}
if (command === 'port') console.log('127.0.0.1:' + fs.readFileSync(file('port'), 'utf8'))
if (command === 'exec') {
  console.log(rest.slice(1).join(' '))
  if (rest.includes('nothing')) {
    console.error('OCI runtime exec failed: exec failed: unable to start container process: no such file')
    process.exit(127)
  }
}
if (command === 'rm') fs.rmSync(file(rest.at(-1)), { force: true })
`

let home = ''
let program = ''
let server: Server | undefined
const controller = new AbortController()

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-engine-'))
  program = join(home, 'engine.cjs')
  writeFileSync(program, `#!${process.execPath}\n${standIn}`, { mode: 0o755 })
})
afterEach(() => {
  server?.close()
  server = undefined
  rmSync(home, { recursive: true })
})

const calls = (): string[][] =>
  readFileSync(join(home, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const spec: ContainerSpec = {
  args: ['/app', '--serve'],
  environment: ['A=1', 'B=two words'],
  workDir: '/srv',
  user: '65532:65532',
  writable: ['/own', '/tmp', '/closed', '/none', '/data'],
  volumes: ['/data'],
  ports: [8080],
  timeout: 20,
}

const image = sampleImage([
  [
    { path: 'own', type: 'directory', mode: 0o700, uid: 65532, gid: 65532 },
    { path: 'tmp', type: 'directory', mode: 0o1777, uid: 0, gid: 0 },
    { path: 'closed', type: 'directory', mode: 0o755, uid: 0, gid: 0 },
  ],
])

async function runtime(kind: 'podman' | 'docker', signal: AbortSignal = controller.signal) {
  const archive = join(home, 'image.tar')
  const reference = 'localhost/temper-test:latest'
  return createEngineRuntime(image, { kind, program, archive, reference, node: process.execPath, signal })
}

describe('the command line of an engine', () => {
  const folders = new Map([
    ['/own', { mode: 0o700, uid: 65532, gid: 65532 }],
    ['/tmp', { mode: 0o1777, uid: 0, gid: 0 }],
    ['/closed', { mode: 0o755, uid: 0, gid: 0 }],
  ])

  it.each(['podman', 'docker'] as const)('locks the container down: %s', (kind) => {
    expect(runCommand({ kind, id: 'name', reference: 'image:tag', spec, folders })).toMatchSnapshot()
  })

  it('quotes a folder with a comma for podman', () => {
    const command = runCommand({
      kind: 'podman',
      id: 'name',
      reference: 'image:tag',
      spec: { ...spec, writable: ['/a,"b"'], user: '', workDir: '' },
      folders,
    })
    expect(command).toContain('type=tmpfs,"destination=/a,""b""",tmpfs-mode=1777,notmpcopyup')
    expect(command.slice(command.indexOf('--user')).slice(0, 4)).toEqual(['--user', '0', '--workdir', '/'])
  })

  it('hands on standard input only when there is some', () => {
    const command = (more: Partial<ContainerSpec>) =>
      runCommand({ kind: 'docker', id: 'name', reference: 'image:tag', spec: { ...spec, ...more }, folders })
    expect(command({})).not.toContain('--interactive')
    expect(command({ stdin: 'text' })).toContain('--interactive')
  })
})

describe.each(['podman', 'docker'] as const)('%s', (kind) => {
  it('loads the image, runs a command in it and unloads it', async () => {
    const engine = await runtime(kind)
    expect(await engine.run({ ...spec, args: ['/app', 'ends'] })).toEqual({
      exitCode: 7,
      output: 'printed\n',
    })
    await engine.close()
    expect(calls().map(([command]) => command)).toEqual(['load', 'run', 'image'])
    expect(calls()[0]).toEqual(['load', '--input', join(home, 'image.tar')])
    expect(calls().at(-1)).toEqual(['image', 'rm', 'localhost/temper-test:latest'])
  })

  it('removes a container that runs longer than it may', async () => {
    const engine = await runtime(kind)
    const result = await engine.run({ ...spec, timeout: 1 })
    expect(result).toEqual({ exitCode: undefined, output: 'serving\n' })
    expect(calls().some(([command]) => command === 'rm')).toBe(true)
    await engine.close()
  })

  it('starts a service, runs commands beside it and stops it', async () => {
    const engine = await runtime(kind)
    const service = await engine.start(spec)
    expect(await service.exec(['a', 'b'], { timeout: 9 })).toEqual({
      exitCode: 0,
      output: 'a b\n',
      started: true,
    })
    expect((await service.exec(['nothing'], { timeout: 9 })).started).toBe(false)
    expect(service.ended()).toBeUndefined()
    expect(await service.stop()).toEqual({ exitCode: 137, output: 'serving\n' })
    expect(await service.stop()).toEqual({ exitCode: 137, output: 'serving\n' })
    expect(await service.request(8080, '/')).toBeUndefined()
    await engine.close()
  })

  it('ends what still runs when it is closed', async () => {
    const engine = await runtime(kind)
    const service = await engine.start(spec)
    await engine.close()
    expect(service.ended()?.exitCode).toBe(137)
  })

  it('tells a service that ends at once', async () => {
    const engine = await runtime(kind)
    const service = await engine.start({ ...spec, args: ['/app', 'ends'] })
    await expect.poll(() => service.ended()).toEqual({ exitCode: 7, output: 'printed\n' })
    await engine.close()
  })

  it('ends everything when the person stops the command', async () => {
    const stop = new AbortController()
    const engine = await runtime(kind, stop.signal)
    const running = engine.run(spec)
    const outcome = expect(running).rejects.toThrow('stopped')
    await expect.poll(() => existsSync(join(home, 'calls')) && calls().length > 1).toBe(true)
    stop.abort(new Error('stopped'))
    await outcome
    await engine.close()
    expect(calls().map(([command]) => command)).toEqual(expect.arrayContaining(['rm', 'image']))
  })

  it('says what the engine said when the image cannot be loaded, and takes back what may be there', async () => {
    writeFileSync(join(home, 'broken'), '')
    await expect(runtime(kind)).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining('no space'),
    })
    expect(calls().map(([command]) => command)).toEqual(['load', 'image'])
  })
})

it('docker: asks the port that was published on loopback', async () => {
  const listening = createServer((request, response) => response.end(`you asked ${request.url}`))
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  writeFileSync(join(home, 'port'), `${(listening.address() as AddressInfo).port}\n`)
  const engine = await runtime('docker')
  const service = await engine.start(spec)
  expect(await service.request(8080, '/x')).toEqual({ status: 200, body: 'you asked /x' })
  expect(calls().at(-1)?.slice(0, 1)).toEqual(['port'])
  await engine.close()
})

it.each(['', 'no such port', '127.0.0.1:0', '127.0.0.1:65536', '127.0.0.1:123456'])(
  'docker: says what it said where no port was published: %j',
  async (text) => {
    writeFileSync(join(home, 'port'), `${text}\n`)
    const engine = await runtime('docker')
    const service = await engine.start(spec)
    await expect(service.request(8080, '/x')).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining(`docker published no port for 8080/tcp: 127.0.0.1:${text}`),
    })
    await engine.close()
  },
)
