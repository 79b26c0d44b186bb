import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cleanUp } from '../src/distro/debian/fixtures/mirror.ts'
import { build } from '../src/flows/build/build.ts'
import type { Context } from '../src/flows/context.ts'
import { archiveContext, writeRecipe } from '../src/flows/fixtures/sample-archive.ts'
import { copyImage } from '../src/flows/image/copy.ts'
import { generateKeyFiles } from '../src/flows/trust/generate-keys.ts'
import { trustPolicyOf } from '../src/flows/trust/policy.ts'
import { openStore } from '../src/oci/open-store.ts'
import { parseReference } from '../src/oci/reference.ts'
import { LoopbackRegistry } from '../src/oci/registry/fixtures/loopback/registry.ts'
import type { Policy } from '../src/policy/file/policy.ts'
import { samplePolicy } from '../src/policy/fixtures/sample.ts'
import { smallImage } from './support/small-image.ts'

/* A refused image is never tagged, and nothing of it is written; the gate speaks before the first write. */

let folder = ''
let context: Context
let registry: LoopbackRegistry
/** Method and path of every request that the target got. */
let writes: string[] = []
/** Runs with the first request for the old tag's source, as somebody would who moves a tag. */
let meanwhile: (() => Promise<void>) | undefined
const image = smallImage({ bytes: 1000 })
const other = smallImage({ bytes: 2000, architecture: 'arm64' })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-gate-'))
  ;({ context } = await archiveContext(folder, [{ name: 'web', files: { '/usr/share/web/page': 'hello' } }]))
  registry = await LoopbackRegistry.start({
    intercept: (request) => {
      if (!['GET', 'HEAD'].includes(request.method ?? '')) writes.push(`${request.method} ${request.url}`)
      return false
    },
  })
})
beforeEach(async () => {
  for (const name of ['source', 'target'])
    for (const part of ['blobs', 'manifests', 'tags'] as const) registry.repository(name)[part].clear()
  const store = await openStore(parseReference(`${registry.host}/source`), { fetch: globalThis.fetch })
  for (const each of [image, other]) for (const blob of each.blobs) await store.push(blob)
  await store.tag(image.root, '1')
  writes = []
  meanwhile = undefined
})
afterAll(async () => {
  await registry?.stop()
  await cleanUp()
  await rm(folder, { recursive: true, force: true })
})

/** A policy with one rule of its own. */
function policy(brokenWhen: string, over: Partial<Policy> = {}): Policy {
  const rule = { id: 'own', level: 'error', title: 'it is fine', each: 'image', fix: 'mend it' } as const
  return samplePolicy({ ownRules: [{ ...rule, brokenWhen, origin: 'p.yaml:1' }], ...over })
}

const tags = () => [...registry.repository('target').tags.keys()]
const world = () => ({ ...context, offline: false, fetch: globalThis.fetch })
const copyBy = (by: Policy) =>
  copyImage(
    {
      from: parseReference(`${registry.host}/source:1`),
      to: parseReference(`${registry.host}/target:1`),
      evidence: 'require',
      gate: { policy: by },
    },
    world(),
  )

