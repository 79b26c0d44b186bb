import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareDebianVersions } from '../../../formats/version/dpkg.ts'
import { parseChangelog } from './changelog.ts'
import { changelogFacts, fixesOf, isChangelog } from './fixes.ts'

function entry(version: string, ...lines: readonly string[]): string {
  const changes = lines.map((line) => `  ${line}\n`).join('')
  return `web (${version}) stable; urgency=high\n\n${changes}\n -- A <a@example.com>  Sat, 01 Mar 2025 10:00:00 +0100\n`
}

const fixes = (...entries: readonly string[]) =>
  fixesOf(parseChangelog(entries.join('\n'))).map(({ id, version, text }) => [id, version, text])

test.each([
  ['usr/share/doc/web/changelog.Debian.gz', true],
  ['usr/share/doc/web/changelog.Debian', true],
  ['usr/share/doc/web/changelog.gz', true],
  ['usr/share/doc/web/changelog.Debian.amd64.gz', false],
  ['usr/share/doc/web/changelog.html.gz', false],
  ['usr/share/doc/web/a/changelog.gz', false],
  ['usr/share/web/changelog.gz', false],
])('%s: %j', (path, expected) => {
  expect(isChangelog(path)).toBe(expected)
})

describe('repaired', () => {
  test.each([
    ['* Fix CVE-2025-1234'],
    ['* CVE-2025-1234: reject overlong names'],
    ['* d/p/CVE-2025-1234.patch: add from upstream'],
    ['* New upstream version, fixes cve-2025-1234 (Closes: #1)'],
    ['* Backport a patch so that names are ignored that are not valid (CVE-2025-1234)'],
  ])('%s', (line) => {
    expect(fixes(entry('1-2', line)).map(([id]) => id)).toEqual(['CVE-2025-1234'])
  })

  test('items below a heading, with their own words', () => {
    expect(
      fixes(entry('1-2', '* Security:', '  - CVE-2025-1111', '    in the parser', '  - CVE-2025-2222')),
    ).toEqual([
      ['CVE-2025-1111', '1-2', 'CVE-2025-1111 in the parser'],
      ['CVE-2025-2222', '1-2', 'CVE-2025-2222'],
    ])
  })

  test('where it was repaired first, when it is named again', () => {
    const later = entry('1-3', '* Better patch for CVE-2025-1234')
    expect(fixes(later, entry('1-2', '* Fix CVE-2025-1234'))).toEqual([
      ['CVE-2025-1234', '1-2', 'Fix CVE-2025-1234'],
    ])
  })

  test('in the lowest of the versions that have the repair', () => {
    const entries = [entry('2.1~deb13u1', '* Rebuild'), entry('2.1', '* Fix CVE-2025-1234'), entry('2.0')]
    expect(fixesOf(parseChangelog(entries.join('\n')))).toEqual([
      { id: 'CVE-2025-1234', version: '2.1~deb13u1', entry: '2.1', text: 'Fix CVE-2025-1234' },
    ])
  })

  test('never in a version above the newest', () => {
    const version = fc.constantFrom('1-1', '2-1', '2-1~deb13u1', '2-1+deb13u1', '3-1', '3-1~bpo1')
    const line = fc.constantFrom(
      '* Fix CVE-2025-1234',
      '* Revert CVE-2025-1234',
      '* CVE-2025-5678',
      '* Rebuild',
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(version, line), { minLength: 1, maxLength: 8 }), (lines) => {
        const entries = parseChangelog(lines.map(([number, text]) => entry(number, text)).join('\n'))
        for (const fix of fixesOf(entries)) {
          const said = entries.findLastIndex(
            ({ version: own, cveIds }) => own === (fix.entry ?? fix.version) && cveIds.includes(fix.id),
          )
          expect(said).toBeGreaterThanOrEqual(0)
          expect(compareDebianVersions(fix.version, entries[0]?.version ?? '')).toBeLessThanOrEqual(0)
        }
      }),
    )
  })

  test('long items are cut around the id', () => {
    const [fix] = fixes(entry('1', `* ${'x '.repeat(300)}CVE-2025-1234 ${'y '.repeat(300)}`))
    expect(fix?.[2]).toContain('CVE-2025-1234')
    expect(fix?.[2]?.length).toBeLessThanOrEqual(241)
  })
})

