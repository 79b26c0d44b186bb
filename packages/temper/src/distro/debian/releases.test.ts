import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { fingerprintsOf } from '../../formats/crypto/openpgp.ts'
import { debianRelease, debianReleases } from './releases.ts'

const keysDir = new URL('../../../keys/', import.meta.url)

test('releases read the archive, its updates and its security updates', () => {
  expect(debianRelease('debian-12').suites.map(({ archive, suite }) => `${archive} ${suite}`)).toEqual([
    'debian bookworm',
    'debian bookworm-updates',
    'debian-security bookworm-security',
  ])
  expect(debianRelease('debian-13').osRelease).toMatchObject({ ID: 'debian', VERSION_ID: '13' })
  expect(() => debianRelease('debian-99')).toThrow(/no release debian-99/)
})

test('each shipped key is used, and is the one that the README names', async () => {
  const shipped = (await readdir(keysDir)).filter((name) => name.endsWith('.asc'))
  const used = debianReleases.flatMap(({ suites }) => suites.flatMap(({ keys }) => keys))
  expect(shipped.sort()).toEqual([...new Set(used)].sort())
  const rows = (await readFile(new URL('README.md', keysDir), 'utf8'))
    .split('\n')
    .filter((line) => line.includes('.asc |'))
  expect(rows).toHaveLength(shipped.length)
  for (const row of rows) {
    const [, name = '', , fingerprint = ''] = row.split('|').map((cell) => cell.trim())
    const bytes = await readFile(new URL(name, keysDir))
    expect(await fingerprintsOf({ name, bytes })).toEqual([fingerprint.replaceAll(' ', '')])
  }
})
