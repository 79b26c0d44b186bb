import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeHost } from '../../../test/support/fake-host.ts'
import { bytesOf, collect } from '../../base/bytes.ts'
import type { ScanTarget } from '../../flows/inventory/target.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../../formats/tar/write.ts'
import { parseReference } from '../../oci/reference.ts'
import { parseTarget } from './target-argument.ts'

let folder: string
let said: string[] = []

function context() {
  said = []
  const host = new FakeHost({ workingDir: folder })
  host.input = 'piped'
  return { host, say: (text: string) => void said.push(text) }
}

function tar(...names: string[]): Uint8Array {
  const parts = names.flatMap((path) => {
    const content = Buffer.from(`${path}\n`.repeat(300))
    const about = { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0 } as const
    return [encodeTarHeader({ path, ...about, size: content.length }), content, tarPadding(content.length)]
  })
  return Buffer.concat([...parts, tarEnd])
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-target-'))
  await mkdir(join(folder, 'layout'))
  await writeFile(join(folder, 'layout/oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await mkdir(join(folder, 'root/etc'), { recursive: true })
  await mkdir(join(folder, 'nginx'))
  await writeFile(join(folder, 'web.cdx.json'), '{"bomFormat":"CycloneDX"}')
  await writeFile(join(folder, 'web.xml'), '\ufeff  <bom/>')
  await writeFile(join(folder, 'web.spdx'), 'SPDXVersion: SPDX-2.3\n')
  await writeFile(join(folder, 'sbom'), '\n{"spdxVersion":"SPDX-2.3"}')
  await writeFile(join(folder, 'nginx.lock.json'), '{"compressor":{},"formatVersion":1}')
  await writeFile(join(folder, 'saved.tar'), tar('./blobs/x', 'manifest.json', 'oci-layout'))
  await writeFile(join(folder, 'layout.tar'), tar('oci-layout', 'index.json'))
  await writeFile(join(folder, 'files.tar'), tar('etc/os-release'))
  await writeFile(join(folder, 'notes.txt'), 'nothing that could be scanned')
})
afterAll(() => rm(folder, { recursive: true }))

describe('what a person named', () => {
  it.each<[string, ScanTarget]>([
    ['dir:root', { kind: 'directory', path: 'root' }],
    ['dir:-', { kind: 'directory', path: '-' }],
    ['sbom:a.json', { kind: 'sbom', path: 'a.json' }],
    ['lock:nginx.lock', { kind: 'lock', path: 'nginx.lock' }],
    ['pkg:npm/lodash@4.17.20', { kind: 'purl', purl: 'pkg:npm/lodash@4.17.20' }],
    ['.', { kind: 'directory', path: '.' }],
    ['./root', { kind: 'directory', path: './root' }],
    ['root', { kind: 'directory', path: 'root' }],
    ['web.cdx.json', { kind: 'sbom', path: 'web.cdx.json' }],
    ['web.xml', { kind: 'sbom', path: 'web.xml' }],
    ['web.spdx', { kind: 'sbom', path: 'web.spdx' }],
    ['./sbom', { kind: 'sbom', path: './sbom' }],
    ['nginx.lock.json', { kind: 'lock', path: 'nginx.lock.json' }],
    ...Object.entries({
      'oci:out/nginx': 'oci:out/nginx',
      'oci-dir:out/nginx': 'oci:out/nginx',
      'registry.example/a.json': 'registry.example/a.json',
      'registry.example:5000/a': 'registry.example:5000/a',
      'registry:5000/a': 'registry:5000/a',
      'registry:alpine:3.20': 'docker.io/library/alpine:3.20',
      'docker-archive:a.tar': 'docker-archive:a.tar',
      layout: 'oci:layout',
      './layout': 'oci:./layout',
      'saved.tar': 'docker-archive:saved.tar',
      'layout.tar': 'oci-archive:layout.tar',
      'docker:nginx:1.27': 'docker:nginx:1.27',
      'docker:5000/nginx': 'docker:5000/nginx',
      'docker-daemon:team/web': 'docker:team/web',
      'podman:localhost/web': 'podman:localhost/web',
      'containerd:0123456789ab': 'containerd:0123456789ab',
      'alpine:3.20': 'docker.io/library/alpine:3.20',
      'team/web': 'docker.io/team/web',
      'docker://alpine': 'docker.io/library/alpine',
    }).map(([text, reference]): [string, ScanTarget] => [
      text,
      { kind: 'image', reference: parseReference(reference) },
    ]),
  ])('takes %s', async (text, target) => {
    expect(await parseTarget(text, context())).toEqual(target)
  })

  it.each([
    [
      'alpine:3.20',
      "alpine:3.20 is taken as docker.io/library/alpine:3.20, by Docker Hub's rules for short names",
    ],
    ['nginx', 'nginx is taken as the folder here; for the image write docker://nginx'],
  ])('says what the short name %s was taken for', async (text, sentence) => {
    await parseTarget(text, context())
    expect(said).toEqual([sentence])
  })

  it.each(['-', 'sbom:-'])('may be piped in as %s', async (text) => {
    const target = await parseTarget(text, context())
    expect(target).toMatchObject({ kind: 'sbom', path: '-' })
    const bytes = await collect(
      target.kind === 'sbom' && target.open ? target.open() : bytesOf(Buffer.from('')),
      { limit: 10, what: 'it' },
    )
    expect(Buffer.from(bytes).toString()).toBe('piped')
  })

  it.each([
    ['./missing', 'not-found', 'There is no file or folder ./missing'],
    ['missing.tar', 'not-found', 'There is no file or folder missing.tar'],
    ['files.tar', 'bad-reference', 'files.tar: an archive of files, not of an image'],
    ['notes.txt', 'bad-reference', 'notes.txt: not an archive'],
    ['dir:', 'bad-reference', '"dir:" has to be followed by a path'],
    ['lock:a\0b', 'bad-reference', '"lock:" has to be followed by a path'],
    ['docker:No Name', 'bad-reference', 'not the name of an image'],
  ])('refuses %j', async (text, code, message) => {
    await expect(parseTarget(text, context())).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })
})
