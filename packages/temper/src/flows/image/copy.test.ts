import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hexOf } from '../../base/digest.ts'
import type { Store } from '../../model/store.ts'
import { pushAll, sampleImage, sampleIndex, sampleReferrer } from '../../oci/fixtures/sample.ts'
import { openStore } from '../../oci/open-store.ts'
import { parseReference } from '../../oci/reference.ts'
import { refusals } from '../../oci/registry/fixtures/loopback/quirks.ts'
import {
  LoopbackRegistry,
  type LoopbackRegistryOptions,
} from '../../oci/registry/fixtures/loopback/registry.ts'
import type { Context } from '../context.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { type CopyRequest, copyImage } from './copy.ts'

const index = sampleIndex()
const sbom = sampleReferrer(index.descriptor, 'application/vnd.example.sbom', 'sbom')
const signature = sampleReferrer(sbom.descriptor, 'application/vnd.example.signature', 'signature')
const { digest } = index.descriptor

let context: Context
const registries: LoopbackRegistry[] = []
beforeEach(() => {
  context = { ...sampleContext('/nowhere'), offline: false, fetch: globalThis.fetch }
})
afterEach(async () => {
  for (const registry of registries.splice(0)) await registry.stop()
})

async function start(options: LoopbackRegistryOptions = {}): Promise<LoopbackRegistry> {
  const registry = await LoopbackRegistry.start(options)
  registries.push(registry)
  return registry
}

const open = (text: string): Promise<Store> => openStore(parseReference(text), { fetch: globalThis.fetch })

/** A registry with the index, its SBOM and the signature of that; by the tags that it gets. */
async function source(...tags: readonly string[]): Promise<string> {
  const reference = `${(await start()).host}/team/app`
  const store = await open(reference)
  for (const sample of [index, sbom, signature]) await pushAll(store, sample)
  for (const tag of tags) await store.tag(index.descriptor, tag)
  return reference
}

const tagsOf = (registry: LoopbackRegistry) => [...registry.repository('b').tags.keys()]
const manifestsOf = (registry: LoopbackRegistry) => [...registry.repository('b').manifests.keys()]

/** Copies between places that are named as text. */
function copyNamed(
  { from, to, evidence }: { from: string; to: string } & Pick<CopyRequest, 'evidence'>,
  world: Context,
) {
  return copyImage({ from: parseReference(from), to: parseReference(to), evidence }, world)
}

describe('a copy to a registry', () => {
  test.each([
    ['has the tag that it was given', ':1', ':2', ':2', ['2']],
    ['has the tag of the source', ':1', '', ':1', ['1']],
    ['of what is called latest is called so too', '', '', ':latest', ['latest']],
    ['by digest has no tag', `@${digest}`, '', `@${digest}`, []],
    ['by digest at both ends has no tag', `@${digest}`, `@${digest}`, `@${digest}`, []],
    ['of a tag to a digest has no tag', ':1', `@${digest}`, `@${digest}`, []],
    ['of a tag that is pinned keeps it', `:1@${digest}`, '', ':1', ['1']],
    ['to a tag that is pinned gets it', ':1', `:3@${digest}`, `:3@${digest}`, ['3']],
  ])('%s', async (_, from, to, reference, tags) => {
    const place = await source('1', 'latest')
    const target = await start()
    const copied = await copyNamed(
      { from: place + from, to: `${target.host}/b${to}`, evidence: 'require' },
      context,
    )
    expect(copied).toMatchObject({ reference: `${target.host}/b${reference}`, digest, refused: [] })
    expect(tagsOf(target)).toEqual(tags)
    expect(manifestsOf(target)).toContain(signature.descriptor.digest)
  })

  test('is refused when the target names another digest', async () => {
    const to = `${(await start()).host}/b@sha256:${'0'.repeat(64)}`
    const from = await source('latest')
    await expect(copyNamed({ from, to, evidence: 'require' }, context)).rejects.toMatchObject({
      code: 'bad-usage',
      message: expect.stringContaining(digest),
    })
  })
})

