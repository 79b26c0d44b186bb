import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { generateKeys } from '../../attest/key/keys.ts'
import { writeFileAtomic } from '../../base/file.ts'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { mediaTypes } from '../../model/image.ts'
import { jsonBlob } from '../../oci/fixtures/sample.ts'
import { openStore } from '../../oci/open-store.ts'
import { parseReference } from '../../oci/reference.ts'
import { listEvidence } from '../evidence/list.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { lockdown, lockdownType } from './lockdown.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-lockdown-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A layout with an image that has this configuration. */
async function layout(change: object = {}): Promise<ReturnType<typeof parseReference>> {
  const { config, manifest } = sampleImage([], { User: '7:8', ExposedPorts: { '80/tcp': {} } })
  const reference = parseReference(`oci:${folder}/image`)
  const store = await openStore(reference, { fetch: globalThis.fetch })
  const blob = jsonBlob({ ...config, ...change }, manifest.config.mediaType)
  const made = jsonBlob({ ...manifest, config: blob.descriptor }, manifest.mediaType)
  for (const each of [blob, made]) await store.push(each)
  await store.tag(made.descriptor, 'latest')
  await store.close()
  return reference
}

it('is told for what runs it, and attached with a signature that verifies', async () => {
  const reference = await layout()
  const { privatePem, publicPem } = await generateKeys('ecdsa-p256', '')
  await writeFileAtomic(join(folder, 'k.key'), privatePem)
  await writeFileAtomic(join(folder, 'k.pub'), publicPem)
  const context = sampleContext(folder)
  const signer = { key: { kind: 'file', path: 'k.key' }, password: async () => '' } as const
  const result = await lockdown(
    { reference, target: 'docker', name: 'registry.example/web', signer },
    context,
  )
  expect(result.text).toContain('--user 7:8 --read-only')
  expect(result.text).toContain(`registry.example/web@${result.lockdown.image.split('@')[1]}\n`)
  const { evidence } = await listEvidence({ reference, keys: ['k.pub'] }, context)
  expect(evidence).toMatchObject([{ type: lockdownType, verified: true, digest: result.attached }])
})

it('is refused for what is no container of Linux', async () => {
  const reference = await layout({ os: 'windows' })
  await expect(lockdown({ reference, target: 'docker' }, sampleContext(folder))).rejects.toMatchObject({
    code: 'bad-image',
  })
})

describe('an image for several platforms', () => {
  /** An index of images that differ as said, which lie in a layout. */
  async function several(...configs: readonly object[]) {
    const reference = parseReference(`oci:${folder}/several`)
    const store = await openStore(reference, { fetch: globalThis.fetch })
    const manifests: object[] = []
    for (const [at, change] of configs.entries()) {
      const { config, manifest } = sampleImage([])
      const architecture = at === 0 ? 'amd64' : 'arm64'
      const blob = jsonBlob({ ...config, architecture, config: change }, manifest.config.mediaType)
      const made = jsonBlob({ ...manifest, config: blob.descriptor }, manifest.mediaType)
      for (const each of [blob, made]) await store.push(each)
      manifests.push({ ...made.descriptor, platform: { os: 'linux', architecture } })
    }
    const index = jsonBlob(
      { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests },
      mediaTypes.ociIndex,
    )
    await store.push(index)
    await store.tag(index.descriptor, 'latest')
    await store.close()
    return { reference, digest: index.descriptor.digest }
  }

  it('runs in one way, under the digest of all of them', async () => {
    const { reference, digest } = await several({ User: '7:8' }, { User: '7:8' })
    const { lockdown: plan, output } = await lockdown({ reference, target: 'compose' }, sampleContext(folder))
    expect(plan.image).toBe(`app@${digest}`)
    expect(output).toMatchObject([{ services: { app: { user: '7:8', read_only: true } } }])
  })

  it.each([
    ['users', { User: '7:8' }, { User: '9:8' }],
    ['ports', { User: '7', ExposedPorts: { '80/tcp': {} } }, { User: '7' }],
    ['folders', { User: '7', Volumes: { '/data': {} } }, { User: '7' }],
  ])('whose %s differ asks for one of them, which may then be chosen', async (_, first, second) => {
    const { reference, digest } = await several(first, second)
    const context = sampleContext(folder)
    await expect(lockdown({ reference, target: 'docker' }, context)).rejects.toMatchObject({
      code: 'bad-usage',
      next: { action: 'choose-platform' },
      message: expect.stringMatching(/^linux\/amd64 and linux\/arm64 of the image/),
    })
    const platform = { os: 'linux', architecture: 'arm64' }
    const chosen = await lockdown({ reference, platform, target: 'docker' }, context)
    expect(chosen.lockdown.image).toBe(`app@${digest}`)
    expect(chosen.output).toContain(`--user`)
  })

  it('without images cannot run at all', async () => {
    const { reference } = await several()
    await expect(lockdown({ reference, target: 'docker' }, sampleContext(folder))).rejects.toMatchObject({
      code: 'bad-image',
    })
  })
})

describe('the name of what runs', () => {
  const nameOf = async (Labels: Record<string, string>, name?: string) => {
    const { config } = sampleImage([], { User: '7:8', Labels })
    const reference = await layout({ config: config.config })
    const request = { reference, target: 'kubernetes', ...(name === undefined ? {} : { name }) } as const
    return (await lockdown(request, sampleContext(folder))).lockdown.image.split('@')[0]
  }
  it.each([
    ['web', 'web'],
    ['my-web.app_1', 'my-web.app_1'],
    ['Web', 'app'],
    ['../web', 'app'],
    ['web: evil', 'app'],
    ['', 'app'],
    ['a'.repeat(101), 'app'],
  ])('is the title %j of an image in a folder, where it can be one: %s', async (title, expected) => {
    expect(await nameOf({ 'org.opencontainers.image.title': title })).toBe(expected)
  })

  it('is what the person says', async () => {
    expect(await nameOf({ 'org.opencontainers.image.title': 'web' }, 'registry.example/x')).toBe(
      'registry.example/x',
    )
  })
})
