import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeHost } from '../../test/support/fake-host.ts'
import { ndjson } from '../flows/feeds/fixtures/sample.ts'
import { run } from './run.ts'
import { parseConfiguration } from './settings/configuration.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-feeds-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function feeds(...args: readonly string[]) {
  const host = new FakeHost({ env: { HOME: folder }, workingDir: folder })
  const code = await run(['feeds', ...args], host)
  return { code, out: host.out, err: host.err }
}

describe('temper feeds', () => {
  it('says what it did, and what is there', async () => {
    await writeFile(join(folder, 'a.ndjson'), `${ndjson(3)}{}\n`)
    expect((await feeds('import', 'a.ndjson')).out).toBe(
      '✓ 1 feed imported\n  a  osv  3  single records of Debian 12  1 left out\n  a: line 4: it has no id\nImport a complete list of an ecosystem with --whole Debian.\n',
    )
    const status = (await feeds()).out
    expect(status).toMatch(
      /^ {2}feed +kind +records +newest +fetched +speaks for\n {2}a +osv +3 +\S* +0 h ago +single records of Debian 12 +1 left out\n/,
    )
    expect(status).toMatch(/\n {2}days +2026-01-01\n$/)
    expect((await feeds('export', 'out.feeds')).out).toMatch(
      /out\.feeds\n {2}size {4}[\d.]+ k?B\n {2}feeds {3}1\n {2}digest {2}sha256:[0-9a-f]{64}\n$/,
    )
    expect((await feeds('verify', '--feeds', 'out.feeds')).out).toMatch(
      /^✓ 1 file sound: 9 rows, .*\n {2}digest {2}sha256:[0-9a-f]{64}\n$/,
    )
    expect((await feeds('verify')).out).toMatch(/^✓ 2 files sound: 18 rows, /)
    const { feeds: listed } = JSON.parse((await feeds('--json')).out) as { feeds: unknown[] }
    expect(listed).toMatchObject([
      { id: 'a', kind: 'osv', count: 3, skipped: 1, examples: [{ where: 'line 4' }] },
    ])
    expect((await feeds('remove', 'a')).out).toBe('Removed 1 feed.\n')
  })

  it('reports feeds that could not be updated, and ends with the code of the first', async () => {
    const config = join(folder, 'config.yaml')
    const off = ['osv', 'alpine-secdb', 'wolfi-secdb', 'chainguard-secdb', 'epss', 'debian-tracker']
    const lines = off.map((name) => `  ${name}: off\n`).join('')
    await writeFile(config, `feeds:\n${lines}  kev: http://127.0.0.1:1/kev.json\n`)
    const { code, out, err } = await feeds('update', '--config', config)
    expect(code).toBe(3)
    expect(out).toMatch(
      /^✗ 0 feeds up to date, 1 failed and stay as they were\n {2}kev {2}failed *\n.*temper feeds import/,
    )
    expect(err.match(/127\.0\.0\.1/g)).toHaveLength(1)
  })

  it('takes what a file lists completely from each --whole, however often it is given', async () => {
    const records = ['PyPI', 'npm', 'Packagist'].map((ecosystem) => {
      const affected = [{ package: { ecosystem, name: 'a' }, versions: ['1'] }]
      return JSON.stringify({ id: `X-${ecosystem}`, modified: '2024-01-01T00:00:00Z', affected })
    })
    await writeFile(join(folder, 'both.ndjson'), records.join('\n'))
    const { out } = await feeds('import', 'both.ndjson', '--whole', 'npm', '--whole', 'PyPI, Packagist')
    expect(out).toContain('all of Packagist, PyPI, npm')
  })

  it.each([
    [['import'], 'bad-usage'],
    [['import', 'a.json', '--as', '../../a'], 'bad-usage'],
    [['export'], 'bad-usage'],
    [['export', 'a', 'b'], 'bad-usage'],
    [['verify', 'a'], 'bad-usage'],
    [['remove'], 'bad-usage'],
    [['changelogs'], 'bad-usage'],
    [['fetch'], 'bad-usage'],
    [['import', 'nowhere'], 'not-found'],
    [['status'], 'not-found'],
    [['verify'], 'not-found'],
    [['export', 'a'], 'not-found'],
    [['update', '--offline'], 'offline'],
  ])('%j fails with %s', async (args, code) => {
    const { out } = await feeds(...args, '--json')
    expect(JSON.parse(out)).toMatchObject({ error: { code } })
  })
})

describe('settings about feeds', () => {
  const read = async (text: string) => (await parseConfiguration(text, 'config.yaml')).feeds

  it('are read', async () => {
    expect(await read('netrc: a')).toBeUndefined()
    const text = `feeds:
  osv: https://mirror.example/osv
  kev: off
  epss: "off"
  ecosystems: [Debian, Rocky Linux]
  alpine-releases: [v3.20, edge]
  stale-after: 2d
  history: 2GB
`
    expect(await read(text)).toEqual({
      addresses: { osv: 'https://mirror.example/osv', kev: 'off', epss: 'off' },
      ecosystems: ['Debian', 'Rocky Linux'],
      alpineReleases: ['v3.20', 'edge'],
      staleAfter: 172_800,
      history: 2e9,
    })
  })

  it.each([
    ['osv: 5', /config\.yaml:2: feeds\.osv: expected an http/],
    ['osv: ftp://a.example', /http/],
    ['ecosystems: Debian', /a list of names/],
    ['alpine-releases: ["../.."]', /a list of names/],
    ['stale-after: 7', /an age/],
    ['history: much', /a size/],
    ['nvd: https://a.example', /unknown setting "feeds\.nvd"/],
  ])('"%s" is refused', async (line, message) => {
    await expect(read(`feeds:\n  ${line}\n`)).rejects.toThrow(message)
  })
})
