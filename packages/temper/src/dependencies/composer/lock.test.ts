import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sampleProject } from './fixtures/sample-project.ts'
import { archiveName, mirroredArchive, readComposerLock } from './lock.ts'
import { readComposerProject } from './project.ts'

const dist = { type: 'zip', url: 'https://example.test/a.zip', reference: 'x', shasum: '' }
const lockOf = (...packages: readonly unknown[]) =>
  JSON.stringify({ 'content-hash': 'a'.repeat(32), packages, 'packages-dev': [] })

describe('composer.lock', () => {
  it('gives what runs the project by names, with archives and digests where it has some', () => {
    const { lock } = sampleProject('https://example.test')
    const { packages, contentHash, aliases } = readComposerLock(lock, 'composer.lock')
    expect(packages.map(({ name, version, archive }) => [name, version, archive])).toEqual([
      ['acme/all', '1.0.0', undefined],
      ['acme/base', 'v1.2.0', { type: 'tar', url: 'https://example.test/acme-base.tar', preferred: [] }],
      [
        'acme/legacy',
        '0.9.1-beta2',
        { type: 'tar', url: 'https://example.test/acme-legacy.tar', preferred: [] },
      ],
      [
        'acme/moving',
        'dev-main',
        { type: 'tar', url: 'https://example.test/acme-moving.tar', preferred: [] },
      ],
    ])
    expect([contentHash, aliases]).toEqual(['ab'.repeat(16), []])
    expect(packages.map(archiveName)).toEqual([
      'acme-all-1.0.0.zip',
      'acme-base-v1.2.0.tar',
      'acme-legacy-0.9.1-beta2.tar',
      'acme-moving-dev-main.tar',
    ])
    const shasum = 'A'.repeat(40).toLowerCase()
    const [own] = readComposerLock(
      lockOf({ name: 'A/B', version: '1', dist: { ...dist, shasum } }),
      'composer.lock',
    ).packages
    expect([own?.name, own?.archive?.sha1]).toEqual(['a/b', shasum])
  })

  it.each([
    ['{}', 'expected a lock of Composer 2'],
    [JSON.stringify({ packages: [] }), 'expected a lock of Composer 2'],
    ['[', 'expected a JSON object'],
    [lockOf(1), 'packages[0]: expected the name and version of a package'],
    [lockOf({ name: 'a/b', version: '1 2', dist }), 'expected the name and version'],
    [lockOf({ name: 'a/../b', version: '1', dist }), 'expected the name and version'],
    [lockOf({ name: `${'a'.repeat(100)}!/b`, version: '1', dist }), 'expected the name and version'],
    [lockOf({ name: 'a/b', version: '1' }), 'composer.lock: a/b 1: expected a dist of type zip or tar'],
    [lockOf({ name: 'a/b', version: '1', dist: { type: 'path', url: '../b' } }), 'found path "../b"'],
    [
      lockOf({ name: 'a/b', version: '1', dist: { ...dist, url: 'file:///b.zip' } }),
      'found zip "file:///b.zip"',
    ],
    [lockOf({ name: 'a/b', version: '1', dist: { ...dist, shasum: 'x' } }), 'expected a SHA-1 as shasum'],
    [
      lockOf({ name: 'a/b', version: '1', dist, type: 'drupal-module' }),
      'plug-ins of Composer install elsewhere',
    ],
    [lockOf({ name: 'a/b', version: '1', dist, 'target-dir': 'x' }), 'it has a target-dir'],
    [lockOf({ name: 'a/b', version: '1', dist }, { name: 'a/b', version: '2', dist }), 'in the lock twice'],
  ])('refuses %s', (text, message) => {
    expect(() => readComposerLock(text, 'composer.lock')).toThrow(message)
  })

  it('has mirrors that it prefers, by patterns of Composer', () => {
    const mirrors = [
      { url: 'https://one.test/%package%/%version%/r%reference%.%type%', preferred: true },
      { url: 'https://two.test/%package%', preferred: false },
      { url: 'file:///%package%', preferred: true },
      { url: 'https://three.test/%prettyVersion%/%other%', preferred: true },
    ]
    const [one, branch] = readComposerLock(
      lockOf(
        { name: 'a/b', version: 'v1.2', dist: { ...dist, reference: 'ab12', mirrors } },
        { name: 'a/c', version: 'dev-a/b', dist: { ...dist, mirrors: mirrors.slice(0, 1) } },
      ),
      'composer.lock',
    ).packages
    expect(one?.archive?.preferred).toEqual([
      'https://one.test/a/b/1.2.0.0/rab12.zip',
      'https://three.test/v1.2/%other%',
    ])
    // MD5 of "dev-a/b" and of "x".
    expect(branch?.archive?.preferred).toEqual([
      `https://one.test/a/c/${createHash('md5').update('dev-a/b').digest('hex')}/r9dd4e461268c8034f5c8564e155c67a6.zip`,
    ])
    expect(one && mirroredArchive(one, 'https://own.test/%package%-%reference%.%type%')).toBe(
      'https://own.test/a/b-ab12.zip',
    )
  })

  it('has an end', () => {
    const many = Array.from({ length: 10_001 }, () => 1)
    expect(() => readComposerLock(lockOf(...many), 'composer.lock')).toThrow('more than 10000 packages')
  })
})

describe('composer.json', () => {
  it('says where things go and how they are loaded', () => {
    const plain = {
      vendor: 'vendor',
      programs: 'vendor/bin',
      platformCheck: 'php-only',
      optimise: false,
      prepend: true,
    }
    expect(readComposerProject('{}', 'composer.json')).toMatchObject({
      name: '__root__',
      type: 'library',
      ...plain,
    })
    const config = {
      'vendor-dir': './lib/parts/',
      'bin-dir': '{$vendor-dir}/run',
      'autoloader-suffix': 'Own',
      'platform-check': true,
      'classmap-authoritative': true,
      'prepend-autoloader': false,
      'use-include-path': true,
    }
    expect(
      readComposerProject(JSON.stringify({ name: 'A/B', version: '2', config }), 'composer.json'),
    ).toMatchObject({
      name: 'a/b',
      version: '2',
      vendor: 'lib/parts',
      programs: 'lib/parts/run',
      suffix: 'Own',
      platformCheck: 'all',
      optimise: true,
      prepend: false,
      useIncludePath: true,
    })
  })

  it.each([
    [{ config: { 'vendor-dir': '../x' } }, 'config.vendor-dir: expected a folder below'],
    [{ config: { 'vendor-dir': '/srv' } }, 'config.vendor-dir: expected a folder below'],
    [{ config: { 'bin-dir': '$HOME/bin' } }, 'config.bin-dir: expected a folder below'],
    [{ config: { 'autoloader-suffix': "x'; //" } }, 'config.autoloader-suffix: expected letters'],
  ])('refuses %j', (manifest, message) => {
    expect(() => readComposerProject(JSON.stringify(manifest), 'composer.json')).toThrow(message)
  })
})
