import { buildElf } from '../../formats/elf/fixture-elf.ts'
import type { SampleEntry } from '../../formats/layer/sample-image.ts'
import type { ScanResult } from '../../model/advisory/finding.ts'
import { type Evidence, predicateTypes } from '../../model/attestation.ts'
import type { ImageConfig } from '../../model/image.ts'
import { file, folder, type KnownOfPlain, program } from './example.ts'
import type { SubjectEvidence } from './subject.ts'

/** The moment that examples are looked at. */
const now = new Date('2026-06-01T12:00:00Z')

/** A program without needs, protected as linkers can. */
export const plainProgram: Uint8Array = buildElf({ pie: true, relro: 'full', stackProtector: true })

/** An image that breaks no rule, as small as one can be: one program, one user, and what says so. */
export const plainFiles: readonly SampleEntry[] = [
  ...['etc', 'home', 'tmp', 'usr', 'usr/bin', 'usr/lib'].map((path) =>
    folder(path, path === 'tmp' ? { mode: 0o1777 } : {}),
  ),
  folder('home/app', { mode: 0o700, uid: 65532, gid: 65532 }),
  file(
    'etc/passwd',
    'root:x:0:0:root:/root:/usr/sbin/nologin\napp:x:65532:65532::/home/app:/usr/sbin/nologin\n',
  ),
  file('etc/group', 'root:x:0:\napp:x:65532:\n'),
  file('etc/shadow', 'root:*:0::::::\napp:!:0::::::\n', { mode: 0o640 }),
  file('etc/os-release', 'ID=debian\nVERSION_ID=13\nPRETTY_NAME="Debian GNU/Linux 13"\n'),
  program('usr/bin/app', plainProgram),
]

export const plainSettings: NonNullable<ImageConfig['config']> = {
  User: '65532:65532',
  Entrypoint: ['/usr/bin/app'],
  Env: ['PATH=/usr/bin'],
  WorkingDir: '/home/app',
  ExposedPorts: { '8080/tcp': {} },
  StopSignal: 'SIGTERM',
  // Whoever runs it looks after it.
  Healthcheck: { Test: ['NONE'] },
}

export const plainConfig: Pick<ImageConfig, 'created' | 'history'> = {
  created: '2026-05-30T00:00:00Z',
  history: [{ created: '2026-05-30T00:00:00Z', created_by: 'temper build' }],
}

export const plainAnnotations: Readonly<Record<string, string>> = {
  'org.opencontainers.image.created': '2026-05-30T00:00:00Z',
}

/** What is known of the plain image: compared with fresh feeds and nothing found, signed with all that belongs to it. */
export const knownOfPlain: KnownOfPlain = { now, scan: scanOfNothing(), evidence: fullEvidence() }

function scanOfNothing(): ScanResult {
  return {
    target: { name: 'example', kind: 'image', inventoryFrom: 'layers' },
    layers: [],
    packages: 0,
    ledger: [],
    findings: [],
    suppressed: [],
    secrets: [],
    suppressedSecrets: [],
    upgrades: [],
    notes: [],
    feeds: [],
    asOf: '2026-06-01T00:00:00Z',
    generator: { name: 'temper', version: '0.0.0' },
  }
}

/** Evidence as it is once somebody who is trusted signed it. */
export function signedEvidence(type: string, more: Partial<Evidence> = {}): Evidence {
  const digest = `sha256:${'0'.repeat(64)}` as const
  return {
    type,
    digest,
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    subject: digest,
    signers: ['key'],
    verified: true,
    reason: 'signed by key',
    ...more,
  }
}

function fullEvidence(): SubjectEvidence {
  const sbom = signedEvidence(predicateTypes.spdxjson)
  const provenance = signedEvidence(predicateTypes.slsaprovenance1)
  return {
    attached: [
      signedEvidence(predicateTypes.signature),
      sbom,
      provenance,
      signedEvidence(predicateTypes.openvex),
    ],
    trustsAnyone: true,
    sboms: [{ evidence: sbom }],
    provenance: [
      {
        evidence: provenance,
        builder: 'https://ci.example/builder',
        buildType: 'https://ci.example/build/v1',
        materials: [{ uri: 'pkg:example/base', digest: { sha256: '0'.repeat(64) } }],
      },
    ],
  }
}
