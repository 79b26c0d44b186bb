import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collect } from '../../../base/bytes.ts'
import { cleanUp } from '../../../distro/debian/fixtures/mirror.ts'
import type { SampleEntry } from '../../../formats/layer/fixtures/sample-image.ts'
import { readImage } from '../../../oci/image/read-image.ts'
import { readManifest } from '../../../oci/image/read-manifest.ts'
import { openLayout } from '../../../oci/layout/layout.ts'
import { readImageTree } from '../../../tree/image.ts'
import { writeLayout } from '../../assess/fixtures/sample-layout.ts'
import { archiveContext, type SampleDeb } from '../../fixtures/sample-archive.ts'
import { file, link, program, type SamplePackage, sampleRoot } from '../fixtures/sample-image.ts'
import { harden } from '../harden.ts'
import type { HardenRequest } from '../request.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-update-'))
})
afterEach(() => rmSync(home, { recursive: true }))
afterAll(cleanUp)

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const dpkg: SamplePackage = { name: 'dpkg', files: [program('usr/bin/dpkg')] }
const tool: SamplePackage = {
  name: 'tool',
  fields: `Depends: libtool1 (>= 1)\nConffiles:\n /etc/tool.conf ${md5('old')}\n /etc/gone.conf ${md5('gone')}\n`,
  files: [
    program('usr/bin/tool'),
    { path: 'usr/share/tool/old', type: 'directory', uid: 0, gid: 0 },
    file('usr/share/tool/old/data', 'old'),
    file('usr/share/tool/both', 'old'),
    file('etc/tool.conf', 'old'),
    file('etc/gone.conf', 'gone'),
  ],
}
const libtool: SamplePackage = { name: 'libtool1', files: [file('usr/lib/libtool/data', '1')] }

const newTool: SampleDeb = {
  name: 'tool',
  version: '2.0-1',
  fields: { Depends: 'libtool1 (>= 2), libextra1' },
  files: {
    '/usr/bin/tool': 'new program',
    '/usr/share/tool/both': 'new',
    '/usr/share/tool/new': 'new',
    '/etc/tool.conf': 'new',
  },
  conffiles: '/etc/tool.conf\n',
  postinst: '#!/bin/sh\nif [ "$1 $2" = "configure 1.0-1" ]; then echo "from $2" > /etc/tool.state; fi\n',
}
const archive: readonly SampleDeb[] = [
  newTool,
  { name: 'libtool1', version: '2.1-1', files: { '/usr/lib/libtool/data': '2' } },
  { name: 'libextra1', version: '1.0-1', files: { '/usr/lib/libextra/data': 'x' } },
  { name: 'dpkg', version: '0.9-1', files: { '/usr/bin/dpkg': 'older' } },
  { name: 'libc6', version: '1.0-1', files: { '/usr/share/libc': 'same' } },
]

async function updated(
  packages: readonly SamplePackage[],
  debs: readonly SampleDeb[] = archive,
  more: { readonly over?: readonly SampleEntry[]; readonly request?: Partial<HardenRequest> } = {},
) {
  const { context } = await archiveContext(home, debs)
  const root = sampleRoot(packages, 'ID=debian\nVERSION_ID="13"\n')
  await writeLayout(join(home, 'in'), [root, more.over ?? []], { Entrypoint: ['/usr/bin/dpkg'] })
  const request: HardenRequest = {
    image: { kind: 'oci', path: join(home, 'in') },
    layout: { path: join(home, 'out') },
    allow: [],
    writable: [],
    only: 'updates',
    ...more.request,
  }
  const result = await harden(request, context)
  const store = openLayout(join(home, 'out'))
  const image = await readImage(store, await store.resolve('latest'), {})
  const tree = await readImageTree(image, { keep: () => true })
  const text = (path: string) => {
    const content = tree.get(path)?.content
    return content === undefined ? undefined : Buffer.from(content).toString('utf8')
  }
  return { result, image, tree, text }
}

