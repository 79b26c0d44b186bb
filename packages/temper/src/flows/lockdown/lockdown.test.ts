import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { generateKeys } from '../../attest/key/keys.ts'
import { writeFileAtomic } from '../../base/file.ts'
import { sampleImage } from '../../formats/layer/sample-image.ts'
import { openStore } from '../../oci/open-store.ts'
import { parseReference } from '../../oci/reference.ts'
import { jsonBlob } from '../../oci/sample.ts'
import { listEvidence } from '../evidence/list.ts'
import { sampleContext } from '../sample-context.ts'
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
