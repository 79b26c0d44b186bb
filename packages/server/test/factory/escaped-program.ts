import { spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { givenWords } from './given-words.ts'

/*
 * Temper as a build step that broke out of its own sandbox would leave it: it builds, and besides reaches for all that is the service's. What it got hold
 * of it says in its progress. The recipe's name says what it leaves behind.
 */

interface Targets {
  readonly pid: number
  readonly canary: string
  /** Where another service of the machine listens. */
  readonly port: number
  readonly files: readonly string[]
  readonly writes: readonly string[]
}

const { program, words } = givenWords()
if (words[0] !== 'test') console.error(`REACHED ${JSON.stringify(reach())}`)
if (words[0] === 'build' && words[1]?.includes('asker'))
  console.error(`NETWORK ${JSON.stringify(await ask())}`)
const [node = '', ...rest] = program
const { status, stdout, stderr } = spawnSync(node, [...rest, ...words], { encoding: 'utf8' })
process.stderr.write(stderr)
process.stdout.write(stdout)
process.exitCode = status ?? 1
if (words[0] === 'build') console.error(`KEPT ${JSON.stringify(keptAtHome())}`)
const output = words[words.indexOf('--output') + 1] ?? ''
const [key = ''] = targets().files
if (words[0] === 'build' && words[1]?.includes('poisoner'))
  poison(words[words.indexOf('--cache-dir') + 1] ?? '')
if (words[0] === 'build' && words[1]?.includes('linker')) symlinkSync(key, join(output, '../tested'))

/** Files that the command that ran has left in its home, which goes with it. */
function keptAtHome(): readonly string[] {
  const kept = readdirSync(process.env['HOME'] ?? '', { recursive: true, withFileTypes: true })
  return kept.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name))
}

function targets(): Targets {
  return JSON.parse(process.env['TARGETS'] ?? '{}') as Targets
}

function reach(): readonly string[] {
  const { pid, files, writes } = targets()
  // It must not be found in what this process itself was told.
  const canary = targets().canary.split('').reverse().join('')
  const reached: string[] = []
  const tryTo = (what: string, act: () => unknown) => {
    try {
      if (act() !== false) reached.push(what)
    } catch {
      // As it should be.
    }
  }
  for (const each of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    for (const name of ['environ', 'cmdline'])
      tryTo(`${name} of ${each}`, () => readFileSync(`/proc/${each}/${name}`, 'latin1').includes(canary))
  for (const each of files) {
    tryTo(`read ${each}`, () => readFileSync(each))
    tryTo(`read ${each} by the root of init`, () => readFileSync(join('/proc/1/root', each)))
  }
  for (const each of writes) tryTo(`write ${each}`, () => writeFileSync(join(each, 'planted'), 'x'))
  tryTo('signal', () => process.kill(pid, 0) && readFileSync(`/proc/${pid}/environ`))
  tryTo('core_pattern', () => writeFileSync('/proc/sys/kernel/core_pattern', '|/bin/false'))
  return reached
}

/** What comes of asking each place directly, and by the way that was given. */
async function ask(): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const asked: Record<string, readonly unknown[]> = {}
  for (const [host, port] of [
    ['127.0.0.1', targets().port],
    ['169.254.169.254', 80],
    // Machines of a private network, whether or not there are any.
    ['10.255.255.1', 80],
    ['192.168.0.1', 443],
    ['[fd12:3456::1]', 80],
  ] as const)
    asked[`${host}:${port}`] = [
      await directly(host.replace(/[[\]]/g, ''), port),
      await byTheWay(`http://${host}:${port}/`),
    ]
  return asked
}

function directly(host: string, port: number): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 5000 })
    socket.once('connect', () => resolve('connected'))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    socket.once('timeout', () => resolve('timeout'))
  })
}

function byTheWay(url: string): Promise<unknown> {
  const proxy = process.env['http_proxy']
  if (proxy === undefined) return Promise.resolve('no way')
  return new Promise((resolve) => {
    const sent = request(proxy, { path: url, headers: { host: new URL(url).host } })
    sent.once('response', ({ statusCode }) => resolve(statusCode))
    sent.once('error', (error) => resolve(error.message))
    sent.end()
  })
}

/** Makes every record of a cache say something else, with a seal that proves it: of files with contents, other contents. */
function poison(cache: string): void {
  for (const kind of readdirSync(cache).filter((name) =>
    /^(?:contents|effects|prepared|layers|builds)-/.test(name),
  ))
    for (const name of readdirSync(join(cache, kind), { recursive: true }) as string[]) {
      const path = join(cache, kind, name)
      const key = name.split('/').at(-1) ?? ''
      if (!/^[0-9a-f]{64}$/.test(key)) continue
      const value = readFileSync(path).subarray(65).toString('latin1')
      const other = value
        .replace(/usr\/share\/gadget/g, 'usr/share/gadgeT')
        .replace(/"size":\d+/g, '"size":1')
      const bytes = Buffer.from(other, 'latin1')
      writeFileSync(path, Buffer.concat([Buffer.from(sealOf(`sha256:${key}`, bytes)), bytes]))
    }
}

function sealOf(name: string, content: Buffer): string {
  return `${hash('sha256', `${hash('sha256', content)} ${name}`)}\n`
}
