import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseApkKey } from '../../formats/apk/signature.ts'
import { alpineRelease, alpineReleases } from '../alpine/releases.ts'
import { wolfiRelease } from '../wolfi/releases.ts'

const keysDir = new URL('../../../keys/', import.meta.url)

test('each shipped key is used, and is the one that the README names', async () => {
  const shipped = (await readdir(keysDir)).filter((name) => name.endsWith('.rsa.pub'))
  const used = [...alpineReleases, wolfiRelease].flatMap(({ keys }) => [...keys.amd64, ...keys.arm64])
  expect(shipped.sort()).toEqual([...new Set(used)].sort())
  const rows = (await readFile(new URL('README.md', keysDir), 'utf8'))
    .split('\n')
    .filter((line) => line.includes('.rsa.pub |'))
  expect(rows).toHaveLength(shipped.length)
  for (const row of rows) {
    const [, name = '', , fingerprint = ''] = row.split('|').map((cell) => cell.trim())
    expect(parseApkKey({ name, bytes: await readFile(new URL(name, keysDir)) })).toMatchObject({
      name,
      fingerprint,
    })
  }
})

test('a release has a folder on every mirror', () => {
  expect(alpineRelease('alpine-3.23')).toMatchObject({ branch: 'v3.23', components: ['main', 'community'] })
  expect(() => alpineRelease('alpine-1.0')).toThrow(/no release alpine-1\.0/)
})
