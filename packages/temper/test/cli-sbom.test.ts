import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../src/cli/run.ts'
import { FakeHost } from './support/fake-host.ts'

/* What people and scripts see of "temper sbom": texts, JSON, exit codes. */

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-cli-sbom-'))
  await writeFile(join(folder, 'old.json'), document({ kept: '1', changed: '1', gone: '1' }))
  await writeFile(join(folder, 'new.json'), document({ kept: '1', changed: '2', came: '1' }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function document(packages: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { timestamp: '2026-01-02T03:04:05Z', component: { type: 'container', name: 'app' } },
    components: Object.entries(packages).map(([name, version]) => ({
      type: 'library',
      name,
      version,
      purl: `pkg:npm/${name}@${version}`,
      licenses: [{ license: { id: name === 'gone' ? 'GPL-3.0-only' : 'MIT' } }],
    })),
  })
}

async function temper(...args: string[]) {
  const host = new FakeHost({ workingDir: folder, env: { HOME: folder } })
  const code = await run(['sbom', ...args], host)
  return { code, out: host.out, error: host.err }
}

describe('temper sbom', () => {
  it.each([
    ['spdx-json', /^\{"spdxVersion":"SPDX-2\.3"/],
    ['cyclonedx-json', /^\{"\$schema":"http:\/\/cyclonedx\.org\/schema\/bom-1\.6/],
    ['spdx3-json', /^\{"@context":"https:\/\/spdx\.org\/rdf\/3\.0\.1/],
  ])('prints %s, the same as JSON and into a file', async (format, start) => {
    const { code, out } = await temper('sbom:old.json', '--format', format)
    expect([code, out]).toEqual([0, expect.stringMatching(start)])
    expect(JSON.parse((await temper('sbom:old.json', '--format', format, '--json')).out)).toEqual(
      JSON.parse(out),
    )
    const written = await temper('sbom:old.json', '--format', format, '-o', `${format}.out`)
    expect(written.out).toContain(`Wrote ${join(folder, `${format}.out`)}`)
    expect(await readFile(join(folder, `${format}.out`), 'utf8')).toBe(out)
  })

  it('reads standard input', async () => {
    const host = new FakeHost({ workingDir: folder, env: { HOME: folder } })
    host.input = await readFile(join(folder, 'old.json'), 'utf8')
    expect(await run(['sbom', 'sbom:-'], host)).toBe(0)
    expect(host.out).toBe((await temper('sbom:old.json')).out)
  })

  it('tells what differs, by exit code too', async () => {
    const { code, out } = await temper('diff', 'sbom:old.json', 'sbom:new.json')
    expect(code).toBe(1)
    expect(out).toBe(
      'Packages: 1 added, 1 removed, 1 changed\n  ~  npm  changed  1 → 2\n  -  npm  gone     1\n  +  npm  came     1\n',
    )
    expect(JSON.parse((await temper('diff', 'sbom:old.json', 'sbom:new.json', '--json')).out)).toMatchObject({
      equal: false,
      old: { name: 'sbom:old.json', packages: 3 },
      packages: { changed: [{ name: 'changed', from: '1', to: '2' }] },
    })
    expect(await temper('diff', 'sbom:old.json', 'sbom:old.json')).toMatchObject({
      code: 0,
      out: '= sbom:old.json and sbom:old.json have the same contents\n',
    })
  })

  it('merges', async () => {
    const { code, out } = await temper('merge', 'sbom:old.json', 'sbom:new.json', '--name', 'both')
    const merged: { name: string; packages: { name: string }[] } = JSON.parse(out)
    expect([code, merged.name]).toEqual([0, 'both'])
    expect(merged.packages.map(({ name }) => name).slice(1)).toEqual([
      'came',
      'changed',
      'changed',
      'gone',
      'kept',
    ])
  })

  it('refuses licences, and says whose', async () => {
    const { code, out } = await temper('sbom:old.json', '--deny', 'AGPL-*,GPL-3.0-only')
    expect(code).toBe(1)
    expect(out).toContain(
      '1 of 3 packages have licences that are not accepted\n  gone  1  GPL-3.0-only  GPL-3.0-only is denied',
    )
    expect(await temper('sbom:new.json', '--allow', 'MIT')).toMatchObject({ code: 0, error: '' })
  })

  it.each([
    [['sbom:old.json', 'sbom:new.json']],
    [['merge', 'sbom:old.json']],
    [['diff', 'sbom:old.json']],
    [['diff', 'sbom:old.json', 'sbom:old.json', 'sbom:old.json']],
    [['sbom:old.json', '--format', 'spdx']],
    [['sbom:']],
    [['sbom:nowhere.json']],
    [[]],
  ])('%j is bad input', async (args) => {
    expect(await temper(...args)).toMatchObject({ code: 2, out: '' })
  })
})
