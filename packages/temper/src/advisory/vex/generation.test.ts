import { describe, expect, test } from 'vitest'
import type { ChangelogFacts } from '../../model/package/changelog.ts'
import { combinePlatforms } from './apply/combine.ts'
import { imageProduct, packageIdentifiers } from './apply/products.ts'
import { bindStatements, withoutOverlap } from './author/authored.ts'
import { fixedStatements } from './author/from-changelogs.ts'
import { findingStatements } from './author/from-findings.ts'
import { repairStatements } from './author/from-repairs.ts'
import {
  digestA,
  digestB,
  sampleComponent,
  sampleDocument,
  sampleEvidence,
  sampleFinding,
  samplePackage,
  sampleStatement,
} from './fixtures/sample.ts'

const image = `pkg:oci/web@${digestA}`
const libssl = 'pkg:deb/debian/libssl3t64@3.5.1-1?arch=amd64'
const openssl = 'pkg:deb/debian/openssl@3.5.1-1?arch=amd64'
const changelog: ChangelogFacts = {
  path: 'usr/share/doc/libssl3t64/changelog.Debian.gz',
  source: 'openssl',
  version: '3.5.1-1',
  fixes: [{ id: 'CVE-2025-1', version: '3.5.0-2', text: 'Fix CVE-2025-1' }],
}
const teller = samplePackage({ changelog })
const other = samplePackage({ name: 'openssl', files: [{ path: 'usr/bin/openssl', kind: 'program' }] })

describe('package URLs that scanners match', () => {
  test.each([
    [{ name: 'libssl3t64', version: '3.5.1-1', architecture: 'amd64' }, [libssl]],
    [{ name: 'libstdc++6', version: '14.2.0-19' }, ['pkg:deb/debian/libstdc%2B%2B6@14.2.0-19']],
    [
      { name: 'a', version: '1:2-3', architecture: 'all' },
      ['pkg:deb/debian/a@1:2-3?arch=all', 'pkg:deb/debian/a@2-3?arch=all&epoch=1'],
    ],
    [{ name: 'a', version: '12:2-3' }, ['pkg:deb/debian/a@12:2-3', 'pkg:deb/debian/a@2-3?epoch=12']],
  ])('%j', (binary, expected) => {
    expect(packageIdentifiers(binary, sampleEvidence())).toEqual(expected)
  })

  test('the image, by the last part of its name and by its digest', () => {
    const product = imageProduct({ image: { name: 'team/Web', digest: digestA, created: '' } }, [])
    expect(product).toEqual({ id: image, digests: [digestA], subcomponents: [] })
  })
})

