import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogImage } from '../support/catalog.ts'
import { tryGoTool } from '../support/go-tool.ts'
import type { OsvRecord } from '../support/osv-entry.ts'
import type { PeerFinding } from '../support/peer-findings.ts'
import { fileOf, PeerScanners } from '../support/scanners.ts'
import { temper, temperJson } from '../support/temper-cli.ts'

/* Syft, Grype and Trivy read the documents of a built image: the same packages as in its layers, the same findings. */

const run = promisify(execFile)
const syft = await tryGoTool('syft')
const grype = await tryGoTool('grype')
const folder = await mkdtemp(join(tmpdir(), 'temper-readers-'))
afterAll(() => rm(folder, { recursive: true }))

interface ScanJson {
  readonly packages: number
  readonly findings: readonly {
    readonly id: string
    readonly package: {
      readonly name: string
      readonly version: string
      readonly purl: string
      readonly type: string
    }
  }[]
}

interface BillJson {
  readonly components: readonly {
    readonly type: string
    readonly name: string
    readonly version?: string
    readonly purl?: string
    readonly properties?: readonly { readonly name: string; readonly value: string }[]
  }[]
}

/** Source packages by the names of their binaries, from the properties that Trivy reads. */
function sourcesOf(bill: BillJson): ReadonlyMap<string, { readonly name: string; readonly version: string }> {
  const sources = new Map<string, { name: string; version: string }>()
  for (const { name, version = '', purl = '', properties = [] } of bill.components) {
    if (!purl.startsWith('pkg:deb/')) continue
    const value = (key: string) => properties.find((each) => each.name === `aquasecurity:trivy:${key}`)?.value
    const [epoch, upstream, release] = [value('SrcEpoch'), value('SrcVersion'), value('SrcRelease')]
    const whole = `${epoch === undefined ? '' : `${epoch}:`}${upstream}${release === undefined ? '' : `-${release}`}`
    sources.set(name, { name: value('SrcName') ?? name, version: upstream === undefined ? version : whole })
  }
  return sources
}

/** Two records about each source package: one that the image has, one that its very version repairs. */
function recordsAbout(bill: BillJson): readonly OsvRecord[] {
  const sources = new Map([...sourcesOf(bill).values()].map(({ name, version }) => [name, version]))
  return [...sources].flatMap(([name, version], i) =>
    [`${version}.1`, version].map((fixed, j) => {
      const id = `CVE-2099-${10000 + 2 * i + j}`
      return {
        id: `DEBIAN-${id}`,
        upstream: [id],
        affected: [
          {
            package: { ecosystem: 'Debian:13', name },
            ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
          },
        ],
      }
    }),
  )
}

interface VexJson {
  readonly statements: readonly {
    readonly vulnerability: { readonly name: string }
    readonly status: string
    readonly products: readonly { readonly '@id': string }[]
  }[]
}

/**
 * Records that know nothing of repairs: whatever the document states of a source as repaired or absent, each scanner would
 * report, and besides one problem of each source that nothing is stated about.
 */
function recordsWithoutRepairs(bill: BillJson, vex: VexJson): readonly OsvRecord[] {
  const unstated = recordsAbout(bill).filter((_, i) => i % 2 === 0)
  const sources = sourcesOf(bill)
  const stated = new Map<string, Set<string>>()
  for (const { vulnerability, products } of vex.statements)
    for (const { '@id': purl } of products) {
      const source = sources.get(/^pkg:deb\/debian\/([^@]+)@/.exec(purl)?.[1] ?? '')
      if (source === undefined) continue
      stated.set(vulnerability.name, (stated.get(vulnerability.name) ?? new Set()).add(source.name))
    }
  // Grype itself leaves it out for zlib: it is minizip's, which Debian does not build.
  stated.delete('CVE-2023-45853')
  return [
    ...unstated,
    ...[...stated].map(([id, names]) => ({
      id: `DEBIAN-${id}`,
      upstream: [id],
      affected: [...names].map((name) => ({
        package: { ecosystem: 'Debian:13', name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '999:1' }] }],
      })),
    })),
  ]
}

