import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNodeFetch } from '../../../temper/src/base/http/node-fetch.ts'
import { sampleContext } from '../../../temper/src/flows/fixtures/sample-context.ts'
import { tryDebianTool } from '../../../temper/test/support/debian-tool.ts'
import { parseReference, trustedStatements } from '../../src/temper.ts'
import { ArchiveFolder } from './archive.ts'
import { OwnFactory } from './own-factory.ts'
import { programAround, realProgram } from './real-program.ts'
import type { ListedBuild } from './service.ts'

/* Builds that run on the machine of the service, with a program that reaches for all that is the service's. */

const bwrap = await tryDebianTool('bwrap')
const canary = 'canary-3f1d'
const mirrored = canary.split('').reverse().join('')
const { title } = process
const program = programAround(new URL('./escaped-program.ts', import.meta.url))

let factory: OwnFactory
let archive: ArchiveFolder
/** What else runs on the machine: it hands out what is in the archive's folder, to everybody. */
const neighbour = createServer((request, response) => {
  readFile(join(archive.folder, request.url ?? '')).then(
    (bytes) => response.end(bytes),
    () => response.writeHead(404).end(),
  )
})
const neighbourPort = () => (neighbour.address() as AddressInfo).port
beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1' })
  await mkdir(factory.path('data'), { recursive: true })
  await once(neighbour.listen(0, '127.0.0.1'), 'listening')
  // What only the service knows stands where a process has such things.
  process.title = canary
})
afterAll(async () => {
  process.title = title
  neighbour.close().closeAllConnections()
  await factory.remove()
})

async function start(isolation: string, context: object = {}): Promise<void> {
  const { PATH = '' } = process.env
  const targets = {
    pid: process.pid,
    canary: mirrored,
    port: neighbourPort(),
    files: [factory.path('data/keys/factory.key'), factory.path('data/tokens.json'), factory.path('secret')],
    writes: [
      factory.path('data'),
      factory.path('data/builds-cache'),
      factory.path('data/builds-caches'),
      factory.path('data/keys'),
      factory.folder,
      '/usr',
    ],
  }
  await factory.start(
    {},
    {
      factory: {
        program,
        isolation,
        environment: { PATH, HOME: factory.folder, TARGETS: JSON.stringify(targets) },
      },
      context,
    },
  )
}

