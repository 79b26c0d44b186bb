import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseBundle } from '../../attest/envelope/bundle.ts'
import { generateKeys } from '../../attest/key/keys.ts'
import { parseStatement } from '../../attest/statement/in-toto.ts'
import { sha256 } from '../../base/digest.ts'
import { writeFileAtomic } from '../../base/file.ts'
import { frameworks } from '../../compliance/frameworks.ts'
import { groups } from '../../compliance/groups.ts'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { jsonBlob } from '../../oci/fixtures/sample.ts'
import { openStore } from '../../oci/open-store.ts'
import { parseReference } from '../../oci/reference.ts'
import { imageRules } from '../../rules/image/rules.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { comply } from './comply.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-comply-'))
  const { layers, config, manifest } = sampleImage(
    [[{ path: 'bin/su', type: 'file', mode: 0o4755, uid: 0, gid: 0, content: 'su' }]],
    { User: '65532:65532' },
  )
  const store = await openStore(parseReference(`oci:${folder}/image`), { fetch: globalThis.fetch })
  const blob = jsonBlob(config, manifest.config.mediaType)
  const made = jsonBlob({ ...manifest, config: blob.descriptor }, manifest.mediaType)
  for (const each of [...layers, blob, made]) await store.push(each)
  await store.tag(made.descriptor, 'latest')
  await store.close()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const request = (more = {}) => ({
  reference: parseReference(`oci:${folder}/image`),
  framework: 'cis-docker',
  ...more,
})

describe('frameworks', () => {
  it('name only rules that there are', () => {
    const known = new Set(imageRules.map(({ id }) => id))
    const named = [
      ...frameworks.flatMap(({ controls }) => controls),
      { id: 'groups', rules: Object.values(groups).flat() },
    ]
    const unknown = named.flatMap(({ id, rules }) =>
      rules.filter((rule) => !known.has(rule)).map((rule) => `${id}: ${rule}`),
    )
    expect(unknown).toEqual([])
  })
})

describe('an image', () => {
  it('is held against each control, and is told what it breaks', async () => {
    const { compliance } = await comply(request(), sampleContext(folder))
    const status = (id: string) => compliance.controls.find((control) => control.id === id)?.status
    expect([status('4.1'), status('4.7'), status('4.8')]).toEqual(['pass', 'manual', 'fail'])
    expect(compliance.controls.find(({ id }) => id === '4.8')?.evidence[0]).toMatchObject({
      rule: 'setuid',
      outcome: 'broken',
      examples: ['/bin/su: setuid (mode 4755)'],
    })
  })

  it('has a pack whose manifest lists every file by its digest, the same each time', async () => {
    const { files } = await comply(request(), sampleContext(folder))
    const manifest = JSON.parse(Buffer.from(files.at(-1)?.bytes ?? []).toString())
    expect(files.at(-1)?.name).toBe('manifest.json')
    expect(
      manifest.files.map(({ name, digest }: { name: string; digest: string }) => [name, digest]),
    ).toEqual(files.slice(0, -1).map(({ name, bytes }) => [name, sha256(bytes)]))
    expect((await comply(request(), sampleContext(folder))).files).toEqual(files)
  })

  it('has a manifest that is signed, and attached when that is asked for', async () => {
    const { privatePem } = await generateKeys('ecdsa-p256', '')
    await writeFileAtomic(join(folder, 'k.key'), privatePem)
    const signer = { key: { kind: 'file', path: 'k.key' }, password: async () => '' } as const
    const { files, compliance } = await comply(request({ signer, attach: true }), sampleContext(folder))
    const bundle = files.find(({ name }) => name === 'manifest.sigstore.json')
    const { envelope } = parseBundle(bundle?.bytes ?? new Uint8Array(), 'here')
    const statement = parseStatement(envelope?.payload ?? new Uint8Array(), 'here')
    expect(statement).toMatchObject({
      predicateType: 'urn:temper:compliance:pack:v1',
      predicate: { framework: 'cis-docker', image: { digest: compliance.image.digest } },
    })
    const store = await openStore(parseReference(`oci:${folder}/image`), { fetch: globalThis.fetch })
    const attached = []
    for await (const each of store.referrers(compliance.image.digest ?? sha256(''))) attached.push(each)
    expect(attached).toHaveLength(1)
  })

  it('is not held against what nobody knows', async () => {
    await expect(comply(request({ framework: 'cis-doker' }), sampleContext(folder))).rejects.toMatchObject({
      code: 'bad-usage',
      hint: expect.stringContaining('Did you mean cis-docker?'),
    })
  })
})
