import { createHash } from 'node:crypto'
import { sha256 } from '../base/digest.ts'
import type { LockedPackage } from '../model/lock.ts'
import type { PackageContent } from '../model/package/package-content.ts'
import type { RootNode } from '../model/root.ts'
import type { NodeOrigin } from '../model/tree/file-tree.ts'
import type { DescribedPackage, DescribeInput } from './describe/describe.ts'

/** A small image for the tests of bills of materials. */

const attributes = { mode: 0o644, uid: 0, gid: 0, mtime: 0 }

/** A file that a package brings: known by its digests only. */
export function packageFile(path: string, owner: string, text = path): RootNode {
  return {
    ...attributes,
    path,
    type: 'file',
    size: Buffer.byteLength(text),
    digest: sha256(text),
    sha1: createHash('sha1').update(text).digest('hex'),
    origin: { kind: 'package', package: owner, path },
  }
}

/** A file that no package brings: its bytes are at hand. */
export function ownFile(path: string, origin: NodeOrigin, text = path): RootNode {
  const content = new TextEncoder().encode(text)
  return { ...attributes, path, type: 'file', size: content.length, content, origin }
}

export function samplePackage(
  name: string,
  facts: {
    readonly version?: string
    readonly architecture?: string
    readonly source?: LockedPackage['source']
    readonly repository?: string
    readonly about?: PackageContent['about']
    readonly content?: Partial<PackageContent>
  } = {},
): DescribedPackage {
  const version = facts.version ?? '1.0-1'
  const digest = sha256(name)
  return {
    package: {
      name,
      version,
      architecture: facts.architecture ?? 'amd64',
      source: facts.source ?? { name, version },
      digest,
      size: 1000,
      installedSize: 1000,
      origin: {
        repository: facts.repository ?? 'debian',
        suite: 'trixie',
        component: 'main',
        location: `pool/main/${name}_${version}.deb`,
      },
      wantedBy: 'recipe',
    },
    content: {
      digest,
      identity: { name, version, architecture: facts.architecture ?? 'amd64' },
      about: facts.about ?? {},
      own: {},
      entries: [],
      captured: {},
      ...facts.content,
    },
  }
}

const copyright = 'usr/share/doc/tool/copyright'

/** Two packages of one source, a file of each kind. */
export function sampleInput(fields: Partial<DescribeInput> = {}): DescribeInput {
  return {
    generator: { name: 'temper', version: '0.1.0' },
    subject: {
      kind: 'image',
      name: 'sample',
      digest: sha256('manifest'),
      architecture: 'amd64',
      created: '2026-01-02T03:04:05Z',
    },
    distribution: { id: 'debian', version: '13', title: 'Debian GNU/Linux 13 (trixie)' },
    packageType: 'deb',
    packages: [
      samplePackage('tool', {
        version: '1:2.0-3+b1',
        source: { name: 'tool', version: '1:2.0-3' },
        about: {
          maintainer: 'Tool Team <team@example.org>',
          homepage: 'https://example.org/tool',
          summary: 'does things',
        },
        content: {
          licences: {
            [copyright]: { expression: 'MIT AND LicenseRef-x', texts: { 'LicenseRef-x': 'Be kind.' } },
          },
        },
      }),
      samplePackage('libtool++', {
        source: { name: 'tool', version: '1:2.0-3' },
        version: '1:2.0-3',
        content: {
          entries: [
            { ...attributes, path: 'usr/share/doc/libtool++', type: 'symlink', size: 0, target: 'tool' },
          ],
        },
      }),
    ],
    components: [],
    nodes: [
      ownFile('etc/passwd', { kind: 'effect', effect: 'distribution' }),
      ownFile('srv/data', { kind: 'recipe' }),
      { ...packageFile('usr/bin/alias', 'tool'), type: 'hardlink', target: 'usr/bin/tool', size: 0 },
      { ...packageFile('usr/bin/link', 'tool'), type: 'symlink', target: 'tool', size: 0 },
      packageFile('usr/bin/tool', 'tool'),
      packageFile('usr/lib/libtool.so', 'libtool++'),
      { ...packageFile('usr/lib/tool', 'tool'), type: 'directory', size: 0 },
      ownFile('var/lib/dpkg/status.d/tool', { kind: 'database', package: 'tool' }),
    ],
    dependsOn: new Map([['tool', ['libtool++']]]),
    supplier: (repository) => (repository === 'debian' ? 'Debian' : undefined),
    ...fields,
  }
}
