import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoopbackSigstore } from '../../../temper/src/attest/fixtures/loopback/sigstore.ts'
import { tryGoTool } from '../../../temper/test/support/go-tool.ts'
import { temper } from '../../../temper/test/support/temper-cli.ts'
import { ArchiveFolder, notReached } from '../factory/archive.ts'
import { OwnFactory } from '../factory/own-factory.ts'

/* What a service without a key signs, as cosign verifies it: before and after it had a key, and with its database lost. */

const run = promisify(execFile)
const cosignProgram = await tryGoTool('cosign')
const me = 'https://kubernetes.io/namespaces/images/serviceaccounts/temper'
/** What is attached to each image that is published. */
const attached = ['slsaprovenance1', 'spdxjson', 'cyclonedx', 'openvex'] as const

let factory: OwnFactory
let archive: ArchiveFolder
let services: LoopbackSigstore
let rest: object

const statement = notReached('CVE-2026-1001', 'gadget')

beforeAll(async () => {
  factory = await OwnFactory.inFolder()
  // cosign goes by the clock of this machine.
  services = await LoopbackSigstore.start(new Date())
  archive = await ArchiveFolder.make(factory.path('mirror'))
  await archive.offer({ gadget: '1.0-1' })
  await writeFile(factory.path('root.json'), JSON.stringify(services.trustedRoot()))
  await mkdir(factory.path('home'))
  const { addresses, url: issuer } = services
  rest = {
    keyless: { ...addresses, identity: me, issuer, identityTokenFile: factory.path('token') },
    trustedRootFile: factory.path('root.json'),
    earlierKeyFiles: [factory.path('data/keys/factory.pub')],
  }
}, 120_000)
afterAll(async () => {
  await factory?.remove()
  await services?.stop()
})

async function build(more = ''): Promise<string> {
  services.now = new Date()
  await writeFile(factory.path('token'), services.token(me))
  const files = { ...archive.files, 'recipe.openvex.json': JSON.stringify(statement) }
  const recipe = archive.recipe('shop', ['gadget'], more)
  const asked = { name: 'shop', recipe, files }
  const { build: id } = await factory.post<{ build: string }>('/api/recipes', asked)
  const { error, digest } = await factory.built(id)
  expect(error).toBeNull()
  return digest ?? ''
}

/** The logins of whoever pulls: the port is another one after each start. */
async function logIn(): Promise<void> {
  const auth = Buffer.from(`me:${factory.token}`).toString('base64')
  await writeFile(factory.path('config.json'), JSON.stringify({ auths: { [factory.host]: { auth } } }))
}

const identified = (who = me, issuer = services.url) => [
  '--certificate-identity',
  who,
  '--certificate-oidc-issuer',
  issuer,
]

async function cosign(command: string, ...words: readonly string[]) {
  const env = { ...process.env, HOME: factory.path('home'), DOCKER_CONFIG: factory.folder }
  const flags = ['--new-bundle-format', '--allow-http-registry', '--trusted-root', factory.path('root.json')]
  return await run(cosignProgram ?? '', [command, ...flags, ...words], { env, maxBuffer: 64 << 20 }).then(
    ({ stdout }) => ({ isGood: true, text: stdout }),
    ({ stderr }: { stderr: string }) => ({ isGood: false, text: stderr }),
  )
}

/** Whether cosign takes the signature and all that is attached for somebody's. */
async function taken(digest: string, signer: readonly string[]): Promise<Readonly<Record<string, boolean>>> {
  await logIn()
  const subject = `${factory.host}/shop@${digest}`
  const seen: Record<string, boolean> = { signature: (await cosign('verify', ...signer, subject)).isGood }
  for (const type of attached) {
    const { isGood, text } = await cosign('verify-attestation', '--type', type, ...signer, subject)
    if (isGood) {
      const envelope = JSON.parse(text.split('\n').find((line) => line.startsWith('{')) ?? '{}')
      const about = JSON.parse(Buffer.from(envelope.payload, 'base64').toString())
      expect(about.subject[0].digest.sha256).toBe(digest.slice(7))
    }
    seen[type] = isGood
  }
  return seen
}

