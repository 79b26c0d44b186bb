import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SampleEntry } from '../../formats/layer/fixtures/sample-image.ts'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { isComplete } from '../../model/advisory/scan-report.ts'
import { mediaTypes } from '../../model/image.ts'
import { parsePlatform } from '../../model/platform.ts'
import { jsonBlob } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import { feedsContext } from '../feeds/fixtures/sample.ts'
import { importFeeds } from '../feeds/import.ts'
import { scan } from './scan.ts'

/* The property of advisory/match/check-mark.test.ts on whole images, with every set of feeds that there may be. */

interface World {
  /** Layers by platform; one image where there is one, else an index. */
  readonly images: Readonly<Record<string, readonly (readonly SampleEntry[])[]>>
  /** Records as [ecosystem, package, fixed]; whole lists name the ecosystems that they are all of. */
  readonly feeds: Readonly<Record<string, FeedOfTest>>
  /** How many of all sets of feeds, on all platforms, leave a check mark. */
  readonly marks: number
}
interface FeedOfTest {
  readonly whole?: readonly string[]
  readonly records: readonly (readonly [ecosystem: string, name: string, fixed: string])[]
}

const file = (path: string, content: string): SampleEntry => ({ path, type: 'file', content })
const release = (text: string) => file('etc/os-release', text)
const rpms = (...packages: readonly (readonly [name: string, version: string])[]) =>
  file(
    'var/lib/rpmmanifest/container-manifest-2',
    packages.map(([name, version]) => `${name}\t${version}\t\t\t\t\t\tx86_64\t\t\t0\n`).join(''),
  )
const debs = (...packages: readonly (readonly [name: string, version: string])[]) =>
  file(
    'var/lib/dpkg/status',
    packages
      .map(
        ([name, version]) =>
          `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\nArchitecture: amd64\n\n`,
      )
      .join(''),
  )
const apks = (...packages: readonly (readonly [name: string, version: string])[]) =>
  file(
    'lib/apk/db/installed',
    packages.map(([name, version]) => `P:${name}\nV:${version}\nA:x86_64\no:${name}\n\n`).join(''),
  )
