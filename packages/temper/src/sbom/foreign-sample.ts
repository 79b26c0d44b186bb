import { sha256 } from '../base/digest.ts'
import type { Inventory } from '../model/inventory.ts'
import type { SbomSubject } from '../model/sbom.ts'

/** What was read of an image of somebody else, for tests. */

export const foreignSubject: SbomSubject = {
  kind: 'image',
  name: 'theirs',
  digest: sha256('manifest'),
  architecture: 'amd64',
  created: '2026-01-02T03:04:05Z',
}

const library = {
  type: 'maven',
  name: 'org.example:lib',
  version: '1',
  purl: 'pkg:maven/org.example/lib@1',
  foundBy: 'java',
} as const

export function foreignInventory(): Inventory {
  return {
    distribution: { id: 'rhel', version: '9.4', title: 'Red Hat Enterprise Linux 9.4 (Plow)' },
    architecture: 'amd64',
    components: [
      {
        type: 'deb',
        name: 'tool',
        version: '1:2-3',
        purl: 'pkg:deb/debian/tool@1:2-3',
        source: { name: 'tools', version: '2-3' },
        licence: 'GPL v2',
        supplier: 'Example Inc.',
        locations: [{ path: 'var/lib/dpkg/status', layer: 0 }],
        files: ['usr/bin/tool', 'app/nothing'],
        dependsOn: ['pkg:deb/debian/libc6@2', 'pkg:nowhere/x@1'],
        foundBy: 'dpkg',
      },
      {
        type: 'deb',
        name: 'libc6',
        version: '2',
        purl: 'pkg:deb/debian/libc6@2',
        architecture: 'amd64',
        licence: 'LGPL-2.1-or-later AND LicenseRef-debian-x',
        supplier: 'Libc Team <libc@example.org>',
        locations: [{ path: 'var/lib/dpkg/status', layer: 0 }],
        foundBy: 'dpkg',
      },
      { ...library, locations: [{ path: 'a.jar', layer: 1 }] },
      {
        ...library,
        locations: [{ path: 'b.jar', layer: 1 }],
        guessedFrom: 'packages',
        sha1: 'b'.repeat(40),
      },
      {
        type: 'npm',
        name: '@scope/x',
        version: '',
        purl: 'pkg:npm/%40scope/x',
        locations: [{ path: 'app/package.json', layer: 1 }],
        files: ['app/package.json', 'usr/bin/tool'],
        foundBy: 'npm',
      },
    ],
    files: ['app/package.json', 'etc/hostname', 'usr/bin/tool'].map((path) => ({
      path,
      size: 1,
      digest: sha256(path),
      sha1: '0'.repeat(39) + path.length.toString(16).slice(-1),
      layer: 0,
    })),
    layers: [],
    notes: [],
  }
}
