import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNodeFetch } from '../../../temper/src/base/http/node-fetch.ts'
import { sampleContext } from '../../../temper/src/flows/fixtures/sample-context.ts'
import { tryDebianTool } from '../../../temper/test/support/debian-tool.ts'
import { parseReference, trustedStatements } from '../../src/temper.ts'
import { ArchiveFolder } from './archive.ts'
import { OwnFactory } from './own-factory.ts'
import type { ListedBuild } from './service.ts'

/* Builds that run on the machine of the service, with a program that reaches for all that is the service's. */

const bwrap = await tryDebianTool('bwrap')
const canary = 'canary-3f1d'
const mirrored = canary.split('').reverse().join('')
const program = [
  process.execPath,
  '--conditions=temper-source',
  fileURLToPath(new URL('./escaped-program.ts', import.meta.url)),
]

let factory: OwnFactory
let archive: ArchiveFolder
beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1' })
  await mkdir(factory.path('data'))
  // What only the service knows stands where a process has such things.
  process.title = canary
})
afterAll(() => factory.remove())

async function start(isolation: string, context: object = {}): Promise<void> {
  const { PATH = '' } = process.env
  const targets = {
    ...{ pid: process.pid, canary: mirrored },
    files: [factory.path('data/keys/factory.key'), factory.path('data/tokens.json'), factory.path('secret')],
    writes: [
      factory.path('data'),
      factory.path('data/builds-cache'),
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
): Promise<{ readonly build: ListedBuild; readonly reached: unknown }> {
  const sent = { name, recipe: archive.recipe(name, ['gadget'], more), files: archive.files }
  const { build: id } = await factory.post<{ build: string }>('/api/recipes', sent)
  const ended = await factory.built(id)
  const log = await (await factory.ask(`/api/builds/${id}/log`)).text()
  const reached = /REACHED (\[.*?\])(?:"|$)/m.exec(log.replaceAll('\\"', '"'))?.[1]
  return { build: ended, reached: JSON.parse(reached ?? 'null') }
}

describe.skipIf(bwrap === undefined)('a build in a sandbox', () => {
  it('reaches nothing of the service', async () => {
    await writeFile(factory.path('secret'), 'x')
    await start('required', { bubblewrap: bwrap })
    const { build: ended, reached } = await build('shop')
    expect([ended.error, ended.state]).toEqual([null, 'published'])
    // Of what runs nothing foreign, builds share packages that they have unpacked.
    expect(reached).toEqual([`write ${factory.path('data/builds-cache')}`])
    for (const each of ['data', 'data/keys'])
      await expect(stat(factory.path(each, 'planted'))).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await (await factory.ask('/readyz')).json()).toEqual({
      status: 'ready',
      builds: { isolation: 'sandbox' },
    })
    expect(await builders('shop', ended)).toEqual([`urn:temper:factory:${factory.host}`])
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
    ...{ fetch: createNodeFetch(), offline: false, insecureRegistries: [factory.host] },
    credentials: async () => ({ kind: 'password', username: 'me', password: factory.token }),
  })
  const reference = parseReference(`${factory.host}/${name}@${digest}`)
  const keys = [factory.path('data/keys/factory.pub')]
  const statements = await trustedStatements({ reference, type: 'slsaprovenance1', keys }, context)
  return statements.map(
    ({ predicate }) => (predicate as { runDetails: { builder: { id: string } } }).runDetails.builder.id,
  )
}
