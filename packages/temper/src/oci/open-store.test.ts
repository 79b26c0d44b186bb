import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pushAll, sampleImage, sampleIndex } from './fixtures/sample.ts'
import { openStore, resolveReference, targetName } from './open-store.ts'
import { parseReference } from './reference.ts'

let workingDir: string
beforeAll(async () => {
  workingDir = await mkdtemp(join(tmpdir(), 'temper-open-'))
})
afterAll(() => rm(workingDir, { recursive: true, force: true }))

async function write(text: string, name = 'sample'): Promise<void> {
  const reference = parseReference(text)
  const store = await openStore(reference, { workingDir })
  const image = sampleImage(name)
  await pushAll(store, image)
  await store.tag(image.descriptor, targetName(reference))
  await store.close()
}

async function find(text: string): Promise<string> {
  const reference = parseReference(text)
  const store = await openStore(reference, { workingDir })
  try {
    return (await resolveReference(store, reference)).digest
  } finally {
    await store.close()
  }
}

const { digest } = sampleImage().descriptor

test.each(['oci:a', 'oci-archive:a.tar', 'docker-archive:b.tar'])(
  'finds the image in %s by all its names',
  async (place) => {
    await write(place)
    const name = targetName(parseReference(place))
    for (const text of [place, `${place}:${name}`, `${place}@${digest}`, `${place}:${name}@${digest}`])
      expect(await find(text)).toBe(digest)
    await expect(find(`${place}:other`)).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining(name),
    })
  },
)

test('without a name several images are one too many', async () => {
  await write('oci:several:v1')
  await write('oci:several:v2', 'another')
  await expect(find('oci:several')).rejects.toMatchObject({
    code: 'bad-reference',
    hint: 'Name one: oci:several:v1, oci:several:v2',
  })
  const other = sampleImage('another').descriptor.digest
  expect(await find('oci:several:v2')).toBe(other)
  await expect(find(`oci:several:v1@${other}`)).rejects.toMatchObject({ code: 'digest-mismatch' })
  await expect(find('oci:absent')).rejects.toMatchObject({ code: 'not-found' })
  await expect(find('oci-archive:absent.tar')).rejects.toMatchObject({ code: 'not-found' })
})

test('an index of which one platform is there is that one', async () => {
  const index = sampleIndex('partial')
  const only = sampleImage('partial-arm64', { architecture: 'arm64' })
  const other = sampleImage('partial-amd64', { architecture: 'amd64' })
  const store = await openStore(parseReference('oci:partial'), { workingDir })
  await pushAll(store, only)
  // Docker keeps manifests of other platforms now and then, but not what they name.
  for (const blob of [...other.blobs.slice(1), ...index.blobs.slice(-1)]) await store.push(blob)
  await store.tag(index.descriptor, 'v1')
  for (const name of ['oci:partial:v1', `oci:partial@${index.descriptor.digest}`])
    expect(await find(name)).toBe(only.descriptor.digest)
  await pushAll(store, other)
  expect(await find('oci:partial:v1')).toBe(index.descriptor.digest)
  await store.close()
})

test('names what is written', () => {
  const names = {
    'oci:out/nginx': 'latest',
    'oci:out/nginx:1': '1',
    'registry.example/nginx': 'latest',
    'docker-archive:out/Nginx.tar': 'nginx:latest',
    'docker-archive:out/nginx.tar.gz': 'nginx:latest',
    'docker-archive:-.tar': 'image:latest',
    'docker-archive:x.tar:web:1': 'web:1',
  }
  for (const [text, name] of Object.entries(names)) expect(targetName(parseReference(text))).toBe(name)
})

test('a registry needs the network', async () => {
  await expect(openStore(parseReference('registry.example/nginx'))).rejects.toMatchObject({ code: 'offline' })
})