const python = (name: string, version: string) =>
  file(
    `usr/lib/python3/site-packages/${name}-${version}.dist-info/METADATA`,
    `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
  )
const npm = (name: string, version: string) =>
  file(`srv/node_modules/${name}/package.json`, JSON.stringify({ name, version }))
const conda = (name: string, version: string) =>
  file(
    `opt/conda/conda-meta/${name}-${version}-0.json`,
    JSON.stringify({ name, version, build: '0', subdir: 'linux-64', channel: 'conda-forge' }),
  )
const list = (ecosystem: string, name = 'unrelated'): FeedOfTest => ({
  whole: [ecosystem],
  records: [[ecosystem, name, '9']],
})

const rocky = 'ID=rocky\nVERSION_ID=9.4\n'
const worlds: Readonly<Record<string, World>> = {
  'an rpm image': {
    images: { 'linux/amd64': [[release(rocky), rpms(['openssl', '1-1.el9'], ['bash', '5-1.el9'])]] },
    feeds: {
      rocky: list('Rocky Linux:9'),
      repairs: { records: [['Rocky Linux:9', 'openssl', '0:1-1.el9']] },
      other: list('AlmaLinux:9'),
    },
    marks: 4,
  },
  'an rpm image with a package of Python': {
    images: {
      'linux/amd64': [
        [release('ID=almalinux\nVERSION_ID=9.4\n'), rpms(['openssl', '1-1.el9'])],
        [python('jinja2', '3.0')],
      ],
    },
    feeds: {
      alma: list('AlmaLinux:9'),
      pypi: list('PyPI'),
      repairs: { records: [['PyPI', 'jinja2', '3.0']] },
      rocky: list('Rocky Linux:9'),
    },
    marks: 4,
  },
  // Nobody publishes what there is to know of conda's own packages: an environment has no check mark.
  'a conda environment': {
    images: {
      'linux/amd64': [
        [release('ID=debian\nVERSION_ID=12\n'), debs(['bash', '5-1'])],
        [conda('zlib', '1.3'), python('jinja2', '3.0')],
      ],
    },
    feeds: { debian: list('Debian:12'), pypi: list('PyPI'), npm: list('npm') },
    marks: 0,
  },
  // Nothing says of which release of Alpine its package is, so it is compared with none.
  'packages of Debian, of Alpine and of languages': {
    images: {
      'linux/amd64': [
        [release('ID=debian\nVERSION_ID=12\n'), debs(['bash', '5-1'])],
        [apks(['musl', '1.2-r0']), npm('left-pad', '1.0.0')],
        [python('jinja2', '3.0')],
      ],
    },
    feeds: {
      debian: list('Debian:12'),
      alpine: list('Alpine:v3.20'),
      pypi: list('PyPI'),
      npm: list('npm'),
      repairs: { records: [['npm', 'left-pad', '1.0.0']] },
    },
    marks: 0,
  },
  'packages of Debian and of languages': {
    images: {
      'linux/amd64': [
        [release('ID=debian\nVERSION_ID=12\n'), debs(['bash', '5-1'])],
        [npm('left-pad', '1.0.0'), python('jinja2', '3.0')],
      ],
    },
    feeds: { debian: list('Debian:12'), alpine: list('Alpine:v3.20'), pypi: list('PyPI'), npm: list('npm') },
    marks: 2,
  },
  // No lock says what the project gets: no list of advisories makes up for that.
  'a project without a lock': {
    images: {
      'linux/amd64': [
        [release('ID=debian\nVERSION_ID=12\n'), debs(['bash', '5-1'])],
        [npm('left-pad', '1.0.0'), file('app/package.json', JSON.stringify({ dependencies: { a: '^1' } }))],
      ],
    },
    feeds: { debian: list('Debian:12'), npm: list('npm'), pypi: list('PyPI') },
    marks: 0,
  },
  'a project with a lock': {
    images: {
      'linux/amd64': [
        [release('ID=debian\nVERSION_ID=12\n'), debs(['bash', '5-1'])],
        [
          file('app/x.csproj', '<PackageReference Include="A" Version="1.0.0" />'),
          file(
            'app/packages.lock.json',
            '{"dependencies":{"net8.0":{"A":{"type":"Direct","resolved":"1.0.5"}}}}',
          ),
          file('ios/Cartfile.resolved', 'github "A/B" "5.4.0"\n'),
        ],
      ],
    },
    feeds: {
      debian: list('Debian:12'),
      nuget: list('NuGet'),
      swift: list('SwiftURL'),
      repairs: { records: [['NuGet', 'A', '1.0.5']] },
    },
    marks: 2,
  },
  // Nobody publishes what there is to know of these.
  'locks that no list is about': {
    images: {
      'linux/amd64': [
        [release('ID=debian\nVERSION_ID=12\n'), debs(['bash', '5-1'])],
        [
          file('app/shard.lock', 'version: 2.0\nshards:\n  kemal:\n    version: 1.1.0\n'),
          file(
            'app/Chart.lock',
            'dependencies:\n- name: a\n  repository: https://x.test\n  version: 1.0.0\n',
          ),
        ],
      ],
    },
    feeds: { debian: list('Debian:12'), npm: list('npm'), bitnami: list('Bitnami') },
    marks: 0,
  },
  'an index of two platforms': {
    images: {
      'linux/amd64': [[release('ID=debian\nVERSION_ID=12\n'), debs(['bash', '5-1'])]],
      'linux/arm64': [
        [release('ID=alpine\nVERSION_ID=3.20.1\n'), apks(['musl', '1.2-r0']), npm('left-pad', '1.0.0')],
      ],
    },
    feeds: {
      debian: list('Debian:12'),
      alpine: list('Alpine:v3.20'),
      npm: list('npm'),
      repairs: { records: [['Alpine:v3.20', 'musl', '1.2-r0']] },
    },
    marks: 12,
  },
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-check-mark-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function writeImages(path: string, images: World['images']): Promise<void> {
  const store = openLayout(path)
  const manifests = []
  for (const [platform, layers] of Object.entries(images)) {
    const { os, architecture } = parsePlatform(platform)
    const image = sampleImage(layers)
    const config = jsonBlob({ ...image.config, os, architecture }, mediaTypes.ociConfig)
    const manifest = jsonBlob({ ...image.manifest, config: config.descriptor }, mediaTypes.ociManifest)
    for (const blob of [...image.layers, config, manifest]) await store.push(blob)
    manifests.push({ ...manifest.descriptor, platform: { os, architecture } })
  }
  const index = jsonBlob({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }, mediaTypes.ociIndex)
  await store.push(index)
  await store.tag(index.descriptor, 'latest')
  await store.close()
}

async function writeFeeds(path: string, feeds: World['feeds']): Promise<void> {
  await mkdir(path)
  for (const [id, { records }] of Object.entries(feeds)) {
    const lines = records.map(([ecosystem, name, fixed], i) =>
      JSON.stringify({
        id: `X-${id}-${i}`,
        modified: '2024-05-01T00:00:00Z',
        affected: [
          {
            package: { ecosystem, name },
            ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
          },
        ],
      }),
    )
    await writeFile(join(path, `${id}.ndjson`), `${lines.join('\n')}\n`)
  }
}

/** All but the empty one: without any feed there is no scan. */
function subsets(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: 2 ** ids.length - 1 }, (_, at) => ids.filter((_id, i) => ((at + 1) >> i) & 1))
}

describe('a check mark on', () => {
  it.each(Object.entries(worlds))(
    '%s never appears because a feed is taken away',
    async (_, world) => {
      const home = await mkdtemp(join(folder, 'world-'))
      const context = feedsContext(home)
      await writeImages(join(home, 'image'), world.images)
      await writeFeeds(join(home, 'feeds'), world.feeds)
      const target = { kind: 'image', reference: parseReference('oci:image:latest') } as const
      let marks = 0
      for (const platform of Object.keys(world.images)) {
        const clean = new Map<string, boolean>()
        for (const set of subsets(Object.keys(world.feeds))) {
          const feeds = `store-${set.join('-')}`
          for (const id of set) {
            const whole = world.feeds[id]?.whole
            const request = { paths: [`feeds/${id}.ndjson`], feeds, as: id }
            await importFeeds({ ...request, ...(whole === undefined ? {} : { whole }) }, context)
          }
          const request = { targets: [target], platform: parsePlatform(platform), feeds }
          const { reports } = await scan(request, context)
          const isClean = reports.every(({ result }) => result.findings.length === 0 && isComplete(result))
          clean.set(set.join(), isClean)
          if (isClean) marks++
        }
        for (const set of clean.keys()) {
          if (clean.get(set) === true) continue
          for (const id of set.split(',')) {
            const rest = set.split(',').filter((each) => each !== id)
            expect(clean.get(rest.join()) ?? false, `${platform}: ${set} without ${id}`).toBe(false)
          }
        }
      }
      expect(marks).toBe(world.marks)
    },
    60_000,
  )
})
