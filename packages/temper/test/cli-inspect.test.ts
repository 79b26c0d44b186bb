import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentProgress } from '../src/base/progress.ts'
import { createContext } from '../src/cli/context.ts'
import { inspectText } from '../src/cli/report/inspect.ts'
import type { Context } from '../src/flows/context.ts'
import { copyImage } from '../src/flows/image/copy.ts'
import { inspect } from '../src/flows/image/inspect.ts'
import { installedPackages } from '../src/flows/image/installed-packages.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../src/formats/tar/write.ts'
import type { Layer } from '../src/model/image.ts'
import { openLayout } from '../src/oci/layout/layout.ts'
import { blobOf, pushAll, sampleImage, sampleIndex, sampleReferrer } from '../src/oci/sample.ts'
import { FakeHost } from './support/fake-host.ts'

let folder = ''
let context: Context
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-inspect-'))
  context = await createContext(new FakeHost({ workingDir: folder }), {}, silentProgress)
})
afterEach(() => rm(folder, { recursive: true }))

function tar(files: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(files).flatMap(([path, text]) => {
    const content = Buffer.from(text)
    const entry = { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: 0 } as const
    return [encodeTarHeader(entry), content, tarPadding(content.length)]
  })
  return Buffer.concat([...parts, tarEnd])
}

