import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentProgress } from '../src/base/progress.ts'
import { createContext } from '../src/cli/context.ts'
import { inspectText } from '../src/cli/report/inspect.ts'
import type { Context } from '../src/flows/context.ts'
import { copyImage } from '../src/flows/image/copy.ts'
import { inspect } from '../src/flows/image/inspect.ts'
import { installedPackages } from '../src/flows/image/installed-packages.ts'
import { type SampleEntry, sampleImage as sampleLayers } from '../src/formats/layer/fixtures/sample-image.ts'
import { pushAll, sampleImage, sampleIndex, sampleReferrer } from '../src/oci/fixtures/sample.ts'
import { openLayout } from '../src/oci/layout/layout.ts'
import { parseReference } from '../src/oci/reference.ts'
import { FakeHost } from './support/fake-host.ts'

let folder = ''
let context: Context
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-inspect-'))
  context = await createContext(new FakeHost({ workingDir: folder }), {}, silentProgress)
})
afterEach(() => rm(folder, { recursive: true }))

const file = (path: string, content: string | Uint8Array): SampleEntry => ({ path, type: 'file', content })
const fixture = (path: string) => readFileSync(new URL(`../src/${path}`, import.meta.url))

const stanza = (name: string, version: string, more = '') =>
  `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\n${more}`

