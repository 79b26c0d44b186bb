import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import tar from 'tar-stream'

/** An image as other tools make them, for tests: two layers, of which the second hides parts of the first. */

interface Entry {
  readonly name: string
  readonly content?: string
  readonly type?: 'directory' | 'symlink' | 'link'
  readonly linkname?: string
}

const status = `Package: tool
Status: install ok installed
Architecture: amd64
Version: 1.0-1+b1
Source: tools (1.0-1)
Maintainer: Tool Team <team@example.org>
Depends: libc6 (>= 2)

Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.36-9
Source: glibc

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
`

const base: readonly Entry[] = [
  { name: 'etc/', type: 'directory' },
  {
    name: 'etc/os-release',
    content: 'ID=debian\nVERSION_ID=12\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  },
  { name: 'etc/hostname', content: 'theirs' },
  { name: 'usr/bin/tool', content: 'tool' },
  { name: 'usr/bin/alias', type: 'link', linkname: 'usr/bin/tool' },
  { name: 'usr/bin/link', type: 'symlink', linkname: 'tool' },
  { name: 'usr/lib/x86_64-linux-gnu/libc.so.6', content: 'libc' },
  { name: 'opt/old/a', content: 'a' },
  { name: 'opt/old/b', content: 'b' },
  { name: 'opt/deep/c', content: 'c' },
  { name: 'var/lib/dpkg/status', content: status },
  { name: 'var/lib/dpkg/info/tool.list', content: '/.\n/usr/bin/tool\n/usr/bin/alias\n/usr/bin/link\n' },
  { name: 'var/lib/dpkg/info/libc6:amd64.list', content: '/usr/lib/x86_64-linux-gnu/libc.so.6\n' },
  { name: 'empty', content: '' },
]

const application: readonly Entry[] = [
  { name: 'etc/.wh.hostname', content: '' },
  { name: 'opt/old/.wh..wh..opq', content: '' },
  { name: 'opt/old/b', content: 'new b' },
  { name: '.wh.opt-that-never-was', content: '' },
  { name: 'opt/.wh.deep', content: '' },
  { name: 'app/package.json', content: JSON.stringify({ name: 'app', version: '1.0.0' }) },
  {
    name: 'app/node_modules/left-pad/package.json',
    content: JSON.stringify({ name: 'left-pad', version: '1.3.0', license: 'WTFPL' }),
  },
]

/** Path → SHA-256 in hex, worked out by hand: what is left of both layers. */
export const foreignFiles: Readonly<Record<string, string>> = Object.fromEntries(
  [...base, ...application]
    .filter(({ name, type }) => (type === undefined || type === 'link') && !name.includes('.wh.'))
    .filter(
      ({ name, content }) => !['etc/hostname', 'opt/old/a', 'opt/deep/c'].includes(name) && content !== 'b',
    )
    .map(({ name, content = 'tool' }) => [name, createHash('sha256').update(content).digest('hex')]),
)

/** Writes the image as `docker save` does, layers compressed as some tools do. */
export async function writeForeignImage(path: string): Promise<void> {
  const layers = [await pack(base), gzipSync(await pack(application))]
  const diffIds = [await pack(base), await pack(application)].map(digest)
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    created: '2026-01-02T03:04:05.678901234Z',
    config: { Labels: { 'org.opencontainers.image.title': 'theirs' } },
    rootfs: { type: 'layers', diff_ids: diffIds },
  })
  const manifest = [
    { Config: 'config.json', RepoTags: ['team/theirs:1'], Layers: ['0/layer.tar', '1/layer.tar'] },
  ]
  const archive = await pack([
    { name: 'config.json', content: config },
    { name: '0/layer.tar', content: layers[0]?.toString('latin1') ?? '' },
    { name: '1/layer.tar', content: layers[1]?.toString('latin1') ?? '' },
    { name: 'manifest.json', content: JSON.stringify(manifest) },
  ])
  await writeFile(path, archive)
}

function digest(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

async function pack(entries: readonly Entry[]): Promise<Buffer> {
  const archive = tar.pack()
  for (const { name, content, type, linkname } of entries)
    archive.entry(
      {
        name,
        mtime: new Date(0),
        ...(type === undefined ? {} : { type }),
        ...(linkname === undefined ? {} : { linkname }),
      },
      Buffer.from(content ?? '', 'latin1'),
    )
  archive.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of archive) if (chunk instanceof Uint8Array) chunks.push(chunk)
  return Buffer.concat(chunks)
}