describe('a copy to a registry', () => {
  it('sets the tag of what is allowed, and tells what was said', async () => {
    const copied = await copyBy(policy('image.user == ""'))
    expect(copied).toMatchObject({ digest: image.root.digest, gate: { allowed: true, policy: 'sample' } })
    expect(tags()).toEqual(['1'])
  })

  it('writes nothing of what is refused', async () => {
    await expect(copyBy(policy('image.user == "65532:65532"'))).rejects.toMatchObject({
      code: 'gate-refused',
      message: expect.stringContaining('The policy sample refuses the image: nothing was copied:\n  own: '),
      details: { gate: { allowed: false, reasons: [{ rule: 'own' }] } },
    })
    expect([writes, tags()]).toEqual([[], []])
  })

  it('leaves a tag where it was', async () => {
    const target = await openStore(parseReference(`${registry.host}/target`), { fetch: globalThis.fetch })
    for (const blob of other.blobs) await target.push(blob)
    await target.tag(other.root, '1')
    await expect(copyBy(policy('true'))).rejects.toMatchObject({ code: 'gate-refused' })
    expect((await target.resolve('1')).digest).toBe(other.root.digest)
  })

  it('is refused where the gate itself fails, too', async () => {
    await expect(copyBy(policy('image.nothing'))).rejects.toMatchObject({ code: 'gate-refused' })
    await expect(copyBy(policy('1 +'))).rejects.toMatchObject({ code: 'bad-policy' })
    expect([writes, tags()]).toEqual([[], []])
  })

  it('holds patterns against where the image will be', async () => {
    const here = [`${registry.host}/target`]
    await expect(copyBy(policy('false', { images: ['registry.example/**'] }))).rejects.toMatchObject({
      code: 'gate-refused',
    })
    expect(tags()).toEqual([])
    await copyBy(policy('false', { images: here }))
    expect(tags()).toEqual(['1'])
  })

  it('publishes the image that was judged, not what its tag means by then', async () => {
    const source = await openStore(parseReference(`${registry.host}/source`), { fetch: globalThis.fetch })
    meanwhile = () => source.tag(other.root, '1')
    const moving: typeof fetch = async (input, init) => {
      // The tag has been looked up: from now on it means the other image.
      const answer = await globalThis.fetch(input, init)
      const move = /\/source\/manifests\/1$/.test(String(input instanceof Request ? input.url : input))
      if (move && meanwhile !== undefined) {
        const run = meanwhile
        meanwhile = undefined
        await run()
      }
      return answer
    }
    const copied = await copyImage(
      {
        from: parseReference(`${registry.host}/source:1`),
        to: parseReference(`${registry.host}/target:1`),
        evidence: 'require',
        gate: { policy: policy('image.platform == "linux/arm64"') },
      },
      { ...world(), fetch: moving },
    )
    expect(meanwhile).toBeUndefined()
    expect((await source.resolve('1')).digest).toBe(other.root.digest)
    expect(copied.digest).toBe(image.root.digest)
    expect(registry.repository('target').tags.get('1')).toBe(image.root.digest)
  })
})

describe('a build', () => {
  let recipes = 0
  const buildBy = async (by: Policy, more: object = {}, here: Partial<Context> = {}) => {
    const name = `web${recipes++}`
    const target = await writeRecipe(folder, { name, packages: ['web'] })
    const layout = { path: join(folder, 'out', name) }
    const copies = [parseReference(`${registry.host}/target:1`)]
    return await build({ target, layout, copies, policy: by, ...more }, { ...world(), ...here })
  }

  const password = async () => 'x'
  const sign = { key: { kind: 'file', path: 'own.key' }, password } as const
  beforeAll(async () => {
    await generateKeyFiles({ prefix: 'own', algorithm: 'ecdsa-p256', password }, context)
  })

  it('publishes what is allowed', async () => {
    const built = await buildBy(policy('image.layers == 0'))
    expect(built).toMatchObject({ gate: { allowed: true }, published: [`${registry.host}/target:1`] })
    expect(tags()).toEqual(['1'])
  })

  it('neither signs nor publishes what is refused', async () => {
    let asked = 0
    const counted = {
      key: { kind: 'file', path: 'none.key' },
      password: async () => String(asked++),
    } as const
    await expect(buildBy(policy('image.layers > 0'), { sign: counted })).rejects.toMatchObject({
      code: 'gate-refused',
      message: expect.stringContaining('it was built, but is not signed and not published'),
    })
    expect([writes, tags(), asked]).toEqual([[], [], 0])
  })

  it.each([
    ['what is asked for', samplePolicy({ evidence: new Map([['signature', 'error']]) })],
    ['a rule', samplePolicy({ rules: new Map([['unsigned', { level: 'error', parameters: {} }]]) })],
  ])('that has to be signed by %s publishes only what somebody who is trusted signed', async (_, signed) => {
    await expect(buildBy(signed)).rejects.toMatchObject({
      code: 'gate-refused',
      message: expect.stringContaining('it was built, but is not published'),
    })
    expect([writes, tags()]).toEqual([[], []])
    await expect(buildBy(signed, { sign })).rejects.toMatchObject({ code: 'gate-refused' })
    expect([writes, tags()]).toEqual([[], []])
    const file = join(folder, 'trust.yaml')
    const rules = `rules: [{ images: ['**/target'], signed-by: [own] }]`
    await writeFile(file, `version: 1\nkeys: { own: own.pub }\n${rules}\n`)
    const built = await buildBy(signed, { sign }, { trust: () => trustPolicyOf(file) })
    expect([built.gate?.allowed, tags()]).toEqual([true, ['1']])
  })
})