function layer(
  files: Readonly<Record<string, string>>,
  compress: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Layer {
  const blob = blobOf(compress(tar(files)))
  return { ...blob, diffId: blob.descriptor.digest }
}

const stanza = (name: string, version: string, more = '') =>
  `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\n${more}`

describe('installed packages', () => {
  it('come from status.d and status, whatever the compression', async () => {
    const packages = await installedPackages(
      [
        layer(
          { 'var/lib/dpkg/status.d/zlib1g': stanza('zlib1g', '1:1.3', 'Source: zlib (1:1.3-0)\n') },
          gzipSync,
        ),
        layer({ 'var/lib/dpkg/status.d/zlib1g.md5sums': 'not a stanza' }, zstdCompressSync),
        layer({
          'var/lib/dpkg/status': `${stanza('adduser', '3', 'Status: install ok installed\n')}\n${stanza('gone', '1', 'Status: deinstall ok config-files\n')}`,
        }),
      ],
      context,
    )
    expect(packages).toEqual([
      { name: 'adduser', version: '3', architecture: 'amd64', source: 'adduser' },
      { name: 'zlib1g', version: '1:1.3', architecture: 'amd64', source: 'zlib' },
    ])
  })

  it('are hidden by upper layers, but not by whiteouts of their own layer', async () => {
    const lower = layer({
      'var/lib/dpkg/status.d/a': stanza('a', '1'),
      'var/lib/dpkg/status.d/b': stanza('b', '1'),
      'var/lib/dpkg/status.d/ab': stanza('ab', '1'),
    })
    const names = async (...layers: Layer[]) =>
      (await installedPackages(layers, context)).map(({ name, version }) => `${name} ${version}`)
    expect(await names(lower, layer({ 'var/lib/dpkg/status.d/.wh.a': '' }))).toEqual(['ab 1', 'b 1'])
    expect(await names(lower, layer({ 'var/lib/.wh.dpkg': '' }))).toEqual([])
    const opaque = { 'var/lib/dpkg/status.d/b': stanza('b', '2'), 'var/lib/dpkg/status.d/.wh..wh..opq': '' }
    expect(await names(lower, layer(opaque))).toEqual(['b 2'])
    expect(await names(lower, layer({ '.wh..wh..opq': '' }))).toEqual([])
  })

  it('say so when the database is damaged', async () => {
    await expect(
      installedPackages([layer({ 'var/lib/dpkg/status': 'no colon here' })], context),
    ).rejects.toMatchObject({
      code: 'bad-image',
    })
  })
})

describe('inspect', () => {
  it('shows every platform and what is attached', async () => {
    const layout = openLayout(join(folder, 'image'))
    const index = sampleIndex()
    const referrer = sampleReferrer(index.descriptor, 'application/vnd.example.sbom')
    await pushAll(layout, index)
    await layout.tag(index.descriptor, 'v1')
    await pushAll(layout, referrer)
    const found = await inspect({ reference: 'oci:image', packages: true }, context)
    expect(found).toMatchObject({
      digest: index.descriptor.digest,
      platforms: ['linux/amd64', 'linux/arm64'],
      attachments: [{ digest: referrer.descriptor.digest, artifactType: 'application/vnd.example.sbom' }],
    })
    expect(found.images.map((image) => image.layers.map((each) => each.createdBy))).toEqual([
      ['layer 1', 'layer 2'],
      ['layer 1', 'layer 2'],
    ])
    const plain = (text: string) => text
    const style = { finished: plain, bold: plain, dim: plain, good: plain, warn: plain, bad: plain }
    const text = inspectText(found, { style, verbose: false })
    for (const word of ['linux/arm64', '65532', '/bin/app', 'layer 2', 'vnd.example.sbom'])
      expect(text).toContain(word)

    const one = { os: 'linux', architecture: 'arm64' } as const
    const chosen = await inspect({ reference: 'oci:image:v1', packages: false, platform: one }, context)
    expect(chosen.images.map((image) => [image.platform, image.packages])).toEqual([
      ['linux/arm64', undefined],
    ])
  })

  it('asks which image is meant, and says when there is none', async () => {
    const layout = openLayout(join(folder, 'two'))
    for (const name of ['one', 'two']) {
      const image = sampleImage(name)
      await pushAll(layout, image)
      await layout.tag(image.descriptor, name)
    }
    await expect(inspect({ reference: 'oci:two', packages: false }, context)).rejects.toMatchObject({
      code: 'bad-reference',
      hint: expect.stringContaining('oci:two:one'),
    })
    await expect(inspect({ reference: 'oci:none', packages: false }, context)).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})

describe('copy', () => {
  it('takes the image, what is attached, and the tag', async () => {
    const layout = openLayout(join(folder, 'from'))
    const image = sampleImage()
    const referrer = sampleReferrer(image.descriptor, 'application/vnd.example.sbom')
    await pushAll(layout, image)
    await layout.tag(image.descriptor, 'v1')
    await pushAll(layout, referrer)
    const result = await copyImage(
      { from: 'oci:from:v1', to: 'oci-archive:image.tar:v2', referrers: true },
      context,
    )
    expect(result.digest).toBe(image.descriptor.digest)
    const found = await inspect({ reference: 'oci-archive:image.tar', packages: false }, context)
    expect(found.digest).toBe(image.descriptor.digest)
    expect(found.attachments).toHaveLength(1)
  })

  it('gives the copy a name in any case, and says which', async () => {
    const layout = openLayout(join(folder, 'from'))
    const image = sampleImage()
    await pushAll(layout, image)
    await layout.tag(image.descriptor, 'v1')
    const copied = async (from: string, to: string) =>
      (await copyImage({ from, to, referrers: false }, context)).reference
    expect(await copied('oci:from:v1', 'oci:a')).toBe('oci:a:v1')
    expect(await copied(`oci:from@${image.descriptor.digest}`, 'oci:b')).toBe('oci:b:latest')
    expect(await copied('oci:from:v1', 'docker-archive:c.tar')).toBe('docker-archive:c.tar:c:latest')
    expect(await copied('docker-archive:c.tar', 'oci:d')).toBe('oci:d:latest')
    expect((await inspect({ reference: 'oci:a:v1', packages: false }, context)).digest).toBe(
      image.descriptor.digest,
    )
  })

  it('refuses a digest as the target', async () => {
    const to = `oci:to@sha256:${'0'.repeat(64)}`
    await expect(copyImage({ from: 'oci:from', to, referrers: false }, context)).rejects.toMatchObject({
      code: 'bad-usage',
    })
  })
})
