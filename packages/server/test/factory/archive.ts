import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  makeKey,
  publish,
  type SigningKey,
  type TestMirror,
} from '../../../temper/src/distro/debian/fixtures/mirror.ts'
import { debOf } from '../../../temper/src/flows/fixtures/sample-archive.ts'

/** A small Debian in a folder, as mirrors lay it out, that newer packages come into. */
export class ArchiveFolder {
  readonly folder: string
  readonly #key: SigningKey
  /** Each state is newer than the one before: mirrors that go back in time are refused. */
  #age = 100_000

  private constructor(folder: string, key: SigningKey) {
    this.folder = folder
    this.#key = key
  }

  static async make(folder: string): Promise<ArchiveFolder> {
    return new ArchiveFolder(folder, await makeKey())
  }

  /** What lies beside its recipes. */
  get files(): Readonly<Record<string, string>> {
    return { 'key.asc': this.#key.armored }
  }

  /** Publishes packages of source packages of the same name, at these versions. */
  async offer(versions: Readonly<Record<string, string>>): Promise<void> {
    this.#age -= 1000
    const at = new Date(Date.now() - this.#age * 1000)
    const packages = Object.entries(versions).map(([name, version]) => ({
      name,
      version,
      content: debOf({
        name,
        version,
        files: {
          [`/usr/share/${name}/version`]: `${version}\n`,
          [`/usr/share/doc/${name}/copyright`]: 'Free.\n',
        },
      }),
    }))
    const mirror: TestMirror = { address: '', files: new Map(), requests: [], behave: () => undefined }
    for (const suite of ['trixie', 'trixie-updates', 'trixie-security'])
      await publish(mirror, {
        suite,
        key: this.#key,
        signedAt: at,
        packages: suite === 'trixie-security' ? packages : [],
        fields: { Date: at.toUTCString().replace('GMT', 'UTC'), 'Valid-Until': undefined },
      })
    // What names the others comes last, as mirrors take care of.
    const names = [...mirror.files.keys()].sort((a, b) => Number(isRelease(a)) - Number(isRelease(b)))
    for (const name of names) await this.#write(name, mirror.files.get(name) ?? Buffer.alloc(0))
  }

  /** A recipe that takes packages from here alone. */
  recipe(name: string, packages: readonly string[], more = ''): string {
    const repositories = ['debian', 'debian-security'].map(
      (each) =>
        `    - name: ${each}\n      address: ${this.folder}\n      suite: ${each === 'debian' ? 'trixie' : 'trixie-security'}\n      key: key.asc\n`,
    )
    return `name: ${name}
distribution: debian-13
platforms: [linux/amd64]
tags: ["1"]
contents:
  packages: [${packages.join(', ')}]
  repositories:
${repositories.join('')}${more}`
  }

  async #write(name: string, bytes: Buffer): Promise<void> {
    const path = join(this.folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(`${path}.new`, bytes)
    await rename(`${path}.new`, path)
  }
}

function isRelease(name: string): boolean {
  return name.endsWith('/InRelease')
}

/** A record of OSV about a source package of Debian 13. */
export function advisoryOf(id: string, name: string, fixed: string): object {
  return {
    schema_version: '1.6.0',
    id,
    modified: '2026-11-29T00:00:00Z',
    published: '2026-11-28T00:00:00Z',
    summary: `a flaw in ${name}`,
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
    affected: [
      {
        package: { ecosystem: 'Debian:13', name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  }
}

/** CISA's catalogue with these in it. */
export function exploitedList(...ids: readonly string[]): object {
  return {
    title: 'CISA Catalog of Known Exploited Vulnerabilities',
    catalogVersion: '2026.11.29',
    dateReleased: '2026-11-29T00:00:00Z',
    count: ids.length,
    vulnerabilities: ids.map((cveID) => ({
      cveID,
      vendorProject: 'x',
      product: 'x',
      vulnerabilityName: 'x',
      dateAdded: '2026-11-29',
      shortDescription: 'x',
      requiredAction: 'x',
      dueDate: '2026-12-20',
      knownRansomwareCampaignUse: 'Unknown',
    })),
  }
}

/** An OpenVEX document that says of a package of Debian that what is vulnerable in it is not reached. */
export function notReached(vulnerability: string, name: string) {
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://shop.example/vex/1',
    author: 'Ada',
    timestamp: '2026-11-29T00:00:00Z',
    version: 1,
    statements: [
      {
        vulnerability: { name: vulnerability },
        products: [{ '@id': `pkg:deb/debian/${name}` }],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
      },
    ],
  }
}
