import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoopbackSigstore } from '../../attest/fixtures/loopback/sigstore.ts'
import { sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { mediaTypes } from '../../model/image.ts'
import type { Reference } from '../../model/reference.ts'
import { jsonBlob } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { openStore } from '../../oci/open-store.ts'
import { writeLayout } from '../assess/fixtures/sample-layout.ts'
import type { Context } from '../context.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { file } from '../harden/fixtures/sample-image.ts'
import { bundleName, bundleType, isPartName } from './content.ts'
import { imageIn, openBundle } from './open.ts'
import { writeBundle } from './write.ts'

let folder = ''
let context: Context
let root = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-bundle-test-'))
  context = sampleContext(folder)
  for (const name of ['one', 'two'])
    await writeLayout(join(folder, name), [[file('etc/same', 'same')], [file(`etc/${name}`, name)]], {})
  // Something that is attached to the first.
  const store = openLayout(join(folder, 'one'))
  const subject = await store.resolve('latest')
  const empty = jsonBlob({}, mediaTypes.ociEmpty)
  await store.push(empty)
  await store.push(
    jsonBlob(
      {
        schemaVersion: 2,
        mediaType: mediaTypes.ociManifest,
        artifactType: 'application/x-note',
        config: empty.descriptor,
        layers: [empty.descriptor],
        subject,
      },
      mediaTypes.ociManifest,
    ),
  )
  await writeFile(join(folder, 'release.pub'), 'a key')
  await writeFile(
    join(folder, 'trust.yaml'),
    "version: 1\nkeys: { release: release.pub }\nrules: [{ images: ['**'], signed-by: [release] }]\n",
  )
  const services = await LoopbackSigstore.start(new Date('2026-05-06T07:08:09Z'))
  root = JSON.stringify(services.trustedRoot())
  await services.stop()
  await writeFile(join(folder, 'root.json'), root)
  await writeFile(join(folder, 'own.yaml'), 'extends: parent.yaml\n')
  await writeFile(join(folder, 'parent.yaml'), 'extends: baseline\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const image = (name: string): Reference => ({ kind: 'oci', path: join(folder, name), tag: 'latest' })
const whole = {
  feeds: false,
  trust: 'trust.yaml',
  trustedRoot: 'root.json',
  policy: 'own.yaml',
} as const

describe('a bundle', () => {
  it.each([{ trustedRoot: 'empty.json' }, { trust: 'rooted.yaml' }])(
    'takes no trusted root along that names no service: %o',
    async (named) => {
      await writeFile(join(folder, 'empty.json'), '{}')
      await writeFile(
        join(folder, 'rooted.yaml'),
        "version: 1\ntrusted-root: empty.json\nkeys: { release: release.pub }\nrules: [{ images: ['**'], signed-by: [release] }]\n",
      )
      const request = { images: [image('one')], output: 'empty.bundle', feeds: false, ...named } as const
      await expect(writeBundle(request, context)).rejects.toMatchObject({ code: 'bad-trust' })
      await expect(readFile(join(folder, 'empty.bundle'))).rejects.toThrow('ENOENT')
    },
  )

  it('has images with what is attached to them, and all that it takes to judge them', async () => {
    const made = await writeBundle(
      { images: [image('two'), image('one')], output: 'a.bundle', ...whole },
      context,
    )
    expect(made.images.map(({ name }) => name)).toEqual(['one:latest', 'two:latest'])
    const bundle = await openBundle({ file: 'a.bundle', digest: made.digest }, context)
    expect(bundle.digest).toBe(made.digest)
    expect(await readFile(bundle.trust ?? '', 'utf8')).toContain('release.pub')
    expect(await readFile(join(bundle.trust ?? '', '../release.pub'), 'utf8')).toBe('a key')
    expect(await readFile(bundle.trustedRoot ?? '', 'utf8')).toBe(root)
    expect(await readFile(bundle.policy ?? '', 'utf8')).toBe('extends: parent.yaml\n')
    expect(await readFile(join(bundle.policy ?? '', '../parent.yaml'), 'utf8')).toContain('baseline')
    const { digest } = imageIn(bundle, 'one:latest')
    const store = await openStore({ kind: 'oci-archive', path: bundle.path })
    const attached: string[] = []
    for await (const each of store.referrers(digest)) attached.push(each.artifactType ?? '')
    await store.close()
    expect(attached).toEqual(['application/x-note'])
    expect(() => imageIn(bundle, 'three')).toThrow('has no image three')
  })

  it('has the same bytes for the same content', async () => {
    const images = [image('one'), image('two')]
    await writeBundle({ images, output: 'b.bundle', ...whole }, context)
    await writeBundle({ images: [...images].reverse(), output: 'c.bundle', ...whole }, context)
    const [b, c] = [await readFile(join(folder, 'b.bundle')), await readFile(join(folder, 'c.bundle'))]
    expect(sha256(b)).toBe(sha256(c))
  })

  it('knows a packaged policy by its name', async () => {
    await writeBundle(
      { images: [image('one')], output: 'd.bundle', feeds: false, policy: 'hardened' },
      context,
    )
    expect((await openBundle({ file: 'd.bundle' }, context)).policy).toBe('hardened')
  })

  it('is another one for whoever expects another', async () => {
    const made = await writeBundle({ images: [image('one')], output: 'e.bundle', feeds: false }, context)
    const digest = sha256('other')
    await expect(openBundle({ file: 'e.bundle', digest }, context)).rejects.toMatchObject({
      code: 'digest-mismatch',
      message: expect.stringContaining(made.digest),
    })
  })

  it('leaves what is there when it cannot be written', async () => {
    await writeFile(join(folder, 'kept.bundle'), 'kept')
    const images = [image('one'), image('missing')]
    await expect(writeBundle({ images, output: 'kept.bundle', feeds: false }, context)).rejects.toThrow()
    expect(await readFile(join(folder, 'kept.bundle'), 'utf8')).toBe('kept')
  })

  it('takes nothing along from elsewhere', async () => {
    await writeFile(
      join(folder, 'far.yaml'),
      "version: 1\nkeys: { far: ../far.pub }\nrules: [{ images: ['**'], signed-by: [far] }]\n",
    )
    const request = { images: [image('one')], output: 'f.bundle', feeds: false, trust: 'far.yaml' } as const
    await expect(writeBundle(request, context)).rejects.toMatchObject({ code: 'bad-trust' })
  })
})

/** A bundle as somebody else may have written it. */
async function forged(
  name: string,
  about: { readonly list: object; readonly parts?: readonly string[]; readonly type?: string },
): Promise<string> {
  const store = await openStore({ kind: 'oci-archive', path: join(folder, name) })
  const source = openLayout(join(folder, 'one'))
  const root = await source.resolve('latest')
  const { copy } = await import('../../oci/copy.ts')
  await copy(source, store, root)
  await store.tag(root, 'one:latest')
  const list = jsonBlob(about.list, 'application/vnd.temper.bundle.list.v1+json')
  const part = jsonBlob({ part: true }, 'application/octet-stream')
  const empty = jsonBlob({}, mediaTypes.ociEmpty)
  const manifest = jsonBlob(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: about.type ?? bundleType,
      config: empty.descriptor,
      layers: [
        list.descriptor,
        ...(about.parts ?? []).map((title) => ({
          ...part.descriptor,
          annotations: { 'org.opencontainers.image.title': title },
        })),
      ],
    },
    mediaTypes.ociManifest,
  )
  for (const blob of [list, part, empty, manifest]) await store.push(blob)
  await store.tag(manifest.descriptor, bundleName)
  await store.close()
  return name
}

describe('a bundle from outside', () => {
  const list = { version: 1, images: [], attached: sha256('') }

  it.each([
    [
      'an image that is another one',
      { list: { ...list, images: [{ name: 'one:latest', digest: sha256('x') }] } },
    ],
    ['a list of another version', { list: { ...list, version: 2 } }],
    ['an image without a digest', { list: { ...list, images: [{ name: 'one:latest' }] } }],
    ['nothing about what is attached', { list: { version: 1, images: [] } }],
    ['a part that leads out', { list, parts: ['../evil'] }],
    ['a part twice', { list, parts: ['trust/a', 'trust/a'] }],
    ['a policy that is not there', { list: { ...list, policy: 'policy/none.yaml' } }],
    ['an artifact of another type', { list, type: 'application/x-other' }],
  ])('is refused with %s', async (what, about) => {
    const name = await forged(`${sha256(canonicalJson(what)).slice(7, 19)}.bundle`, about)
    await expect(openBundle({ file: name }, context)).rejects.toMatchObject({ code: 'bad-image' })
  })

  it('is refused when it is an archive of images and nothing more', async () => {
    const store = await openStore({ kind: 'oci-archive', path: join(folder, 'plain.tar') })
    const source = openLayout(join(folder, 'one'))
    const root = await source.resolve('latest')
    await (await import('../../oci/copy.ts')).copy(source, store, root)
    await store.tag(root, 'one')
    await store.close()
    await expect(openBundle({ file: 'plain.tar' }, context)).rejects.toMatchObject({ code: 'bad-image' })
  })

  it('is read when its list is right', async () => {
    const name = await forged('right.bundle', { list, parts: ['trust/a'] })
    await expect(openBundle({ file: name }, context)).resolves.toMatchObject({ images: [] })
  })

  it.each([
    ['has something attached to it that was not there', { subject: true }],
    ['has a signature of the older scheme that was not there', { tag: true }],
    ['lacks what was attached to it', { referrers: 'skip' }],
  ] as const)('is refused where an image %s, with the digest that it had', async (what, change) => {
    const file = `${sha256(what).slice(7, 19)}.bundle`
    const made = await writeBundle({ images: [image('one')], output: file, feeds: false }, context)
    const { copy } = await import('../../oci/copy.ts')
    const from = await openStore({ kind: 'oci-archive', path: join(folder, file) })
    const to = await openStore({ kind: 'oci-archive', path: join(folder, `changed-${file}`) })
    for (const name of [bundleName, 'one:latest']) {
      const referrers = 'referrers' in change ? change.referrers : 'copy'
      await copy(from, to, await from.resolve(name), { referrers })
      await to.tag(await from.resolve(name), name)
    }
    const root = await from.resolve('one:latest')
    const empty = jsonBlob({}, mediaTypes.ociEmpty)
    const note = jsonBlob(
      {
        schemaVersion: 2,
        mediaType: mediaTypes.ociManifest,
        artifactType: 'application/x-other-note',
        config: empty.descriptor,
        layers: [empty.descriptor],
        ...('subject' in change ? { subject: root } : {}),
      },
      mediaTypes.ociManifest,
    )
    await to.push(empty)
    await to.push(note)
    if ('tag' in change) await to.tag(note.descriptor, `${root.digest.replace(':', '-')}.sig`)
    await to.close()
    await from.close()
    const { digest } = made
    await expect(openBundle({ file, digest }, context)).resolves.toMatchObject({ digest })
    await expect(openBundle({ file: `changed-${file}`, digest }, context)).rejects.toMatchObject({
      code: 'bad-image',
      message: expect.stringContaining('what is attached to its images'),
    })
  })

  it('is refused where a part is not what its digest says', async () => {
    const made = await writeBundle({ images: [image('one')], output: 'g.bundle', ...whole }, context)
    const bytes = await readFile(join(folder, 'g.bundle'))
    const at = bytes.indexOf('a key')
    bytes.write('A', at)
    await writeFile(join(folder, 'h.bundle'), bytes)
    await rm(join(folder, 'cache'), { recursive: true, force: true })
    await expect(openBundle({ file: 'h.bundle', digest: made.digest }, context)).rejects.toMatchObject({
      code: 'digest-mismatch',
    })
  })
})

describe('names of parts', () => {
  it.each(['/etc/passwd', 'trust/../x', 'trust/', 'trust/.hidden', 'policy', 'feeds.index/x', ''])(
    'are never %j',
    (name) => expect(isPartName(name)).toBe(false),
  )
})