describe('evidence', () => {
  test('that has to come along and is refused leaves the tag where it was', async () => {
    const target = await start(refusals['nothing but images (older Quay)'])
    const old = sampleImage('old')
    const store = await open(`${target.host}/b`)
    await pushAll(store, old)
    await store.tag(old.descriptor, '1')
    const request = { from: await source('1'), to: `${target.host}/b:1`, evidence: 'require' } as const
    await expect(copyNamed({ ...request, from: `${request.from}:1` }, context)).rejects.toMatchObject({
      message: expect.stringMatching(
        /refused what is attached to the image \([^)]*sbom\)\. .*MANIFEST_INVALID/,
      ),
      next: { action: 'publish-without-evidence' },
    })
    expect(target.repository('b').tags.get('1')).toBe(old.descriptor.digest)
  })

  test('that is tried and refused is told, and the image is published', async () => {
    const target = await start(refusals['nothing but images (older Quay)'])
    const from = `${await source('1')}:1`
    const { refused } = await copyNamed({ from, to: `${target.host}/b:1`, evidence: 'try' }, context)
    expect(refused.map((each) => [each.digest, each.type])).toEqual([
      [sbom.descriptor.digest, 'application/vnd.example.sbom'],
      [signature.descriptor.digest, 'application/vnd.example.signature'],
    ])
    expect(refused[0]?.reason).toContain('MANIFEST_INVALID')
    expect(target.repository('b').tags.get('1')).toBe(digest)
  })

  test('that is tried counts a list of referrers as refused when the registry takes no tags for it', async () => {
    const target = await start({
      referrers: { status: 404 },
      ociSubject: false,
      intercept: (request, response) => {
        if (request.method !== 'PUT' || !/manifests\/sha256-/.test(request.url ?? '')) return false
        request.resume()
        response.writeHead(400).end()
        return true
      },
    })
    const from = `${await source('1')}:1`
    const { refused } = await copyNamed({ from, to: `${target.host}/b:1`, evidence: 'try' }, context)
    expect(refused).toHaveLength(2)
    expect(tagsOf(target)).toEqual(['1'])
  })

  test.each([401, 429, 503])('is not called refused for status %d', async (status) => {
    const target = await start({
      intercept: (request, response) => {
        if (request.method !== 'PUT' || !request.url?.endsWith(sbom.descriptor.digest)) return false
        request.resume()
        response.writeHead(status, { 'retry-after': '0' }).end()
        return true
      },
    })
    const from = `${await source('1')}:1`
    await expect(copyNamed({ from, to: `${target.host}/b:1`, evidence: 'try' }, context)).rejects.toThrow()
    expect(tagsOf(target)).toEqual([])
  })

  test('that is left behind is not asked for', async () => {
    const target = await start()
    const from = `${await source('1')}:1`
    await copyNamed({ from, to: `${target.host}/b:1`, evidence: 'none' }, context)
    expect(manifestsOf(target)).toHaveLength(3)
  })

  test("of cosign's older scheme is told by its tag", async () => {
    const place = await source('1')
    const store = await open(place)
    const older = `sha256-${hexOf(digest)}.sig`
    const attached = sampleImage('signature of the older scheme')
    await pushAll(store, attached)
    await store.tag(attached.descriptor, older)
    const target = await start({
      intercept: (request, response) => {
        if (request.method !== 'PUT' || !request.url?.endsWith('.sig')) return false
        request.resume()
        response.writeHead(403).end()
        return true
      },
    })
    const copied = await copyNamed({ from: `${place}:1`, to: `${target.host}/b:1`, evidence: 'try' }, context)
    expect(copied.refused.map(({ type }) => type)).toEqual([older])
    expect(tagsOf(target)).toEqual(['1'])
  })
})
