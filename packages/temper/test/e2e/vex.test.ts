import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BuildResult } from '../../src/flows/build/result.ts'
import { catalogImage, catalogLock } from '../support/catalog.ts'
import { layoutOf, readBlob } from '../support/layout.ts'
import { temper, temperJson } from '../support/temper-cli.ts'

interface OpenVex {
  readonly '@id': string
  readonly timestamp: string
  readonly statements: readonly {
    readonly vulnerability: { readonly name: string }
    readonly status: string
    readonly status_notes?: string
    readonly products: readonly {
      readonly '@id': string
      readonly subcomponents?: readonly { readonly '@id': string }[]
    }[]
  }[]
}

interface Scan {
  readonly findings: readonly { readonly package: { readonly purl: string } }[]
  readonly suppressed: readonly object[]
  readonly unused: readonly { readonly id?: string }[]
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-vex-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The text of what is attached as OpenVEX. */
function attachedText(layout: string): string {
  const referrer = layoutOf(layout).manifests.find(
    (each) => each.artifactType === 'application/vnd.openvex+json',
  )
  const [layer] = readBlob(layout, referrer?.digest ?? '').layers
  return readFileSync(join(layout, 'blobs/sha256', layer?.digest.slice(7) ?? ''), 'utf8')
}

describe('the OpenVEX document of an image', () => {
  it('is printed as it is attached, and says what changelogs say', async () => {
    const { layout, result } = await catalogImage('nginx')
    const { stdout, code } = await temper(['vex', `oci:${layout}`])
    expect(code).toBe(0)
    expect(stdout).toBe(attachedText(layout))
    const document = JSON.parse(stdout) as OpenVex
    const openssl = document.statements.filter(({ products }) =>
      products.some((each) => each['@id'].startsWith('pkg:deb/debian/libssl3t64@')),
    )
    expect(openssl.length).toBeGreaterThan(10)
    for (const { status, status_notes: notes, products } of openssl) {
      expect(status).toBe('fixed')
      expect(notes).toMatch(/^Repaired in openssl \S+: ".*CVE-.*" \(\/usr\/share\/doc\/\S+ of \S+ \S+\)$/i)
      expect(products[0]).toMatchObject({ '@id': `pkg:oci/nginx@${result.digest}` })
    }
  })

  it('is the same of the same lock, and another of another statement', async () => {
    const recipe = join(folder, 'recipe.yaml')
    copyFileSync(new URL('../../../../catalog/static/recipe.yaml', import.meta.url), recipe)
    copyFileSync(await catalogLock('static'), join(folder, 'recipe.lock.json'))
    const build = (place: string) => temperJson<BuildResult>(['build', recipe, '-o', join(folder, place)])
    const first = await build('one')
    await build('two')
    expect(attachedText(join(folder, 'two'))).toBe(attachedText(join(folder, 'one')))
    const state = ['--id', 'CVE-2025-99999', '--status', 'not_affected', '--statement', 'no code runs']
    const who = ['--package', 'base-files', '--author', 'Jane', '--expires', '2099-12-31']
    await temperJson(['vex', 'add', recipe, ...state, ...who])
    expect(existsSync(join(folder, 'recipe.openvex.json'))).toBe(true)
    expect((await build('three')).digest).toBe(first.digest)
    const document = JSON.parse(attachedText(join(folder, 'three'))) as OpenVex
    expect(document.statements).toContainEqual(
      expect.objectContaining({
        vulnerability: { name: 'CVE-2025-99999' },
        status: 'not_affected',
        impact_statement: 'no code runs\nStated by Jane',
        status_notes: 'Expires: 2099-12-31T23:59:59Z',
      }),
    )
    const { statements } = await temperJson<{ statements: readonly object[] }>(['vex', 'list', recipe])
    expect(statements).toMatchObject([{ vulnerability: 'CVE-2025-99999', ended: false }])
    expect((await temper(['vex', 'validate', join(folder, 'recipe.openvex.json')])).code).toBe(0)
  })

  it('is about the package that a scan prints, in the scan, in the build and by itself', async () => {
    const home = join(folder, 'printed')
    mkdirSync(home)
    const recipe = join(home, 'recipe.yaml')
    copyFileSync(new URL('../../../../catalog/static/recipe.yaml', import.meta.url), recipe)
    copyFileSync(await catalogLock('static'), join(home, 'recipe.lock.json'))
    await temperJson(['build', recipe, '-o', join(home, 'first')])
    const feed = join(home, 'osv.ndjson')
    const record = {
      id: 'DEBIAN-CVE-2099-1000',
      upstream: ['CVE-2099-1000'],
      modified: '2025-01-01T00:00:00Z',
      affected: [
        {
          package: { ecosystem: 'Debian:13', name: 'base-files' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
        },
      ],
    }
    writeFileSync(feed, `${JSON.stringify(record)}\n`)
    const scan = (image: string, ...options: readonly string[]) =>
      temperJson<Scan>(['scan', `oci:${join(home, image)}`, '--feeds', feed, ...options])
    const { findings } = await scan('first')
    const purl = findings[0]?.package.purl ?? ''
    expect(purl).toMatch(/^pkg:deb\/debian\/base-files@.*distro=debian-13/)
    const about = [
      '--id',
      'CVE-2099-1000',
      '--status',
      'not_affected',
      '--statement',
      'no',
      '--author',
      'Jane',
    ]
    await temperJson(['vex', 'add', recipe, ...about, '--package', purl])
    const statements = join(home, 'recipe.openvex.json')
    await temperJson(['build', recipe, '-o', join(home, 'second')])
    const attached = join(home, 'attached.json')
    writeFileSync(attached, attachedText(join(home, 'second')))
    for (const [image, vex] of [
      ['first', statements],
      ['second', statements],
      ['second', attached],
    ] as const) {
      const { findings: left, suppressed, unused } = await scan(image, '--vex', vex)
      expect({ left, suppressed: suppressed.length }).toEqual({ left: [], suppressed: 1 })
      expect(unused.filter(({ id }) => id === 'CVE-2099-1000')).toEqual([])
    }
  })

  it('is not there without evidence: exit code 2', async () => {
    const { layout } = await catalogImage('nginx')
    const bare = join(folder, 'bare')
    await temperJson(['copy', '--no-referrers', `oci:${layout}`, `oci:${bare}:v1`])
    expect((await temper(['vex', `oci:${bare}:v1`])).code).toBe(2)
  })
})