const rows = (findings: readonly PeerFinding[]) => findings.map(({ id, name }) => `${name} ${id}`).sort()

describe.skipIf(syft === undefined || grype === undefined).each(['nginx', 'postgres'] as const)(
  'the documents of %s',
  (name) => {
    let layout = ''
    let cyclonedx = ''
    let spdx = ''
    let archive = ''
    let scanners: PeerScanners | undefined
    let ours: ScanJson
    let bill: BillJson
    const home = join(folder, name)

    beforeAll(async () => {
      ;({ layout } = await catalogImage(name))
      const ofImage = ['sbom', `oci:${layout}`, '--format']
      bill = await temperJson([...ofImage, 'cyclonedx-json'])
      cyclonedx = await fileOf(folder, `${name}.cdx.json`, JSON.stringify(bill))
      spdx = await fileOf(folder, `${name}.spdx.json`, (await temper([...ofImage, 'spdx-json'])).stdout)
      const records = recordsAbout(bill)
      const lines = records.map((record) => JSON.stringify(record)).join('\n')
      const feeds = join(folder, `${name}-feeds`)
      const osv = await fileOf(folder, `${name}.ndjson`, lines)
      expect((await temper(['feeds', 'import', osv, '--feeds', feeds])).code).toBe(0)
      ours = await temperJson(['scan', `oci:${layout}`, '--feeds', feeds])
      // Grype refuses layouts that hold more than one manifest, so what is attached stays behind.
      archive = join(folder, `${name}.tar`)
      expect((await temper(['copy', `oci:${layout}`, `docker-archive:${archive}`])).code).toBe(0)
      await mkdir(home)
      scanners = await PeerScanners.open(home, records)
    }, 900_000)

    it('hold the packages that Syft finds in the layers, and that Syft reads from them', async () => {
      const env = { ...process.env, HOME: folder, SYFT_CHECK_FOR_APP_UPDATE: 'false' }
      const packagesIn = async (...source: readonly string[]) => {
        const options = { env, maxBuffer: 256 << 20 }
        const { stdout } = await run(syft ?? '', [...source, '-o', 'json', '-q'], options)
        const { artifacts } = JSON.parse(stdout) as {
          readonly artifacts: readonly {
            readonly type: string
            readonly name: string
            readonly version: string
          }[]
        }
        return artifacts
          .filter(({ type }) => type === 'deb')
          .map((each) => `${each.name} ${each.version}`)
          .sort()
      }
      const layers = await packagesIn(`oci-dir:${layout}`)
      expect(layers.length).toBe(ours.packages)
      expect(await packagesIn('convert', cyclonedx)).toEqual(layers)
      expect(await packagesIn('convert', spdx)).toEqual(layers)
    })

    it('lead Grype and Trivy to the findings that they and Temper have from the layers', async () => {
      const expected = ours.findings.map(({ id, package: { name: of } }) => `${of} ${id}`).sort()
      expect(expected.length).toBe(ours.packages)
      expect(rows((await scanners?.grype(`docker-archive:${archive}`)) ?? [])).toEqual(expected)
      expect(rows((await scanners?.grype(`sbom:${cyclonedx}`)) ?? [])).toEqual(expected)
      expect(rows((await scanners?.grype(`sbom:${spdx}`)) ?? [])).toEqual(expected)
      expect(rows((await scanners?.trivyArchive(archive)) ?? [])).toEqual(expected)
      expect(rows((await scanners?.trivySbom(cyclonedx)) ?? [])).toEqual(expected)
      expect(rows((await scanners?.trivySbom(spdx)) ?? [])).toEqual(expected)
    })

    it('silence in Grype and Trivy exactly what their VEX document states, as in Temper', async () => {
      const { stdout } = await temper(['vex', `oci:${layout}`])
      const vex = await fileOf(folder, `${name}.openvex.json`, stdout)
      const document: VexJson = JSON.parse(stdout)
      const records = recordsWithoutRepairs(bill, document)
      const osv = await fileOf(
        folder,
        `${name}-vex.ndjson`,
        records.map((each) => JSON.stringify(each)).join('\n'),
      )
      const peers = await PeerScanners.open(await mkdtemp(join(folder, 'vex-')), records)
      const scan = async (...options: readonly string[]) => {
        const { findings } = await temperJson<ScanJson>(['scan', `oci:${layout}`, '--feeds', osv, ...options])
        return findings.map(({ id, package: { name: of } }) => `${of} ${id}`).sort()
      }
      const before = await scan()
      const after = await scan('--vex', vex)
      expect(after.length).toBeLessThan(before.length)
      expect(document.statements.length).toBeGreaterThan(10)
      for (const document of [cyclonedx, spdx]) {
        expect(rows((await peers?.grype(`sbom:${document}`)) ?? [])).toEqual(before)
        expect(rows((await peers?.grype(`sbom:${document}`, '--vex', vex)) ?? [])).toEqual(after)
        expect(rows((await peers?.trivySbom(document)) ?? [])).toEqual(before)
        expect(rows((await peers?.trivySbom(document, '--vex', vex)) ?? [])).toEqual(after)
      }
    })
  },
)

