import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tryGoTool } from '../../../temper/test/support/go-tool.ts'
import { ArchiveFolder, advisoryOf } from '../factory/archive.ts'
import { type ListedBuild, Service } from '../factory/service.ts'

/* The whole way as somebody meets it who knows Temper by its registry alone: with crane and cosign. */

const [crane, cosign] = [await tryGoTool('crane'), await tryGoTool('cosign')]
const run = promisify(execFile)

let service: Service
let archive: ArchiveFolder
beforeAll(async () => {
  service = await Service.inFolder()
  archive = await ArchiveFolder.make(service.path('mirror'))
  await archive.offer({ gadget: '1.0-1' })
  await service.start()
})
afterAll(() => service.remove())

async function ask(program: string | undefined, ...words: readonly string[]): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    HOME: service.folder,
    COSIGN_PASSWORD: 'a',
    DOCKER_CONFIG: service.path('docker'),
  }
  return (await run(program ?? '', words, { cwd: service.folder, env })).stdout.trim()
}

/** Where the tag is; undefined: nowhere yet. */
const digest = () => ask(crane, 'digest', '--insecure', `${service.host}/shop:1`).catch(() => undefined)

describe.skipIf(crane === undefined || cosign === undefined)('the factory, seen by crane and cosign', () => {
  it('moves the tag to what repairs a finding, signed, within two minutes', async () => {
    await ask(crane, 'auth', 'login', service.host, '-u', 'me', '-p', service.token)
    const recipe = archive.recipe('shop', ['gadget'])
    await service.post('/api/recipes', { name: 'shop', recipe, files: archive.files })
    const first = await service.until(digest, 'the first image')
    const begun = performance.now()
    await archive.offer({ gadget: '1.0-2' })
    await service.feed('DEBIAN-CVE-2026-1000.json', {
      ...advisoryOf('DEBIAN-CVE-2026-1000', 'gadget', '1.0-2'),
      upstream: ['CVE-2026-1000'],
    })
    const next = await service.until(async () => {
      const now = await digest()
      return now === first ? undefined : now
    }, 'the tag to move')
    expect((performance.now() - begun) / 1000).toBeLessThan(120)
    const [newest] = await service.get<readonly ListedBuild[]>('/api/builds')
    const build = await service.built(newest?.id ?? '')
    expect([build.digest, build.reason]).toEqual([
      next,
      'rebuilt because gadget 1.0-2 fixes CVE-2026-1000, high',
    ])
    const { publicKey } = await service.get<{ readonly publicKey: string }>('/api/key')
    await writeFile(service.path('factory.pub'), publicKey)
    // Without a network cosign needs a trust root, even an empty one.
    const root = { mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1' }
    const empty = { tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] }
    await writeFile(service.path('root.json'), JSON.stringify({ ...root, ...empty }))
    const offline = ['--new-bundle-format', '--trusted-root', 'root.json', '--insecure-ignore-tlog']
    const verify = (key: string) =>
      ask(cosign, 'verify', '--key', key, ...offline, '--allow-http-registry', `${service.host}/shop@${next}`)
    expect(await verify('factory.pub')).toContain(next)
    // Nobody else's key will do.
    await ask(cosign, 'generate-key-pair')
    await expect(verify('cosign.pub')).rejects.toThrow()
  }, 600_000)
})
