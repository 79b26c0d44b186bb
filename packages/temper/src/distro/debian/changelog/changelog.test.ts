import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareDebianVersions } from '../../../formats/version/dpkg.ts'
import { cveIdsBetween } from '../../../model/package/changelog.ts'
import { parseChangelog } from './changelog.ts'

const text = `nginx (1.26.3-3+deb13u2) trixie-security; urgency=high, binary-only=yes

  * Fix a buffer over-read (CVE-2026-10000), and cve-2026-2999.
  * Again CVE-2026-10000.

 -- Some One <someone@mirror.example>  Fri, 01 May 2026 10:00:00 +0200

nginx (1.26.3-3+deb13u1) trixie; urgency=medium
  * Fix CVE-2025-5000
 -- Some One <someone@mirror.example> Wed, 01 Apr 2026 10:00:00 +0200

nginx (1.26.3-3) unstable; urgency=low

  * Fix CVE-2024-1111.

 -- Some One <someone@mirror.example>  Mon, 02 Mar 2026 10:00:00 +0200

Old lines that belong to nothing: CVE-1999-0001
`

test('reads entries', () => {
  const [newest, second, third] = parseChangelog(text)
  expect(newest).toEqual({
    source: 'nginx',
    version: '1.26.3-3+deb13u2',
    distributions: ['trixie-security'],
    urgency: 'high',
    date: 'Fri, 01 May 2026 10:00:00 +0200',
    changes: '  * Fix a buffer over-read (CVE-2026-10000), and cve-2026-2999.\n  * Again CVE-2026-10000.',
    cveIds: ['CVE-2026-10000', 'CVE-2026-2999'],
  })
  expect(second).toMatchObject({ urgency: 'medium', date: 'Wed, 01 Apr 2026 10:00:00 +0200' })
  expect(third?.cveIds).toEqual(['CVE-2024-1111'])
  expect(parseChangelog(text)).toHaveLength(3)
})

test('an entry without a trailer ends at the next heading', () => {
  const entries = parseChangelog(
    'a (2) x; urgency=low\n  * CVE-2026-0002\na (1) x; urgency=low\n  * CVE-2026-0001\n',
  )
  expect(entries.map(({ version, cveIds }) => [version, cveIds])).toEqual([
    ['2', ['CVE-2026-0002']],
    ['1', ['CVE-2026-0001']],
  ])
})

test('names the CVEs of the versions in between, by number', () => {
  const between = (from: string, to: string) =>
    cveIdsBetween(parseChangelog(text), { from, to }, compareDebianVersions)
  expect(between('1.26.3-3', '1.26.3-3+deb13u2')).toEqual([
    'CVE-2025-5000',
    'CVE-2026-2999',
    'CVE-2026-10000',
  ])
  expect(between('1.26.3-3', '1.26.3-3+deb13u1')).toEqual(['CVE-2025-5000'])
  expect(between('1.26.3-3+deb13u2', '1.26.3-3+deb13u2')).toEqual([])
  expect(between('1.26.3-3+deb13u2', '1.26.3-3')).toEqual([])
})

test('a version made of a higher one has its changes', () => {
  const entries = parseChangelog(
    [
      'a (2.1~deb13u1) x; urgency=low\n  * Rebuild',
      'a (2.1) x; urgency=low\n  * CVE-2026-0002',
      'a (2.0~deb13u1) x; urgency=low\n  * Rebuild',
      'a (2.0) x; urgency=low\n  * CVE-2026-0001\n',
    ].join('\n'),
  )
  const between = (from: string, to: string) => cveIdsBetween(entries, { from, to }, compareDebianVersions)
  expect(between('2.0~deb13u1', '2.1~deb13u1')).toEqual(['CVE-2026-0002'])
  expect(between('1.9', '2.0~deb13u1')).toEqual(['CVE-2026-0001'])
  expect(between('2.1~deb13u1', '2.1')).toEqual([])
})

test('any text is read, in time that grows with its length', () => {
  const parts = fc.array(
    fc.constantFrom(
      'a (1) x; urgency=low',
      ' -- A <b>  date',
      '  * CVE-2026-1234',
      '\n',
      ' ',
      '(',
      ')',
      ';',
      '-',
    ),
  )
  fc.assert(
    fc.property(parts, (lines) => {
      for (const entry of parseChangelog(lines.join(''))) expect(entry.version).not.toBe('')
    }),
  )
  expect(parseChangelog(`${' -- '.repeat(100_000)}\n`)).toEqual([])
  expect(parseChangelog(`a (1)${' x'.repeat(100_000)}\n`)).toEqual([])
})