describe('fixed, according to changelogs', () => {
  test('all packages of the source are meant, with the words of the changelog', () => {
    expect(fixedStatements(sampleEvidence({ packages: [teller, other] }))).toEqual([
      {
        vulnerability: 'CVE-2025-1',
        aliases: [],
        status: 'fixed',
        statement:
          'Repaired in openssl 3.5.0-2: "Fix CVE-2025-1" (/usr/share/doc/libssl3t64/changelog.Debian.gz of libssl3t64 3.5.1-1)',
        products: [
          { id: image, digests: [digestA], subcomponents: [libssl, openssl] },
          { id: libssl, subcomponents: [] },
          { id: openssl, subcomponents: [] },
        ],
      },
    ])
  })

  test('names the entry when it is not of the version that was repaired first', () => {
    const fixes = [{ id: 'CVE-2025-1', version: '3.5.0-2~deb13u1', entry: '3.5.0-2', text: 'Fix CVE-2025-1' }]
    const packages = [samplePackage({ changelog: { ...changelog, fixes } })]
    expect(fixedStatements(sampleEvidence({ packages }))[0]?.statement).toMatch(
      /^Repaired in openssl 3\.5\.0-2~deb13u1: "Fix CVE-2025-1" \(entry 3\.5\.0-2 in \/usr\/share\/doc\//,
    )
  })

  test.each([
    ['of another source', { source: 'openssl1.0' }],
    ['of another version', { version: '3.5.2-1' }],
  ])('a changelog %s tells nothing', (_, over) => {
    const packages = [samplePackage({ changelog: { ...changelog, ...over } })]
    expect(fixedStatements(sampleEvidence({ packages }))).toEqual([])
  })

  test('a rebuild without changes has the version of its source', () => {
    const packages = [
      samplePackage({ version: '3.5.1-1+b2', changelog: { ...changelog, version: '3.5.1-1+b2' } }),
    ]
    expect(fixedStatements(sampleEvidence({ packages }))).toHaveLength(1)
    const of = (version: string, source = '3.5.1-1') => {
      const built = { name: 'openssl', version: source }
      const packages = [samplePackage({ version, source: built, changelog: { ...changelog, version } })]
      return fixedStatements(sampleEvidence({ packages })).length
    }
    expect(of('3.5.1-1+b12')).toBe(1)
    expect(of('3.5.1-1+b1+local1', '3.5.1-1+local1')).toBe(0)
  })

  test.each([
    ['another repository', { repository: 'vendor' }],
    ['another version of the source', { source: { name: 'openssl', version: '3.5.0-1' } }],
  ])('it speaks for no package of %s', (_, over) => {
    const packages = [teller, samplePackage({ ...over, name: 'openssl' })]
    const [statement] = fixedStatements(sampleEvidence({ packages }))
    expect(statement?.products[0]?.subcomponents).toEqual([libssl])
  })

  test('sorted by number', () => {
    const fixes = ['CVE-2025-10000', 'CVE-2025-999', 'CVE-2024-20000'].map((id) => ({
      id,
      version: '1',
      text: 'x',
    }))
    const packages = [samplePackage({ changelog: { ...changelog, fixes } })]
    expect(fixedStatements(sampleEvidence({ packages })).map((each) => each.vulnerability)).toEqual([
      'CVE-2024-20000',
      'CVE-2025-999',
      'CVE-2025-10000',
    ])
  })

  test('what is no CVE goes before, by its name, and one that several sources repaired goes by package', () => {
    const order = (...ids: string[]) => {
      const fixes = ids.map((id) => ({ id, version: '1', text: 'x' }))
      const packages = [samplePackage({ changelog: { ...changelog, fixes } })]
      return fixedStatements(sampleEvidence({ packages })).map((each) => each.vulnerability)
    }
    expect(order('CVE-2025-1', 'DLA-3', 'DEBIAN-CVE-2026-2', 'CVE-2026-1-x')).toEqual([
      'CVE-2026-1-x',
      'DEBIAN-CVE-2026-2',
      'DLA-3',
      'CVE-2025-1',
    ])
    const of = (name: string, source: string) => {
      const built = { name: source, version: '3.5.1-1' }
      return samplePackage({ name, source: built, changelog: { ...changelog, source } })
    }
    const packages = [of('zlib1g', 'a'), of('curl', 'z')]
    expect(
      fixedStatements(sampleEvidence({ packages })).map(({ products }) => products[0]?.subcomponents[0]),
    ).toEqual(['pkg:deb/debian/curl@3.5.1-1?arch=amd64', 'pkg:deb/debian/zlib1g@3.5.1-1?arch=amd64'])
  })

  test('ten thousand of an image, those of the oldest vulnerabilities', () => {
    const fixes = Array.from({ length: 10_001 }, (_, index) => ({
      id: `CVE-2025-${20_000 - index}`,
      version: '1',
      text: 'x',
    }))
    const statements = fixedStatements(
      sampleEvidence({ packages: [samplePackage({ changelog: { ...changelog, fixes } })] }),
    )
    expect(statements).toHaveLength(10_000)
    expect(statements.at(-1)?.vulnerability).toBe('CVE-2025-19999')
  })
})

describe('fixed, according to the list of repairs of the distribution', () => {
  const repair = (id: string, component = sampleComponent()) => ({
    id,
    component,
    version: '3.5.0-2',
    feed: 'secdb',
  })
  const program = sampleComponent({ name: 'openssl' })

  test('one statement for all packages of a source that are in the image', () => {
    const evidence = sampleEvidence({ packages: [samplePackage(), other] })
    const absent = sampleComponent({ name: 'libssl-dev' })
    const repairs = [sampleComponent(), program, absent].map((each) => repair('CVE-2025-1', each))
    expect(repairStatements(repairs, evidence)).toEqual([
      {
        vulnerability: 'CVE-2025-1',
        aliases: [],
        status: 'fixed',
        statement: 'Repaired in openssl 3.5.0-2 (secdb)',
        products: [
          { id: image, digests: [digestA], subcomponents: [libssl, openssl] },
          { id: libssl, subcomponents: [] },
          { id: openssl, subcomponents: [] },
        ],
      },
    ])
    expect(repairStatements([repair('CVE-2025-1', absent)], evidence)).toEqual([])
  })

  test('one for each source, by the name of the package where nothing says what it was built of', () => {
    const { source: _, ...curl } = sampleComponent({ name: 'curl' })
    const evidence = sampleEvidence({ packages: [samplePackage(), samplePackage({ name: 'curl' })] })
    const statements = repairStatements([repair('CVE-2025-1'), repair('CVE-2025-1', curl)], evidence)
    expect(statements.map(({ statement }) => statement)).toEqual([
      'Repaired in curl 3.5.0-2 (secdb)',
      'Repaired in openssl 3.5.0-2 (secdb)',
    ])
  })

  test('sorted by number, ten thousand at most', () => {
    const ids = (count: number) =>
      repairStatements(
        Array.from({ length: count }, (_, index) => repair(`CVE-2025-${20_000 - index}`)),
        sampleEvidence(),
      ).map(({ vulnerability }) => vulnerability)
    expect(ids(2)).toEqual(['CVE-2025-19999', 'CVE-2025-20000'])
    expect(ids(10_001)).toHaveLength(10_000)
  })
})

describe('what findings become', () => {
  const state = (finding: Parameters<typeof sampleFinding>[0], evidence = sampleEvidence()) =>
    findingStatements([sampleFinding(finding)], evidence, fixedStatements(evidence)).map(
      ({ status, justification, statement }) => [status, justification, statement],
    )

  test.each([
    [{ fixedVersions: ['3.5.2-1', '3.6-1'] }, 'Update libssl3t64 to 3.5.2-1 (according to osv)'],
    [
      { unfixed: 'deferred' as const },
      'The distribution defers the repair: it will come with a point release, not as a security update. There is nothing to update to yet (according to osv)',
    ],
    [{ unfixed: 'wont-fix' as const }, 'The distribution will not repair it (according to osv)'],
    [{ unfixed: 'open' as const }, 'No repaired version is known yet (according to osv)'],
    [{}, 'No repaired version is known yet (according to osv)'],
  ])('affected: %j', (finding, statement) => {
    expect(state(finding)).toEqual([['affected', undefined, statement]])
  })

  test('one statement for all packages of a source, in the order of vulnerabilities', () => {
    const evidence = sampleEvidence({ packages: [samplePackage(), other] })
    const program = sampleComponent({ name: 'openssl' })
    const findings = [
      sampleFinding({ id: 'CVE-2025-2' }),
      sampleFinding(),
      sampleFinding({ component: program }),
    ]
    const statements = findingStatements(findings, evidence, [])
    expect(statements.map(({ vulnerability }) => vulnerability)).toEqual(['CVE-2025-1', 'CVE-2025-2'])
    for (const { products } of statements) expect(products[0]?.subcomponents).toEqual([libssl, openssl])
  })

  test('packages of one source in two versions have a statement each, about their own version', () => {
    const newer = samplePackage({ name: 'openssl', source: { name: 'openssl', version: '3.6-1' } })
    const evidence = sampleEvidence({ packages: [samplePackage(), newer] })
    const program = sampleComponent({ name: 'openssl', source: { name: 'openssl', version: '3.6-1' } })
    const statements = findingStatements(
      [sampleFinding(), sampleFinding({ component: program, fixedVersions: ['3.6-2'] })],
      evidence,
      [],
    )
    expect(statements.map(({ statement, products }) => [statement, products[0]?.subcomponents])).toEqual([
      ['No repaired version is known yet (according to osv)', [libssl]],
      ['Update openssl to 3.6-2 (according to osv)', [openssl]],
    ])
  })

  test('feeds that contradict a changelog are under investigation', () => {
    expect(state({}, sampleEvidence({ packages: [teller] }))).toEqual([
      [
        'under_investigation',
        undefined,
        expect.stringMatching(/^Repaired in openssl 3\.5\.0-2.*yet openssl 3\.5\.1-1 is affected/),
      ],
    ])
    // The version of the source is told, not that of a rebuild of the package.
    const rebuilt = sampleEvidence({ packages: [samplePackage({ version: '3.5.1-1+b2', changelog })] })
    expect(state({ component: sampleComponent({ version: '3.5.1-1+b2' }) }, rebuilt)[0]?.[2]).toMatch(
      /yet openssl 3\.5\.1-1 is affected/,
    )
  })

  test('no code of the source is there', () => {
    const packages = [samplePackage({ files: [] }), samplePackage({ name: 'openssl', files: [] })]
    expect(state({}, sampleEvidence({ packages }))).toEqual([
      [
        'not_affected',
        'vulnerable_code_not_present',
        'No file of the packages of the source openssl (libssl3t64, openssl) is in the image but documentation',
      ],
    ])
    expect(state({}, sampleEvidence({ packages: [samplePackage({ files: [] }), other] }))[0]?.[0]).toBe(
      'affected',
    )
  })

  test('the code of the source was left out as not reached', () => {
    const path = 'usr/lib/x86_64-linux-gnu/libssl.so.3'
    const settings = [{ path: 'etc/ssl/openssl.cnf', kind: 'other' as const }]
    const about = (more: object) =>
      sampleEvidence({ packages: [samplePackage({ files: settings, ...more })] })
    expect(state({}, about({ unreached: [path] }))).toEqual([
      [
        'not_affected',
        'vulnerable_code_not_present',
        'No file of the packages of the source openssl (libssl3t64) is in the image but documentation and configuration: nothing that the image starts reaches /usr/lib/x86_64-linux-gnu/libssl.so.3, so it was left out',
      ],
    ])
    // Settings of a package that has all its files may be read by anything.
    expect(state({}, about({}))[0]?.[0]).toBe('affected')
    const script = { path: 'etc/ssl/run', kind: 'program' as const }
    expect(state({}, about({ unreached: [path], files: [script] }))[0]?.[0]).toBe('affected')
    const data = { path: 'usr/share/openssl/module', kind: 'other' as const }
    expect(state({}, about({ unreached: [path], files: [data] }))[0]?.[0]).toBe('affected')
  })

  test('nothing loads the libraries of the source', () => {
    const unloaded = new Set(['usr/lib/x86_64-linux-gnu/libssl.so.3'])
    expect(state({}, sampleEvidence({ unloaded }))[0]?.slice(0, 2)).toEqual([
      'not_affected',
      'vulnerable_code_not_in_execute_path',
    ])
    expect(state({}, sampleEvidence({ unloaded }))[0]?.[2]).toContain(
      'only shared libraries (/usr/lib/x86_64-linux-gnu/libssl.so.3): no program',
    )
    // Files of no kind that is looked at may be read by anything.
    const data = samplePackage({ files: [{ path: 'usr/share/openssl/data', kind: 'other' }] })
    expect(state({}, sampleEvidence({ unloaded, packages: [data] }))[0]?.[0]).toBe('affected')
    // One program, or one library that is loaded, is enough.
    expect(state({}, sampleEvidence({ unloaded, packages: [samplePackage(), other] }))[0]?.[0]).toBe(
      'affected',
    )
    const second = samplePackage({ name: 'b', files: [{ path: 'usr/lib/libb.so', kind: 'library' }] })
    expect(state({}, sampleEvidence({ unloaded, packages: [samplePackage(), second] }))[0]?.[0]).toBe(
      'affected',
    )
    // Configuration and the like is no code.
    const conf = samplePackage({ name: 'b', files: [{ path: 'etc/b.conf', kind: 'other' }] })
    expect(state({}, sampleEvidence({ unloaded, packages: [samplePackage(), conf] }))[0]?.[0]).toBe(
      'not_affected',
    )
  })

  describe('of a package that was pruned', () => {
    const component = sampleComponent({
      name: 'krb5-bin',
      source: { name: 'krb5', version: '1' },
      version: '1',
    })
    const pruned = {
      name: 'krb5-bin',
      version: '1',
      source: { name: 'krb5', version: '1' },
      reason: 'not needed',
    }

    test('it is not there', () => {
      const evidence = sampleEvidence({ pruned: [pruned] })
      const statements = findingStatements([sampleFinding({ component })], evidence, [])
      expect(statements).toMatchObject([
        {
          status: 'not_affected',
          justification: 'component_not_present',
          statement:
            'krb5-bin was left out of the image (not needed), and no other package of the source krb5 is in it',
          products: [{ id: image, subcomponents: ['pkg:deb/debian/krb5-bin@1'] }],
        },
      ])
    })

    test('each has a statement of its own, whatever they were built of', () => {
      const second = { ...pruned, name: 'libkrb5-3' }
      const evidence = sampleEvidence({ pruned: [pruned, second] })
      const findings = ['krb5-bin', 'libkrb5-3'].map((name) =>
        sampleFinding({ component: { ...component, name } }),
      )
      expect(
        findingStatements(findings, evidence, []).map(({ products }) => products[0]?.subcomponents),
      ).toEqual([['pkg:deb/debian/krb5-bin@1'], ['pkg:deb/debian/libkrb5-3@1']])
    })

    test.each([
      [
        'another package of its source is',
        [samplePackage({ source: { name: 'krb5', version: '1' } })],
        pruned,
      ],
      [
        'another package of the source that the lock names is, though an advisory names another',
        [samplePackage({ source: { name: 'heimdal', version: '1' } })],
        { ...pruned, source: { name: 'heimdal', version: '1' } },
      ],
      [
        'another package of the source that an advisory names is, though the lock names another',
        [samplePackage({ source: { name: 'krb5', version: '1' } })],
        { ...pruned, source: { name: 'heimdal', version: '1' } },
      ],
      ['the lock does not say what its source is', [], { name: 'krb5-bin', version: '1', reason: 'x' }],
    ])('nothing is claimed when %s', (_, packages, gone) => {
      const evidence = sampleEvidence({ packages, pruned: [gone] })
      expect(findingStatements([sampleFinding({ component })], evidence, [])).toEqual([])
    })
  })

  test('what is neither in the image nor pruned, and no package of the distribution, is skipped', () => {
    expect(state({ component: sampleComponent({ name: 'x' }) })).toEqual([])
    expect(state({ component: sampleComponent({ version: '9' }) })).toEqual([])
    expect(state({ component: sampleComponent({ type: 'npm' }) })).toEqual([])
  })
})

describe('statements that people write', () => {
  const bind = (over: Parameters<typeof sampleStatement>[0], packages = [teller, other]) =>
    bindStatements(sampleDocument([sampleStatement(over)], { author: 'Jane' }), sampleEvidence({ packages }))

  test.each([
    ['no product: the image as a whole', [], [{ id: image, digests: [digestA], subcomponents: [] }]],
    ['the image by its name', ['pkg:oci/web'], [{ id: image, digests: [digestA], subcomponents: [] }]],
  ])('%s', (_, ids, products) => {
    const { statements } = bind({ products: ids.map((id) => ({ id, subcomponents: [] })) })
    expect(statements).toMatchObject([{ products }])
  })

  test.each([
    ['a package', { id: 'pkg:deb/debian/openssl', subcomponents: [] }, [openssl]],
    ['a source', { id: 'pkg:deb/debian/openssl?arch=source', subcomponents: [] }, [libssl, openssl]],
    ['a part of the image', { id: 'pkg:oci/web', subcomponents: ['pkg:deb/debian/libssl3t64'] }, [libssl]],
    [
      'a part in its version',
      { id: 'pkg:oci/web', subcomponents: ['pkg:deb/debian/openssl@3.5.1-1'] },
      [openssl],
    ],
  ])('%s becomes the packages of the image', (_, product, expected) => {
    const { statements, notes } = bind({ products: [product], statement: 'why' })
    expect(notes).toEqual([])
    expect(statements[0]?.statement).toBe('why\nStated by Jane')
    expect(statements[0]?.products[0]?.subcomponents).toEqual(expected)
    expect(statements[0]?.products.slice(1).map(({ id }) => id)).toEqual(expected)
  })

  // As `temper scan` prints them: with everything that it knows.
  test.each([
    ['pkg:deb/debian/openssl@3.5.1-1?arch=amd64&distro=debian-13', [openssl]],
    ['pkg:deb/debian/openssl@3.5.1-1?arch=amd64&distro=trixie&upstream=openssl', [openssl]],
    ['pkg:pypi/requests@2.31.0', ['pkg:pypi/requests@2.31.0']],
    ['pkg:pypi/Requests', ['pkg:pypi/requests@2.31.0']],
    ['pkg:maven/org.example/a@1', ['pkg:maven/org.example/a@1']],
    ['pkg:golang/example.com/a/v2@v2.0.0', ['pkg:golang/example.com/a@v2.0.0#v2']],
  ])('what a scan calls %s is bound', (id, expected) => {
    const others = [
      'pkg:pypi/requests@2.31.0',
      'pkg:maven/org.example/a@1?type=jar',
      'pkg:golang/example.com/a@v2.0.0#v2',
    ]
    const distribution = { id: 'debian', version: '13', codename: 'trixie' }
    const evidence = sampleEvidence({ packages: [teller, other], others, distribution })
    for (const product of [
      { id, subcomponents: [] },
      { id: 'pkg:oci/web', subcomponents: [id] },
    ]) {
      const { statements, notes } = bindStatements(
        sampleDocument([sampleStatement({ products: [product] })]),
        evidence,
      )
      expect(notes).toEqual([])
      expect(statements[0]?.products).toMatchObject([
        { id: image, subcomponents: expected },
        ...expected.map((each) => ({ id: each, subcomponents: [] })),
      ])
    }
  })

  test.each([
    ['vex-unmatched', { products: [{ id: 'pkg:deb/debian/zlib1g', subcomponents: [] }] }],
    ['vex-unmatched', { products: [{ id: 'pkg:deb/debian/openssl@1', subcomponents: [] }] }],
    ['vex-unmatched', { products: [{ id: 'openssl', subcomponents: [] }] }],
    ['vex-unmatched', { products: [{ id: 'pkg:oci/other', subcomponents: ['pkg:deb/debian/openssl'] }] }],
    ['vex-expired', { expires: '2025-06-01T00:00:00Z' }],
  ])('%s: left out and said so: %j', (code, over) => {
    const { statements, notes } = bind(over)
    expect(statements).toEqual([])
    expect(notes).toMatchObject([{ code }])
  })

  test('one that ends after the image was made is kept, and nobody is named who did not say so', () => {
    const expires = '2025-06-01T00:00:01Z'
    expect(bind({ expires })).toMatchObject({ statements: [{ expires }], notes: [] })
    expect(bind({}).statements[0]?.statement).toBe('Stated by Jane')
    const anonymous = sampleDocument([sampleStatement({ statement: 'why' })])
    expect(bindStatements(anonymous, sampleEvidence()).statements[0]?.statement).toBe('why')
  })

  test('about several parts of the image, packages of the distribution and others, are bound to all', () => {
    const requests = 'pkg:pypi/requests@2.31.0'
    const about = (...subcomponents: string[]) => {
      const document = sampleDocument([sampleStatement({ products: [{ id: 'pkg:oci/web', subcomponents }] })])
      const evidence = sampleEvidence({ packages: [teller, other], others: [requests, 'pkg:pypi/idna@3'] })
      return bindStatements(document, evidence).statements[0]?.products[0]?.subcomponents
    }
    expect(about('pkg:deb/debian/openssl', requests)).toEqual([openssl, requests])
    expect(about('pkg:deb/debian/openssl', 'pkg:deb/debian/libssl3t64')).toEqual([libssl, openssl])
    expect(about(requests, 'pkg:pypi/idna')).toEqual([requests, 'pkg:pypi/idna@3'])
  })

  test('they take the place of what the machine says of the same', () => {
    const made = fixedStatements(sampleEvidence({ packages: [teller, other] }))
    const about = (ids: readonly string[]) =>
      sampleStatement({ products: [{ id: image, subcomponents: ids }] })
    expect(withoutOverlap(made, [about([libssl])])).toMatchObject([
      { products: [{ id: image, subcomponents: [openssl] }, { id: openssl }] },
    ])
    expect(withoutOverlap(made, [about([libssl, openssl])])).toEqual([])
    expect(withoutOverlap(made, [about([])])).toEqual([])
    expect(withoutOverlap(made, [about([]), about([libssl])])).toEqual([])
    expect(withoutOverlap(made, [about([libssl]), about([])])).toEqual([])
    expect(withoutOverlap(made, [])).toEqual(made)
    expect(withoutOverlap(made, [sampleStatement({ vulnerability: 'CVE-2025-2' })])).toEqual(made)
  })
})

describe('several platforms', () => {
  const index = (subcomponents: readonly string[]) => ({ id: 'index', subcomponents })
  const first = sampleStatement({ statement: 'x', products: [{ id: digestA, subcomponents: ['a'] }] })
  const second = sampleStatement({ statement: 'x', products: [{ id: digestB, subcomponents: ['a', 'b'] }] })

  test('equal statements become one, and are of the index too', () => {
    expect(combinePlatforms([[first], [second]], index)).toEqual([
      {
        ...first,
        products: [{ id: 'index', subcomponents: ['a', 'b'] }, ...first.products, ...second.products],
      },
    ])
  })

  test('they stay in the order of vulnerabilities, whatever the order of platforms', () => {
    const older = { ...first, vulnerability: 'CVE-2024-1' }
    const ids = combinePlatforms([[first], [older]], index).map(({ vulnerability }) => vulnerability)
    expect(ids).toEqual(['CVE-2024-1', 'CVE-2025-1'])
  })

  test('what holds on one platform only silences nothing on others', () => {
    expect(combinePlatforms([[first], []], index)).toEqual([first])
    const [affected] = combinePlatforms([[{ ...first, status: 'affected' }], []], index)
    expect(affected?.products[0]?.id).toBe('index')
  })
})
