import { expect, test } from 'vitest'
import { catalogueFiles } from '../fixtures/sample.ts'
import { swiftCataloguer } from './cataloguer.ts'
import { cocoapodsCataloguer } from './cocoapods.ts'

const pin = (location: string, version: string | undefined) => ({
  identity: 'x',
  kind: 'remoteSourceControl',
  location,
  state: { revision: 'a'.repeat(40), ...(version === undefined ? { branch: 'main' } : { version }) },
})

test('reads pins of Swift packages of every version, by their repository', async () => {
  const catalogued = await catalogueFiles(swiftCataloguer, {
    'Package.resolved': JSON.stringify({
      pins: [
        pin('https://github.com/vapor/vapor.git', '4.84.1'),
        pin('git@github.com:apple/swift-nio.git', '2.60.0'),
        pin('ssh://git@example.org:2222/team/Own', '1.0.0'),
        pin('https://github.com/apple/swift-log', undefined),
        { identity: 'mona.linkedlist', kind: 'registry', location: '', state: { version: '1.2.0' } },
      ],
      version: 3,
    }),
    'App.xcworkspace/xcshareddata/swiftpm/Package.resolved': JSON.stringify({
      object: {
        pins: [
          {
            package: 'Old',
            repositoryURL: 'https://github.com/o/Old.git',
            state: { branch: null, revision: 'a'.repeat(40), version: '0.9.0' },
          },
        ],
      },
      version: 1,
    }),
  })
  expect(catalogued.components.map(({ purl }) => purl).sort()).toEqual([
    'pkg:swift/example.org/team/Own@1.0.0',
    'pkg:swift/github.com/apple/swift-nio@2.60.0',
    'pkg:swift/github.com/o/Old@0.9.0',
    'pkg:swift/github.com/vapor/vapor@4.84.1',
    'pkg:swift/mona.linkedlist@1.2.0',
  ])
  expect(catalogued.notes.map(({ code }) => code)).toEqual(['version-unknown'])
})

test('reads pods, each once with all its parts', async () => {
  const catalogued = await catalogueFiles(cocoapodsCataloguer, {
    'ios/Podfile.lock': `PODS:
  - Flutter (1.0.0)
  - DKPhotoGallery (0.0.19):
    - DKPhotoGallery/Core (= 0.0.19)
    - SDWebImage
  - DKPhotoGallery/Core (0.0.19)
  - "GoogleUtilities/NSData+zlib (7.13.3)":
    - GoogleUtilities/Privacy

DEPENDENCIES:
  - Flutter (from \`Flutter\`)

SPEC CHECKSUMS:
  Flutter: e0871f40cf51350855a761d2e70bf5af5b9b5de7
`,
  })
  expect(catalogued.components.map(({ purl, type }) => `${type} ${purl}`).sort()).toEqual([
    'generic pkg:cocoapods/DKPhotoGallery@0.0.19',
    'generic pkg:cocoapods/Flutter@1.0.0',
    'generic pkg:cocoapods/GoogleUtilities@7.13.3',
  ])
})
