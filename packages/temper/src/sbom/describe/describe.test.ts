import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { ownFile, packageFile, sampleInput, samplePackage } from '../fixtures/sample.ts'
import { describeContents } from './describe.ts'

const sbom = describeContents(sampleInput())

describe('packages', () => {
  test('are sorted by name, whatever the order they come in', () => {
    expect(sbom.packages.map(({ name }) => name)).toEqual(['libtool++', 'tool'])
    const turned = sampleInput({ packages: sampleInput().packages.toReversed() })
    expect(describeContents(turned)).toEqual(sbom)
  })

  test('have a purl with the source package where it differs', () => {
    const purls = [
      samplePackage('same', { version: '1.0-1' }),
      samplePackage('other', { source: { name: 'origin', version: '1.0-1' } }),
      samplePackage('rebuilt', { version: '1.0-1+b2', source: { name: 'rebuilt', version: '1.0-1' } }),
    ].map((each) => describeContents(sampleInput({ packages: [each] })).packages[0]?.purl)
    expect(purls).toEqual([
      'pkg:deb/debian/same@1.0-1?arch=amd64&distro=debian-13',
      'pkg:deb/debian/other@1.0-1?arch=amd64&distro=debian-13&upstream=origin',
      'pkg:deb/debian/rebuilt@1.0-1%2Bb2?arch=amd64&distro=debian-13&upstream=rebuilt%401.0-1',
    ])
  })

  test('tell what their archives say', () => {
    expect(sbom.packages[1]).toMatchObject({
      maintainer: 'Tool Team <team@example.org>',
      homepage: 'https://example.org/tool',
      summary: 'does things',
      supplier: 'Debian',
      dependsOn: ['libtool++'],
    })
  })

  test('have no supplier when their repository is not known, and no homepage that is no address', () => {
    const packages = [samplePackage('x', { repository: 'mine', about: { homepage: 'see README' } })]
    const [described] = describeContents(sampleInput({ packages })).packages
    expect(described).not.toHaveProperty('supplier')
    expect(described).not.toHaveProperty('homepage')
  })

  test('share the copyright file that a link of theirs leads to', () => {
    const [library, tool] = sbom.packages
    expect(library?.licence?.expression).toBe('MIT AND LicenseRef-x')
    expect(library?.licence).toEqual(tool?.licence)
    expect(
      describeContents(sampleInput({ packages: [samplePackage('none')] })).packages[0]?.licence,
    ).toBeUndefined()
  })
})

describe('files', () => {
  test('are everything with bytes, as what they are', () => {
    expect(sbom.files.map(({ path, origin, owner }) => [path, origin, owner])).toEqual([
      ['etc/passwd', 'effect', undefined],
      ['srv/data', 'recipe', undefined],
      ['usr/bin/alias', 'package', 'tool'],
      ['usr/bin/tool', 'package', 'tool'],
      ['usr/lib/libtool.so', 'package', 'libtool++'],
      ['var/lib/dpkg/status.d/tool', 'database', 'tool'],
    ])
  })

  test('have the digests of their bytes, hard links those of their file', () => {
    expect(sbom.files[0]).toMatchObject({ digest: sha256('etc/passwd'), size: 10 })
    expect(sbom.files[2]).toMatchObject({
      digest: sha256('usr/bin/tool'),
      size: 12,
      sha1: sbom.files[3]?.sha1,
    })
  })

  test('without known bytes, or links to nothing, are a fault of ours', () => {
    const { digest: _digest, ...unknown } = packageFile('a', 'tool')
    expect(() => describeContents(sampleInput({ nodes: [unknown] }))).toThrow('neither its bytes')
    const dangling = { ...packageFile('a', 'tool'), type: 'hardlink', target: 'b' } as const
    expect(() => describeContents(sampleInput({ nodes: [dangling] }))).toThrow('which is not a file')
  })

  test('of the recipe with certificates name their subjects', () => {
    const folder = mkdtempSync(join(tmpdir(), 'temper-sbom-'))
    const pem = join(folder, 'ca.pem')
    execFileSync(
      'openssl',
      [
        ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /O=Example/CN=Root'.split(
          ' ',
        ),
        ...['-keyout', join(folder, 'key.pem'), '-out', pem],
      ],
      { stdio: 'ignore' },
    )
    const text = readFileSync(pem, 'utf8')
    rmSync(folder, { recursive: true })
    const files = (content: string) =>
      describeContents(sampleInput({ nodes: [ownFile('ca.crt', { kind: 'recipe' }, content)] })).files
    expect(files(`${text}${text}`)[0]?.certificates).toEqual(['O=Example, CN=Root', 'O=Example, CN=Root'])
    expect(files(text.replace('MII', 'AAA'))[0]).not.toHaveProperty('certificates')
    expect(files('text')[0]).not.toHaveProperty('certificates')
  })
})
