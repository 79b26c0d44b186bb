import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { file } from '../fixtures/sample-tree.ts'
import { readImageInventory } from '../reading/image.ts'
import { rpmCataloguer } from './cataloguer.ts'

type Files = Parameters<typeof sampleImage>[0][number]

/** The package URLs, without what all of them have, of an image of RHEL with two packages, one of them with an epoch. */
async function purls(files: Files, id = 'rhel'): Promise<readonly string[]> {
  const line = (name: string, epoch: string) => `${name}\t1.0-3.el9\t\t\t\t\t\tnoarch\t${epoch}\n`
  const image = sampleImage([
    [
      file('etc/os-release', `ID="${id}"\nVERSION_ID="9.4"\n`),
      file('var/lib/rpmmanifest/container-manifest-2', line('sample-a', '2') + line('sample-b', '0')),
      ...files,
    ],
  ])
  const { components, notes } = await readImageInventory(image, { cataloguers: [rpmCataloguer] })
  expect(notes).toEqual([])
  return components.map(({ purl }) => purl.replace(/^.*?@1\.0-3\.el9\?arch=noarch&distro=\w+-9\.4/, ''))
}

// Written by DNF 4.14, which installed sample-a out of a repository of that id, and sample-b out of "epel".
const history = gunzipSync(readFileSync(new URL('fixtures/history.sqlite.gz', import.meta.url)))
const sets = (...ids: readonly string[]) =>
  file('root/buildinfo/content_manifests/sample-1-1.json', JSON.stringify({ content_sets: ids }))

describe('the repository that a package came out of is told by', () => {
  test("DNF's history", async () => {
    expect(await purls([file('var/lib/dnf/history.sqlite', history)])).toEqual([
      '&epoch=2&repository_id=rhel-9-for-x86_64-baseos-eus-rpms',
      '',
    ])
  })

  test('the state of DNF 5', async () => {
    const text = [
      'version = "1.0"',
      '[nevras]',
      '"sample-a-2:1.0-3.el9.noarch" = {from_repo="rhel-9-for-x86_64-baseos-e4s-rpms"}',
      '[nevras."sample-b-0:1.0-3.el9.noarch"]',
      'from_repo = "ubi-9-baseos-rpms"',
    ].join('\n')
    expect(await purls([file('usr/lib/sysimage/libdnf5/nevras.toml', text)])).toEqual([
      '&epoch=2&repository_id=rhel-9-for-x86_64-baseos-e4s-rpms',
      '&repository_id=ubi-9-baseos-rpms',
    ])
  })

  test('the folders of Yum', async () => {
    const path = (name: string) => `var/lib/yum/yumdb/s/0a1b-${name}-1.0-3.el9-noarch/from_repo`
    expect(
      await purls([
        file(path('sample-a'), 'rhel-7-server-rpms'),
        file(path('sample-b'), 'rhel-7-server-eus-rpms\n'),
      ]),
    ).toEqual(['&epoch=2&repository_id=rhel-7-server-rpms', '&repository_id=rhel-7-server-eus-rpms'])
  })

  test.each<[string, Files, string]>([
    [
      'all of one kind',
      [sets('rhel-9-for-x86_64-baseos-aus-rpms', 'rhocp-4.12-for-rhel-9-rpms')],
      '&stream=aus',
    ],
    ['of the common kind', [sets('rhel-9-for-x86_64-baseos-rpms')], ''],
    ['of several kinds', [sets('rhel-9-for-x86_64-baseos-rpms', 'rhel-9-for-x86_64-appstream-eus-rpms')], ''],
    ['none', [sets()], ''],
    ['no list', [file('usr/share/buildinfo/content-sets.json', 'oops')], ''],
    [
      'sources beside',
      [
        file(
          'usr/share/buildinfo/content-sets.json',
          '{"content_sets":["rhel-8-for-x86_64-baseos-eus-rpms","rhel-8-for-x86_64-baseos-source-rpms"]}',
        ),
      ],
      '&stream=eus',
    ],
  ])('the lists that the image was built from: %s', async (_, files, expected) => {
    expect(await purls(files)).toEqual([`&epoch=2${expected}`, expected])
  })

  test('nothing in another distribution, whose advisories do not ask for it', async () => {
    expect(await purls([file('var/lib/dnf/history.sqlite', history)], 'rocky')).toEqual(['&epoch=2', ''])
  })
})

test('a history that is no database is told', async () => {
  const image = sampleImage([[file('var/lib/dnf/history.sqlite', 'oops')]])
  const { notes } = await readImageInventory(image, { cataloguers: [rpmCataloguer] })
  expect(notes).toMatchObject([{ code: 'unreadable-file' }])
})