async function build(
  name: string,
  more = '',
  address = archive.folder,
): Promise<{ readonly build: ListedBuild; readonly reached: unknown; readonly log: string }> {
  const recipe = archive.recipe(name, ['gadget'], more).replaceAll(archive.folder, address)
  const sent = { name, recipe, files: archive.files }
  const { build: id } = await factory.post<{ build: string }>('/api/recipes', sent)
  const ended = await factory.built(id)
  const log = await (await factory.ask(`/api/builds/${id}/log`)).text()
  const reached = /REACHED (\[.*?\])(?:"|$)/m.exec(log.replaceAll('\\"', '"'))?.[1]
  return { build: ended, reached: JSON.parse(reached ?? 'null'), log }
}

describe.skipIf(bwrap === undefined)('a build in a sandbox', () => {
  it('reaches nothing of the service', async () => {
    await writeFile(factory.path('secret'), 'x')
    await start('required', { bubblewrap: bwrap })
    const { build: ended, reached, log } = await build('shop')
    expect([ended.error, ended.state]).toEqual([null, 'published'])
    expect(reached).toEqual([])
    // Not even code that was compiled, which nobody would take from there again.
    expect(log).toContain('KEPT []')
    for (const each of ['data', 'data/keys'])
      await expect(stat(factory.path(each, 'planted'))).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await (await factory.ask('/readyz')).json()).toEqual({
      status: 'ready',
      builds: { isolation: 'sandbox' },
    })
    expect(await builders('shop', ended)).toEqual([`urn:temper:factory:${factory.host}`])
  })

  it('asks no other service of the machine, no private network, and no cloud for credentials', async () => {
    const { log } = await build('asker')
    const network = /NETWORK (\{.*?\})/.exec(log.replaceAll('\\"', '"'))?.[1]
    const metadata = '169.254.169.254:80'
    const here = `127.0.0.1:${neighbourPort()}`
    // Itself it has no network but its own; the gateway says no.
    expect(JSON.parse(network ?? 'null')).toEqual({
      [here]: ['ECONNREFUSED', 403],
      [metadata]: ['ENETUNREACH', 403],
      '10.255.255.1:80': ['ENETUNREACH', 403],
      '192.168.0.1:443': ['ENETUNREACH', 403],
      '[fd12:3456::1]:80': ['ENETUNREACH', 403],
    })
    for (const place of [here, metadata, '192.168.0.1:443', 'fd12:3456::1:80'])
      expect(log).toContain(`The build asked for ${place}, which builds do not reach`)
  })

  it('reaches an archive that its recipe names, through the gateway', async () => {
    const { build: ended } = await build('remote', '', `http://127.0.0.1:${neighbourPort()}`)
    expect([ended.error, ended.state]).toEqual([null, 'published'])
  })

  it('that writes false records into its cache changes what no other recipe gives', async () => {
    const { build: ended } = await build('poisoner')
    expect([ended.error, ended.state]).toEqual([null, 'published'])
    const poisoned = factory.path('data/builds-caches/poisoner')
    const lock = factory.path('same.json')
    await writeFile(factory.path('key.asc'), archive.files['key.asc'] ?? '')
    const recipe = factory.path('same.yaml')
    await writeFile(recipe, archive.recipe('same', ['gadget']))
    const digestWith = async (cache: string) => {
      const [node = '', ...words] = realProgram
      const run = (...more: string[]) =>
        promisify(execFile)(node, [...words, ...more, '--json', '--cache-dir', cache])
      await run('lock', recipe, '--output', lock)
      return await run('build', recipe, '--lock', lock, '--output', `${cache}.image`).then(
        ({ stdout }) => (JSON.parse(stdout) as { digest: string }).digest,
        () => 'it fails',
      )
    }
    const wanted = await digestWith(factory.path('clean'))
    // Whoever believed that cache would be deceived.
    expect(await digestWith(poisoned)).not.toBe(wanted)
    const { build: next } = await build('same')
    expect([next.error, next.digest]).toEqual([null, wanted])
  })

  it('that runs foreign programs has no cache that others use', async () => {
    const steps =
      'steps: [{ name: make, packages: [gadget], run: make, outputs: [{ source: a, path: /a }] }]\n'
    const { build: ended, reached } = await build('stepper', steps)
    // There is no shell in that archive.
    expect(ended.state).toBe('failed')
    expect(reached).toEqual([])
  })

  it('that leaves a link to a key is refused before anything is read', async () => {
    const { build: ended } = await build('linker')
    expect([ended.state, ended.error]).toEqual([
      'refused',
      'The build left "tested", which is neither a file nor a folder',
    ])
    const key = await readFile(factory.path('data/keys/factory.key'), 'utf8')
    expect(JSON.stringify(await factory.builds())).not.toContain(key.slice(30, 60))
  })
})

describe('where sandboxes cannot be had', () => {
  it('the service says so, in provenance too, and does not start where they are required', async () => {
    await factory.stop()
    await start('none')
    const { build: ended } = await build('stall')
    expect([ended.error, ended.state]).toEqual([null, 'published'])
    const told = { isolation: 'process', why: 'the settings say so' }
    expect(await (await factory.ask('/readyz')).json()).toEqual({ status: 'ready', builds: told })
    expect(await (await factory.ask('/')).text()).toContain('Builds are not kept apart')
    expect(await builders('stall', ended)).toEqual([`urn:temper:factory:${factory.host}:not-isolated`])
    await factory.stop()
    await expect(start('required', { bubblewrap: '/none/bwrap' })).rejects.toMatchObject({
      code: 'tool-missing',
    })
  })
})

async function builders(name: string, { digest }: ListedBuild): Promise<readonly unknown[]> {
  const context = sampleContext(factory.folder, {
    fetch: createNodeFetch(),
    offline: false,
    insecureRegistries: [factory.host],
    credentials: async () => ({ kind: 'password', username: 'me', password: factory.token }),
  })
  const reference = parseReference(`${factory.host}/${name}@${digest}`)
  const keys = [factory.path('data/keys/factory.pub')]
  const statements = await trustedStatements({ reference, type: 'slsaprovenance1', keys }, context)
  return statements.map(
    ({ predicate }) => (predicate as { runDetails: { builder: { id: string } } }).runDetails.builder.id,
  )
}