describe('installed packages', () => {
  const warnings: string[] = []
  const packagesOf = (...layers: SampleEntry[][]) => {
    warnings.length = 0
    const progress = { ...silentProgress, warn: (message: string) => void warnings.push(message) }
    return installedPackages(sampleLayers(layers), { ...context, progress })
  }

  it("of Debian come from status.d and status, each with its source's name", async () => {
    expect(
      await packagesOf(
        [file('var/lib/dpkg/status.d/zlib1g', stanza('zlib1g', '1:1.3', 'Source: zlib (1:1.3-0)\n'))],
        [file('var/lib/dpkg/status.d/zlib1g.md5sums', 'not a stanza')],
        [
          file(
            'var/lib/dpkg/status',
            `${stanza('adduser', '3', 'Status: install ok installed\n')}\n${stanza('gone', '1', 'Status: deinstall ok config-files\n')}`,
          ),
        ],
      ),
    ).toEqual([
      { type: 'deb', name: 'adduser', version: '3', architecture: 'amd64', source: 'adduser' },
      { type: 'deb', name: 'zlib1g', version: '1:1.3', architecture: 'amd64', source: 'zlib' },
    ])
    expect(warnings).toEqual([])
  })

  it('of Alpine and of distributions with RPM are listed too', async () => {
    const alpine = await packagesOf([
      file('etc/os-release', 'ID=alpine\nVERSION_ID=3.20.3\n'),
      file('lib/apk/db/installed', fixture('inventory/apk/fixtures/installed')),
    ])
    expect(alpine.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'apk busybox',
      'apk busybox-binsh',
      'apk musl',
    ])
    expect(alpine[1]).toEqual({
      type: 'apk',
      name: 'busybox-binsh',
      version: '1.36.1-r29',
      architecture: 'x86_64',
      source: 'busybox',
    })
    const database = gunzipSync(fixture('formats/rpm/fixtures/rpmdb.sqlite.gz'))
    const rpm = await packagesOf([file('var/lib/rpm/rpmdb.sqlite', database)])
    expect(rpm.map(({ type, name, version }) => [type, name, version])).toContainEqual([
      'rpm',
      'temper-sample',
      '2:1.2.3-4.el9',
    ])
  })

  it('are hidden by upper layers, but not by whiteouts of their own layer', async () => {
    const lower = ['a', 'b', 'ab'].map((name) => file(`var/lib/dpkg/status.d/${name}`, stanza(name, '1')))
    const names = async (...upper: SampleEntry[]) =>
      (await packagesOf(lower, upper)).map(({ name, version }) => `${name} ${version}`)
    expect(await names(file('var/lib/dpkg/status.d/.wh.a', ''))).toEqual(['ab 1', 'b 1'])
    expect(
      await names(
        file('var/lib/dpkg/status.d/b', stanza('b', '2')),
        file('var/lib/dpkg/status.d/.wh..wh..opq', ''),
      ),
    ).toEqual(['b 2'])
  })

  it('are listed, with a warning, when a later layer deletes the database and leaves them', async () => {
    const lower = [file('var/lib/dpkg/status.d/a', stanza('a', '1')), file('usr/bin/a', 'a')]
    expect(await packagesOf(lower, [file('var/lib/.wh.dpkg', '')])).toMatchObject([{ name: 'a' }])
    expect(warnings).toEqual([expect.stringContaining('deleted')])
  })

  it('that can be read are listed, with a warning, when the database is damaged', async () => {
    const packages = await packagesOf([
      file('var/lib/dpkg/status', `${stanza('a', '1')}\n\nno colon here\n\n${stanza('b', '1')}`),
    ])
    expect(packages.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(warnings).toEqual([expect.stringMatching(/^\/var\/lib\/dpkg\/status: .*damaged/)])
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
    const summary = await inspect({ reference: parseReference('oci:image'), packages: true }, context)
    expect(summary).toMatchObject({
      digest: index.descriptor.digest,
      platforms: ['linux/amd64', 'linux/arm64'],
      attachments: [{ digest: referrer.descriptor.digest, artifactType: 'application/vnd.example.sbom' }],
    })
    expect(summary.images.map((image) => image.layers.map((each) => each.createdBy))).toEqual([
      ['layer 1', 'layer 2'],
      ['layer 1', 'layer 2'],
    ])
    const plain = (text: string) => text
    const style = { finished: plain, bold: plain, dim: plain, good: plain, warn: plain, bad: plain }
    const text = inspectText(summary, { style, verbose: false })
    for (const word of ['linux/arm64', '65532', '/bin/app', 'layer 2', 'vnd.example.sbom'])
      expect(text).toContain(word)

    const one = { os: 'linux', architecture: 'arm64' } as const
    const chosen = await inspect(
      { reference: parseReference('oci:image:v1'), packages: false, platform: one },
      context,
    )
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
    await expect(
      inspect({ reference: parseReference('oci:two'), packages: false }, context),
    ).rejects.toMatchObject({
      code: 'bad-reference',
      hint: expect.stringContaining('oci:two:one'),
    })
    await expect(
      inspect({ reference: parseReference('oci:none'), packages: false }, context),
    ).rejects.toMatchObject({
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
      {
        from: parseReference('oci:from:v1'),
        to: parseReference('oci-archive:image.tar:v2'),
        evidence: 'require',
      },
      context,
    )
    expect(result.digest).toBe(image.descriptor.digest)
    const summary = await inspect(
      { reference: parseReference('oci-archive:image.tar'), packages: false },
      context,
    )
    expect(summary.digest).toBe(image.descriptor.digest)
    expect(summary.attachments).toHaveLength(1)
  })

  it('gives the copy a name in any case, and says which', async () => {
    const layout = openLayout(join(folder, 'from'))
    const image = sampleImage()
    await pushAll(layout, image)
    await layout.tag(image.descriptor, 'v1')
    const copied = async (from: string, to: string) =>
      (await copyImage({ from: parseReference(from), to: parseReference(to), evidence: 'none' }, context))
        .reference
    expect(await copied('oci:from:v1', 'oci:a')).toBe('oci:a:v1')
    expect(await copied(`oci:from@${image.descriptor.digest}`, 'oci:b')).toBe('oci:b:latest')
    expect(await copied('oci:from:v1', 'docker-archive:c.tar')).toBe('docker-archive:c.tar:c:latest')
    expect(await copied('docker-archive:c.tar', 'oci:d')).toBe('oci:d:latest')
    expect((await inspect({ reference: parseReference('oci:a:v1'), packages: false }, context)).digest).toBe(
      image.descriptor.digest,
    )
  })
})