describe('updating the packages of an image', () => {
  it('takes the newest that fit together, with what they need, and nothing older', async () => {
    const { result, text, tree } = await updated([dpkg, tool, libtool])
    expect(result.updated).toEqual([
      { package: 'libextra1', from: '', to: '1.0-1' },
      { package: 'libtool1', from: '1.0-1', to: '2.1-1' },
      { package: 'tool', from: '1.0-1', to: '2.0-1' },
    ])
    expect(result.left).toEqual([])
    expect(text('usr/bin/tool')).toBe('new program')
    expect(text('usr/share/tool/both')).toBe('new')
    expect(text('usr/share/tool/new')).toBe('new')
    expect(tree.get('usr/share/tool/old')).toBeUndefined()
    expect(text('usr/lib/libextra/data')).toBe('x')
    expect(text('etc/tool.conf')).toBe('new')
    // No longer of the package, and perhaps still somebody's.
    expect(text('etc/gone.conf')).toBe('gone')
    // What its script does on an update, not on a first installation.
    expect(text('etc/tool.state')).toBe('from 1.0-1\n')
  })

  it('leaves the database as dpkg would', async () => {
    const { text, tree } = await updated([dpkg, tool, libtool])
    const status = text('var/lib/dpkg/status') ?? ''
    expect(status.match(/^Package: .+$/gm)).toEqual(
      ['libc6', 'dpkg', 'libextra1', 'tool', 'libtool1'].map((name) => `Package: ${name}`),
    )
    expect(status).toContain('Version: 2.0-1\n')
    expect(status).toContain(
      `Conffiles:\n /etc/tool.conf ${md5('new')}\n /etc/gone.conf ${md5('gone')} obsolete\n`,
    )
    expect(text('var/lib/dpkg/info/tool.list')).toContain('/usr/share/tool/new\n')
    expect(text('var/lib/dpkg/info/tool.list')).not.toContain('old')
    expect(tree.get('var/lib/dpkg/info/tool.postinst')?.mode).toBe(0o755)
    expect(text('var/lib/dpkg/info/dpkg.list')).toBe('/usr/bin/dpkg\n')
  })

  it('keeps configuration that somebody changed, or removed', async () => {
    const { result, text } = await updated([dpkg, tool, libtool], archive, {
      over: [file('etc/tool.conf', 'mine')],
    })
    expect(text('etc/tool.conf')).toBe('mine')
    expect(result.left).toEqual([{ what: '/etc/tool.conf', why: expect.stringContaining('it was changed') }])
    const { result: second, tree } = await updated([dpkg, tool, libtool], archive, {
      over: [file('etc/.wh.tool.conf', '')],
    })
    expect(tree.get('etc/tool.conf')).toBeUndefined()
    expect(second.left).toEqual([])
  })

  it('obeys what the image says of unpacking: paths left out, diverted, of another owner', async () => {
    const { text, tree } = await updated([dpkg, tool, libtool], archive, {
      over: [
        file(
          'etc/dpkg/dpkg.cfg.d/slim',
          'path-exclude=/usr/share/tool/*\npath-include=/usr/share/tool/new\n',
        ),
        file('var/lib/dpkg/diversions', '/usr/bin/tool\n/usr/bin/tool.real\nother\n'),
        file('usr/bin/tool.real', 'before'),
        file('var/lib/dpkg/statoverride', 'games root 2750 /usr/lib/libextra/data\n'),
      ],
    })
    expect(text('usr/share/tool/new')).toBe('new')
    expect(tree.get('usr/share/tool/both')?.layer?.index).toBeUndefined()
    expect(text('usr/bin/tool.real')).toBe('new program')
    expect(tree.get('usr/lib/libextra/data')).toMatchObject({ uid: 5, mode: 0o2750 })
  })

  it('takes away what Python compiled of modules that are others now, and links that lead to what is gone', async () => {
    const ours = 'usr/lib/python3/dist-packages/tool'
    const python: SamplePackage = {
      name: 'python3-tool',
      files: [
        file(`${ours}/same.py`),
        file(`${ours}/gone.py`),
        file('usr/share/ca-certificates/mozilla/old.crt', 'old'),
      ],
    }
    const { tree, result } = await updated(
      [dpkg, python],
      [{ name: 'python3-tool', version: '2.0-1', files: { [`/${ours}/same.py`]: 'new' } }],
      {
        over: [
          file(`${ours}/__pycache__/same.cpython-313.pyc`),
          file(`${ours}/__pycache__/gone.cpython-313.opt-1.pyc`),
          file(`${ours}/mine.py`),
          file(`${ours}/__pycache__/mine.cpython-313.pyc`),
          link('etc/ssl/certs/old.pem', '/usr/share/ca-certificates/mozilla/old.crt'),
        ],
      },
    )
    expect(tree.list(`${ours}/__pycache__`)).toEqual(['mine.cpython-313.pyc'])
    // Nothing brought certificates, so that nobody took the link away: it is told.
    expect(result.left.map(({ what }) => what)).toContain('/etc/ssl/certs/old.pem')
  })

  it('puts files where the links of the image lead', async () => {
    const merged: SamplePackage = { name: 'libtool1', files: [file('usr/lib/libtool/data', '1')] }
    const { text } = await updated(
      [dpkg, merged],
      [{ name: 'libtool1', version: '2.1-1', files: { '/lib/libtool/data': '2' } }],
      { over: [link('lib', 'usr/lib')] },
    )
    expect(text('usr/lib/libtool/data')).toBe('2')
  })

  it('is told what has no newer version that fits, and what is of nobody', async () => {
    const { result } = await updated(
      [dpkg, tool, libtool, { name: 'private', files: [file('opt/private')] }],
      [newTool, ...archive.filter(({ name }) => name === 'dpkg' || name === 'libc6')],
    )
    expect(result.updated).toEqual([])
    expect(result.left).toEqual([
      { what: 'tool 1.0-1', why: 'its newer version cannot be installed with the other packages' },
      { what: 'libtool1 1.0-1', why: 'the archive of the distribution has no such package' },
      { what: 'private 1.0-1', why: 'the archive of the distribution has no such package' },
    ])
  })

  it('tells of scripts that nobody here follows', async () => {
    const { result } = await updated(
      [dpkg, libtool],
      [
        {
          name: 'libtool1',
          version: '2.1-1',
          files: { '/usr/lib/libtool/data': '2' },
          postinst: '#!/bin/sh\nconvert-database /var/lib/libtool\n',
        },
      ],
    )
    expect(result.left.map(({ what }) => what)).toContain('libtool1 postinst:2')
  })

  it('is the same image each time, and hardens what it updated', async () => {
    const request = { only: undefined } as unknown as Partial<HardenRequest>
    const first = await updated([dpkg, tool, libtool], archive, { request })
    const second = await updated([dpkg, tool, libtool], archive, { request })
    expect(second.result.digest).toBe(first.result.digest)
    expect(first.image.config.config?.User).toBe('65532')
  })

  it('takes what a lock says, whatever the archive has since then, and refuses that of another image', async () => {
    const lock = join(home, 'web.lock.json')
    const first = await updated([dpkg, tool, libtool], archive, { request: { lock } })
    const newer = archive.map((deb) => (deb.name === 'libtool1' ? { ...deb, version: '3.0-1' } : deb))
    const second = await updated([dpkg, tool, libtool], newer, { request: { lock } })
    expect(second.result.digest).toBe(first.result.digest)
    expect((await updated([dpkg, tool, libtool], newer)).result.digest).not.toBe(first.result.digest)
    await expect(updated([dpkg, libtool], archive, { request: { lock } })).rejects.toMatchObject({
      code: 'bad-lock',
    })
  })

  it('attaches what is in the image, where it came from, and what was done', async () => {
    const { image } = await updated([dpkg, tool, libtool])
    const store = openLayout(join(home, 'out'))
    const types: string[] = []
    let provenance: unknown
    for await (const referrer of store.referrers(image.descriptor.digest)) {
      types.push(referrer.artifactType ?? '')
      if (referrer.annotations?.['in-toto.io/predicate-type'] === undefined) continue
      const manifest = await readManifest(store, referrer)
      const [layer] = manifest.kind === 'manifest' ? manifest.manifest.layers : []
      if (layer !== undefined)
        provenance = JSON.parse(
          Buffer.from(await collect(store.fetch(layer), { limit: 1e6, what: 'it' })).toString('utf8'),
        )
    }
    expect(types.sort()).toEqual([
      'application/spdx+json',
      'application/vnd.cyclonedx+json',
      'application/vnd.in-toto+json',
      'application/vnd.openvex+json',
    ])
    expect(provenance).toMatchObject({
      subject: [{ digest: { sha256: image.descriptor.digest.slice(7) } }],
      predicate: {
        buildDefinition: {
          buildType: 'urn:temper:build:harden:v1',
          externalParameters: { only: 'updates' },
          resolvedDependencies: expect.arrayContaining([
            expect.objectContaining({ name: 'image' }),
            expect.objectContaining({
              name: 'tool',
              uri: 'pkg:deb/debian/tool@2.0-1?arch=amd64&distro=debian-13',
              annotations: expect.objectContaining({ replaces: '1.0-1' }),
            }),
          ]),
        },
      },
    })
  })
})