const all = (is: boolean) => Object.fromEntries(['signature', ...attached].map((name) => [name, is]))
const byKey = () => ['--key', factory.path('data/keys/factory.pub'), '--insecure-ignore-tlog']

async function ours(digest: string, ...words: readonly string[]): Promise<number | null> {
  await logIn()
  const needs = ['provenance', 'spdx', 'openvex'].flatMap((name) => ['--require', name])
  const asked = ['verify', `${factory.host}/shop@${digest}`, ...needs, ...words]
  return (await temper(asked, { env: { DOCKER_CONFIG: factory.folder } })).code
}

describe.skipIf(cosignProgram === undefined)('a service without a key, seen by cosign', () => {
  let [first, second, third] = ['', '', '']

  it('signs with a key first', async () => {
    await factory.start()
    first = await build()
    expect(await taken(first, byKey())).toEqual(all(true))
    expect(await taken(first, identified())).toEqual(all(false))
    await factory.stop()
  }, 300_000)

  it('signs and attests as who it is, and nobody else has', async () => {
    await factory.start({}, { factory: rest })
    second = await build('environment: {COLOUR: red}\n')
    expect(await taken(second, identified())).toEqual(all(true))
    expect(await taken(second, identified(`${me}-2`))).toEqual(all(false))
    expect(await taken(second, identified(me, 'https://other.example'))).toEqual(all(false))
    expect(await taken(second, byKey())).toEqual(all(false))
    // The one before stays the key's.
    expect(await taken(first, byKey())).toEqual(all(true))
    const us = ['--identity', me, '--issuer', services.url, '--trusted-root', factory.path('root.json')]
    expect([await ours(second, ...us), await ours(first, ...us)]).toEqual([0, 1])
  }, 600_000)

  it('tells the world of its images as one with a key does', async () => {
    const vex = await factory.ask('/api/vex/repository.tar.gz')
    await writeFile(factory.path('vex.tar.gz'), Buffer.from(await vex.arrayBuffer()))
    await run('tar', ['-xzf', factory.path('vex.tar.gz'), '-C', factory.path('home')])
    const document = JSON.parse(await readFile(factory.path('home/pkg/oci/shop/vex.json'), 'utf8'))
    const products = document.statements.flatMap((each: (typeof statement.statements)[0]) =>
      each.products.map((product) => decodeURIComponent(product['@id'])),
    )
    expect(products.toSorted()).toEqual([first, second].map((digest) => `pkg:oci/shop@${digest}`).toSorted())
    expect((await factory.ask('/api/osv/all.zip')).status).toBe(200)
  }, 120_000)

  it('is the same after its database is lost, and after it is restored elsewhere', async () => {
    const told = async () => [
      await factory.image('shop'),
      await factory.get<object>(`/api/images/shop/${first}`),
      await factory.get<object>(`/api/images/shop/${second}`),
    ]
    const before = await told()
    await factory.stop()
    await rm(factory.path('data/database'), { recursive: true })
    await factory.start({}, { factory: rest })
    expect(await told()).toEqual(before)
    await factory.stop()
    const { code, stderr } = await temper(['backup', factory.path('backup'), '--data', factory.path('data')])
    expect([code, stderr]).toEqual([0, expect.anything()])
    await rm(factory.path('data'), { recursive: true })
    expect((await temper(['restore', factory.path('backup'), '--data', factory.path('data')])).code).toBe(0)
    await factory.start({}, { factory: rest })
    expect(await told()).toEqual(before)
    expect(await taken(second, identified())).toEqual(all(true))
  }, 600_000)

  it('signs with a key again, and what it signed without one stays good', async () => {
    await factory.stop()
    const earlierIdentities = [{ identity: me, issuer: services.url }]
    await factory.start({}, { factory: { earlierIdentities, trustedRootFile: factory.path('root.json') } })
    third = await build('environment: {COLOUR: green}\n')
    expect(await taken(third, byKey())).toEqual(all(true))
    expect(await taken(third, identified())).toEqual(all(false))
    expect(await taken(second, identified())).toEqual(all(true))
  }, 600_000)
})
