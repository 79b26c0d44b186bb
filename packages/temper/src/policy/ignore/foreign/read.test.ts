import { describe, expect, it } from 'vitest'
import { parseIgnoreFile } from '../ignore-file.ts'

function read(file: string, text: string) {
  return parseIgnoreFile(Buffer.from(text), file)
}

describe('.trivyignore', () => {
  it('lists ids, with the day on which each ends and comments as reasons', () => {
    const text = [
      '# Reviewed by the platform team',
      '',
      '# not reachable:',
      '# the parser is off',
      'CVE-2024-0001',
      'CVE-2024-0002 exp:2026-07-01 # until the upgrade',
      '# other',
      'GHSA-aaaa-bbbb-cccc',
      '',
      'generic-secret',
    ].join('\n')
    expect(read('.trivyignore', text)).toEqual([
      { id: 'CVE-2024-0001', reason: 'not reachable: the parser is off', origin: '.trivyignore:5' },
      {
        id: 'CVE-2024-0002',
        reason: 'until the upgrade',
        expires: '2026-06-30',
        origin: '.trivyignore:6',
      },
      { id: 'GHSA-aaaa-bbbb-cccc', reason: 'other', origin: '.trivyignore:8' },
      { id: 'generic-secret', reason: 'listed in .trivyignore without a reason', origin: '.trivyignore:10' },
    ])
  })

  it('is told by its content under any name', () => {
    expect(read('ci/ignored.txt', 'CVE-2024-0001\n').map(({ id }) => id)).toEqual(['CVE-2024-0001'])
  })

  it.each([
    ['CVE-2024-0001 exp:soon', 'the last day of CVE-2024-0001 is not a day: expected YYYY-MM-DD'],
    ['CVE-2024-0001 exp:2026-02-30', 'the last day of CVE-2024-0001 is not a day: expected YYYY-MM-DD'],
    ['CVE-2024-0001 high', 'the text after CVE-2024-0001 is unknown: expected "exp:YYYY-MM-DD"'],
  ])('ignores nothing by a line that is not understood: %s', (line, why) => {
    expect(read('.trivyignore', line)).toMatchObject([{ untaken: why, origin: '.trivyignore:1' }])
  })
})

describe('.trivyignore.yaml', () => {
  it('has vulnerabilities and secrets, with every pair of a path and a package', () => {
    const text = `vulnerabilities:
  - id: CVE-2024-0001
    paths: [/usr/lib/a/METADATA, "opt/**"]
    purls: [pkg:npm/%40a/b, "pkg:pypi/c@1.0"]
    statement: accepted
    expired_at: 2026-07-01
secrets:
  - id: npm-token
`
    const common = {
      id: 'CVE-2024-0001',
      reason: 'accepted',
      expires: '2026-06-30',
      origin: '.trivyignore.yaml:2',
    }
    expect(read('.trivyignore.yaml', text)).toEqual([
      { ...common, path: 'usr/lib/a/METADATA', purl: 'pkg:npm/%40a/b' },
      { ...common, path: 'usr/lib/a/METADATA', purl: 'pkg:pypi/c@1.0' },
      { ...common, path: 'opt/**', purl: 'pkg:npm/%40a/b' },
      { ...common, path: 'opt/**', purl: 'pkg:pypi/c@1.0' },
      {
        id: 'npm-token',
        reason: 'listed in .trivyignore.yaml without a reason',
        origin: '.trivyignore.yaml:8',
      },
    ])
  })

  it.each([
    ['misconfigurations: [{ id: AVD-DS-0002 }]', 'misconfigurations are not findings of a scan here'],
    ['licenses: [{ id: GPL-3.0 }]', 'licenses are not findings of a scan here'],
    ['vulnerabilities: [{ paths: [a] }]', 'there is no id'],
    ['vulnerabilities: [{ id: A-1, expired_at: soon }]', 'the last day of A-1 is not a day'],
    ['vulnerabilities: [{ id: A-1, paths: ["a/{b,c}"] }]', 'A-1 names paths or packages by patterns'],
    ['vulnerabilities: [{ id: A-1, paths: a }]', 'A-1 names paths or packages by patterns'],
    ['vulnerabilities: [{ id: A-1, purls: ["pkg:deb/a?arch=amd64"] }]', 'A-1 names paths or packages'],
    ['vulnerabilities: [{ id: A-1, purls: [curl] }]', 'A-1 names paths or packages by patterns'],
  ])('ignores nothing by what means something else: %s', (text, why) => {
    const [rule, ...others] = read('.trivyignore.yaml', text)
    expect(others).toEqual([])
    expect(rule).toMatchObject({ origin: '.trivyignore.yaml:1', untaken: expect.stringContaining(why) })
  })
})

describe('.grype.yaml', () => {
  it('has rules by id and by package', () => {
    const text = `ignore:
  - vulnerability: CVE-2024-0001
    include-aliases: true
    reason: not reachable
  - vulnerability: CVE-2024-0002
    package: { name: libcurl, version: 7.88+1, type: deb, location: /usr/lib/** }
  - package: { name: "linux-.*-headers", type: rpm }
  - package: { name: libstdc++6 }
`
    const reason = 'listed in .grype.yaml without a reason'
    expect(read('.grype.yaml', text)).toEqual([
      { id: 'CVE-2024-0001', reason: 'not reachable', origin: '.grype.yaml:2' },
      {
        id: 'CVE-2024-0002',
        package: 'libcurl',
        path: 'usr/lib/**',
        purl: 'pkg:deb/**@7.88%2B1',
        reason,
        origin: '.grype.yaml:5',
      },
      { package: 'linux-**-headers', purl: 'pkg:rpm/**', reason, origin: '.grype.yaml:7' },
      { package: 'libstdc++6', reason, origin: '.grype.yaml:8' },
    ])
  })

  it.each([
    ['ignore: [{ vulnerability: A-1, fix-state: wont-fix }]', 'findings here have no "fix-state"'],
    [
      'ignore: [{ vulnerability: A-1, package: { language: go } }]',
      'findings here have no "package.language"',
    ],
    ['ignore: [{ package: { name: "a|b" } }]', 'the name "a|b" is a regular expression'],
    ['ignore: [{ package: { name: a, location: "/a/{b,c}" } }]', 'the place "/a/{b,c}" is a pattern'],
    ['ignore: [{ package: { type: linux-kernel } }]', 'packages of type "linux-kernel"'],
    ['ignore: [{ package: { type: rpm, version: "1:2-3" } }]', 'packages of type "rpm" in one version'],
    ['ignore: [{ package: {} }]', 'it has no condition'],
  ])('ignores nothing by what means something else: %s', (text, why) => {
    const [rule, ...others] = read('.grype.yaml', text)
    expect(others).toEqual([])
    expect(rule).toMatchObject({ origin: '.grype.yaml:1', untaken: expect.stringContaining(why) })
  })

  it('has settings besides, which are told', () => {
    const text = 'only-fixed: true\nexclude: []\nfail-on-severity: ""\nignore: [{ vulnerability: A-1 }]\n'
    expect(read('.grype.yaml', text)).toMatchObject([
      { id: 'A-1' },
      { origin: '.grype.yaml:1', untaken: '"only-fixed" is a setting of a scan, not a rule' },
    ])
  })
})
