import { writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import { buildElf } from '../../formats/elf/fixtures/fixture-elf.ts'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { type Descriptor, mediaTypes } from '../../model/image.ts'
import { jsonBlob } from '../../oci/fixtures/sample.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import type { Context } from '../context.ts'
import { archiveContext, type SampleDeb } from '../fixtures/sample-archive.ts'
import { file, sampleRoot } from '../harden/fixtures/sample-image.ts'
import { loadTarget } from './recipe-target.ts'
import { type ResolveOptions, resolve } from './resolve.ts'

/* Locks of images that begin with a base. */

const libraries = 'usr/lib/x86_64-linux-gnu'
const debs: readonly SampleDeb[] = [
  {
    name: 'tool',
    fields: { Depends: 'library, cdebconf-1' },
    files: { '/usr/bin/tool': buildElf({ needed: ['cdebconf-1'] }) },
  },
  { name: 'library', version: '9.0-1', files: { '/usr/share/library/file': 'newer' } },
  { name: 'cdebconf-1', files: { [`/${libraries}/cdebconf-1`]: buildElf({}) } },
  { name: 'data', fields: { Architecture: 'all' }, files: { '/usr/share/data/file': 'a' } },
]

let folder = ''
let context: Context
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-over-base-'))
  ;({ context } = await archiveContext(folder, debs))
})
afterAll(async () => {
  await cleanUp()
  await rm(folder, { recursive: true, force: true })
})

/** Writes images for both platforms that have a package and some text, and their index, to a layout; says what it named. */
async function writeBase(name: string, text: string) {
  const store = openLayout(join(folder, name))
  const members: Descriptor[] = []
  for (const architecture of ['amd64', 'arm64']) {
    const library = { name: 'library', version: '1.5-1', files: [file('usr/share/library/file', text)] }
    const entries = sampleRoot([library], 'ID=debian\nVERSION_ID="13"\n').filter(
      ({ path }) => !/^lib64|\.(?:postinst|list)$/.test(path),
    )
    // A library of no package.
    const own = file(`${libraries}/cdebconf-1`, buildElf({}))
    const image = sampleImage([[...entries, own]], {})
    const config = jsonBlob({ ...image.config, architecture }, mediaTypes.ociConfig)
    const manifest = jsonBlob({ ...image.manifest, config: config.descriptor }, mediaTypes.ociManifest)
    for (const blob of [...image.layers, config, manifest]) await store.push(blob)
    members.push({ ...manifest.descriptor, platform: { os: 'linux', architecture } })
  }
  const index = jsonBlob(
    { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: members },
    mediaTypes.ociIndex,
  )
  await store.push(index)
  await store.tag(index.descriptor, 'latest')
  await store.close()
  return { index: index.descriptor.digest, members: members.map(({ digest }) => digest) }
}

async function resolved(lines: string, options: ResolveOptions = {}) {
  const target = join(folder, 'app.yaml')
  await writeFile(target, `name: app\nbase: oci:below\n${lines}`)
  return await resolve(await loadTarget({ target }, context), context, options)
}

describe('a lock over a base', () => {
  it('may add no package at all', async () => {
    const { members } = await writeBase('below', 'old')
    const { platforms, suites } = await resolved('platforms: [linux/amd64]\n')
    expect(platforms[0]).toMatchObject({ packages: [], base: { digest: members[0] } })
    expect(suites).toEqual([])
  })

  it('records the base, and only the packages that it does not have', async () => {
    const { index, members } = await writeBase('below', 'old')
    const { platforms } = await resolved('platforms: [linux/amd64]\ncontents: { packages: [tool] }\n')
    expect(platforms[0]?.base).toEqual({ image: 'oci:below', digest: members[0], index })
    expect(platforms[0]?.packages.map(({ name, version }) => `${name} ${version}`)).toEqual(['tool 1.0-1'])
    // The base has the library that the program needs.
    expect(platforms[0]?.pruned.map(({ name }) => name)).toEqual(['cdebconf-1'])
  })

  it('takes all platforms from one index, should its name move meanwhile', async () => {
    const place = join(folder, 'below', 'index.json')
    const before = await writeBase('below', 'old')
    const named = await readFile(place)
    await writeBase('below', 'new')
    const later = await readFile(place)
    await writeFile(place, named)
    const onPlan = () => writeFileSync(place, later)
    const { platforms } = await resolved(
      'platforms: [linux/amd64, linux/arm64]\ncontents: { packages: [data] }\n',
      { onPlan },
    )
    expect(platforms.map(({ base }) => [base?.index, base?.digest])).toEqual(
      before.members.map((digest) => [before.index, digest]),
    )
  })
})