/** Debian has repaired it long since; a feed that does not know so makes every version of the library one that is affected. */
const advisory = {
  id: 'DEBIAN-CVE-2019-12900',
  upstream: ['CVE-2019-12900'],
  affected: ['bzip2', 'perl'].map((name) => ({
    package: { ecosystem: 'Debian:13', name },
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
  })),
}

describe.skipIf(grype === undefined)('the documents of a minimised image', () => {
  it('name a library that was left out, and silence what is said of it', async () => {
    // mailcap needs Perl, whose libraries nothing of what zstd needs reaches.
    const recipe = await fileOf(
      folder,
      'small.yaml',
      'name: small\ndistribution: debian-13\nplatforms: [linux/amd64]\n' +
        'contents: { packages: [zstd, mailcap] }\nentrypoint: [/usr/bin/zstd]\nminimize: true\n',
    )
    const osv = await fileOf(folder, 'small.ndjson', JSON.stringify(advisory))
    const layout = join(folder, 'small')
    await temperJson(['build', recipe, '-o', layout, '--vex-feeds', osv])
    const bill: BillJson = await temperJson(['sbom', `oci:${layout}`, '--format', 'cyclonedx-json'])
    const library = bill.components.find(({ name }) => name === 'libbz2-1.0')
    expect(library?.properties).toContainEqual({
      name: 'temper:unreached',
      value: expect.stringMatching(/^\/usr\/lib\/.*\/libbz2\.so\.1/),
    })
    const cyclonedx = await fileOf(folder, 'small.cdx.json', JSON.stringify(bill))
    const spdx = (await temper(['sbom', `oci:${layout}`, '--format', 'spdx-json'])).stdout
    expect(spdx).toMatch(/nothing that it starts reaches it: [^"]*libbz2\.so\.1/)
    const vex = await fileOf(folder, 'small.openvex.json', (await temper(['vex', `oci:${layout}`])).stdout)
    const home = await mkdtemp(join(folder, 'minimised-'))
    const peers = await PeerScanners.open(home, [advisory])
    const documents = [cyclonedx, await fileOf(folder, 'small.spdx.json', spdx)]
    const about = (findings: readonly PeerFinding[] | undefined) => findings?.map(({ name }) => name)
    for (const document of documents) {
      expect(about(await peers?.grype(`sbom:${document}`))).toContain('libbz2-1.0')
      expect(about(await peers?.trivySbom(document))).toContain('libbz2-1.0')
      for (const left of [
        about(await peers?.grype(`sbom:${document}`, '--vex', vex)),
        about(await peers?.trivySbom(document, '--vex', vex)),
      ]) {
        expect(left).not.toContain('libbz2-1.0')
        // Of Perl enough is there to be affected.
        expect(left).toContain('perl-base')
      }
    }
  })
})