describe('not repaired', () => {
  test.each([
    ['* Revert the fix for CVE-2025-1234, it breaks the parser'],
    ['* The patch was incomplete: CVE-2025-1234 is not fixed yet'],
    ['* Partially fix CVE-2025-1234'],
    ['* To do: CVE-2025-1234'],
    ['* CVE-2025-1234 does not apply: not affected'],
    ['* Not vulnerable to CVE-2025-1234'],
    ['* Drop CVE-2025-1234.patch, applied upstream'],
    ['* Refresh patches: CVE-2025-1234.patch'],
    ['* Mention CVE-2025-1234 in the last entry'],
    ['* Fix regression introduced by the fix of CVE-2025-1234'],
  ])('%s', (line) => {
    expect(fixes(entry('1-2', line))).toEqual([])
  })

  test('what was taken back is not repaired, whatever came before', () => {
    const before = entry('1-2', '* Fix CVE-2025-1234')
    expect(fixes(entry('1-3', '* Revert CVE-2025-1234.patch'), before)).toEqual([])
    const again = entry('1-4', '* CVE-2025-1234: another way')
    expect(
      fixes(again, entry('1-3', '* Revert CVE-2025-1234.patch'), before).map(([, version]) => version),
    ).toEqual(['1-4'])
  })

  test('a regression that is repaired does not undo the repair', () => {
    const after = entry('1-3', '* Fix a regression from the fix of CVE-2025-1234')
    expect(fixes(after, entry('1-2', '* Fix CVE-2025-1234'))).toHaveLength(1)
  })

  test('the heading counts for what is below it', () => {
    expect(
      fixes(entry('1-2', '* Revert these patches:', '  - CVE-2025-1111.patch', '* Fix CVE-2025-2222')),
    ).toEqual([['CVE-2025-2222', '1-2', 'Fix CVE-2025-2222']])
  })

  test('a longer number is another vulnerability', () => {
    const fixed = fixes(entry('1', '* Revert CVE-2025-12345', '* Fix CVE-2025-1234'))
    expect(fixed.map(([id]) => id)).toEqual(['CVE-2025-1234'])
  })
})

describe('files', () => {
  const path = 'usr/share/doc/web/changelog.Debian.gz'
  const text = entry('1-2', '* Fix CVE-2025-1234')

  test('packed and plain', () => {
    const facts = { source: 'web', version: '1-2', fixes: [{ id: 'CVE-2025-1234' }] }
    expect(changelogFacts(path, gzipSync(text))).toMatchObject({ path, ...facts })
    expect(changelogFacts('usr/share/doc/web/changelog', Buffer.from(text))).toMatchObject(facts)
  })

  test.each([
    ['an upstream changelog', gzipSync('Changes in 1.2\n\n* Fix CVE-2025-1234\n')],
    ['damaged', gzipSync(text).subarray(0, 40)],
    ['no gzip', Buffer.from(text)],
    ['empty', Buffer.alloc(0)],
    ['a bomb', gzipSync(Buffer.alloc(33 << 20))],
    ['not UTF-8', gzipSync(Buffer.concat([Buffer.from(text), Buffer.from([0xff])]))],
  ])('%s tells nothing', (_, content) => {
    expect(changelogFacts(path, content)).toBeUndefined()
  })

  test('at most a thousand, the newest', () => {
    const ids = Array.from({ length: 1500 }, (_, i) => `* Fix CVE-2025-${10_000 + i}`)
    const facts = changelogFacts('usr/share/doc/web/changelog', Buffer.from(entry('1', ...ids)))
    expect(facts?.fixes).toHaveLength(1000)
    expect(facts?.fixes[0]?.id).toBe('CVE-2025-10000')
  })

  test('any text is read', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom(
        'web (1) s; urgency=low',
        '  * CVE-2025-1234',
        '    - x CVE-2025-1',
        ' -- A <b>  c',
        '',
        '\t',
      ),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        for (const { id } of fixesOf(parseChangelog(lines.join('\n'))))
          expect(id).toMatch(/^CVE-\d{4}-\d{4,}$/)
      }),
    )
  })
})
