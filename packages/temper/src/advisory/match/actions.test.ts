import { describe, expect, it } from 'vitest'
import type { AffectedPackage } from '../../model/advisory/advisory.ts'
import type { Component } from '../../model/inventory.ts'
import { component, feedState, inventory, listsOf, record, sampleIndex } from './fixtures/sample.ts'
import { matchInventory } from './match.ts'

/* What is said of actions, whose versions are references of git. */

const list = { extent: 'list', by: 'person', knows: 'all', ecosystems: ['GitHub Actions'] } as const
const of = (name: string) => ({ in: 'GitHub Actions', name })
const index = sampleIndex(
  {
    osv: [
      // Numbers as in GitHub's advisories: of tags that are whole versions, and of some that are one number.
      record('GHSA-41', {
        ...of('tj-actions/changed-files'),
        events: [{ introduced: '0' }, { fixed: '41' }],
      }),
      record('GHSA-45', {
        ...of('tj-actions/changed-files'),
        events: [{ introduced: '0' }, { last_affected: '45.0.7' }],
      }),
      record('GHSA-413', {
        ...of('actions/download-artifact'),
        events: [{ introduced: '4.0.0' }, { fixed: '4.1.3' }],
      }),
      record('GHSA-all', { ...of('a/abandoned'), events: [{ introduced: '0' }] }),
      {
        id: 'GHSA-list',
        affected: [{ package: { ecosystem: 'GitHub Actions', name: 'a/listed' }, versions: ['v1.2.0'] }],
      },
      {
        id: 'GHSA-ended',
        affected: [
          {
            package: { ecosystem: 'GitHub Actions', name: 'https://github.com/o/ended/.github/actions/a' },
            ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
            database_specific: { last_known_affected_version_range: '< 3.0.0' },
          },
        ],
      },
      record('GHSA-part', { ...of('o/r/folder'), events: [{ introduced: '0' }, { fixed: '2.0.0' }] }),
    ],
  },
  { feeds: [{ ...feedState('osv'), covers: [list] }] },
)

const sha = '11bd71901bbe5b1630ceea73d27597364c9af683'

function action(name: string, version: string, more: Partial<Component> = {}): Component {
  return component('githubactions', name, {
    version,
    purl: `pkg:githubactions/${name}@${version.replaceAll('/', '%2F')}`,
    ...more,
  })
}

function pinned(name: string, comment: string): Component {
  return action(name, sha, { purl: `pkg:githubactions/${name}@${sha}?comment=${comment}` })
}

function said(one: Component) {
  const { findings, ledger } = matchInventory(inventory([one]), index)
  return {
    found: findings.map(({ id }) => id).sort(),
    reasons: findings.map(({ reason }) => reason).sort(),
    compared: ledger[0]?.compared,
    reason: ledger[0]?.reason,
  }
}

describe('an action', () => {
  it.each<[string, Component, readonly string[]]>([
    ['a whole version', action('actions/download-artifact', 'v4.1.2'), ['GHSA-413']],
    ['without "v"', action('Actions/Download-Artifact', '4.1.2'), ['GHSA-413']],
    ['a whole version that is repaired', action('actions/download-artifact', 'v4.1.3'), []],
    ['a moving tag below all', action('actions/download-artifact', 'v3'), []],
    ['a moving tag above all', action('actions/download-artifact', 'v4.2'), []],
    ["GitHub's dependency graph", action('actions/download-artifact', '5.*.*'), []],
    ['all that a moving tag may be', action('tj-actions/changed-files', 'v35'), ['GHSA-41', 'GHSA-45']],
    ['a branch of one version', action('tj-actions/changed-files', 'release/v1'), ['GHSA-41', 'GHSA-45']],
    ['a branch of releases', action('tj-actions/changed-files', 'releases/v1'), ['GHSA-41', 'GHSA-45']],
    ['a moving tag of two numbers', action('tj-actions/changed-files', 'v35.10'), ['GHSA-41', 'GHSA-45']],
    ['a branch, and all versions', action('a/abandoned', 'main'), ['GHSA-all']],
    ['a commit, and all versions', action('a/abandoned', sha), ['GHSA-all']],
    ['a moving tag, and another listed version', action('a/listed', 'v2'), []],
    [
      'a folder that has records of its own',
      action('o/r', 'v1.0.0', { purl: 'pkg:githubactions/o/r@v1.0.0#folder' }),
      ['GHSA-part'],
    ],
    ['a folder as GitHub writes it', action('o/r/folder', '1.*.*'), ['GHSA-part']],
    ['a moving tag below what ends a range', action('o/ended/.github/actions/a', 'v2'), ['GHSA-ended']],
    ['a moving tag above what ends a range', action('o/ended/.github/actions/a', 'v3'), []],
    ['a repository, of which a folder has records', action('o/r', 'v1.0.0'), []],
    ['a commit that no record names', action('a/fine', sha), []],
    ['a branch that no record names', action('a/fine', 'main'), []],
  ])('is compared: %s', (_, one, ids) => {
    expect(said(one)).toMatchObject({ found: ids, compared: true, reason: undefined })
  })

  it.each<[string, Component, readonly string[]]>([
    ['a moving tag, some of whose versions are affected', action('actions/download-artifact', 'v4'), []],
    ['the same with a second number', action('actions/download-artifact', 'v4.1'), []],
    ["as GitHub's dependency graph has it", action('actions/download-artifact', '4.*.*'), []],
    ['the last affected version among others', action('tj-actions/changed-files', 'v45'), []],
    ['a branch', action('actions/download-artifact', 'main'), []],
    ['a branch, and a range that has an end', action('o/ended/.github/actions/a', 'main'), []],
    ['a commit', action('actions/download-artifact', sha), []],
    ['a commit that is said to be repaired', pinned('actions/download-artifact', 'v4.1.3'), []],
    ['a commit that is said to be affected', pinned('actions/download-artifact', 'v4.1.2'), ['GHSA-413']],
    ['a commit that is said to be a moving tag', pinned('actions/download-artifact', 'v4'), []],
    [
      'a commit, all of whose said versions are affected',
      pinned('tj-actions/changed-files', 'v35'),
      ['GHSA-41', 'GHSA-45'],
    ],
    ['a moving tag, and a listed version', action('a/listed', 'v1'), []],
  ])('is not compared: %s', (_, one, ids) => {
    expect(said(one)).toMatchObject({ found: ids, compared: false })
  })

  const ofOne = { ecosystem: 'GitHub Actions', name: 'a/b', ranges: [], versions: [] }
  const range = (from: string, fixed: string) => ({
    scheme: 'semver' as const,
    events: [{ introduced: from }, { fixed }],
  })

  it.each<[string, string, Partial<AffectedPackage>, boolean]>([
    ['v4', 'its first version alone', { versions: ['4.0.0'] }, false],
    ['v4', 'the first version of the next', { versions: ['5.0.0'] }, true],
    ['v4', 'a version before it', { versions: ['3.9.9'] }, true],
    ['v4.12', 'a version of another that begins alike', { versions: ['4.1.5'] }, true],
    ['v4.12', 'a version of it', { versions: ['4.12.5'] }, false],
    ['main', 'any version', { versions: ['1.0.0'] }, false],
    [
      'v4',
      'a version of it, which no range of the same record has',
      { ranges: [range('5.0.0', '6.0.0')], versions: ['4.1.0'] },
      true,
    ],
    ['v4', 'a range of its own', { ranges: [range('4.1.0', '4.2.0')] }, false],
    [
      'v4',
      'a range of versions that are counted otherwise',
      { ranges: [{ ...range('4.1.0', '4.2.0'), scheme: 'dpkg' }] },
      true,
    ],
    [
      'main',
      'a range of versions that are counted otherwise',
      { ranges: [{ ...range('4.1.0', '4.2.0'), scheme: 'dpkg' }] },
      true,
    ],
    ['my-releases/v4.1.0', 'a range of what it ends in', { ranges: [range('4.1.0', '4.2.0')] }, false],
    ['v4.1.x', 'a range of one of them', { ranges: [range('4.1.7', '4.1.8')] }, false],
  ])('of %s is compared with a record of %s: %j, as told', (version, _, affected, isCompared) => {
    const advisory = {
      id: 'GHSA-1',
      aliases: [],
      feed: 'osv',
      severity: [],
      affected: [{ ...ofOne, ...affected }],
    }
    const one = sampleIndex(
      { osv: [] },
      { advisories: [advisory], feeds: [{ ...feedState('osv'), covers: listsOf([advisory]) }] },
    )
    const { findings, ledger } = matchInventory(inventory([action('a/b', version)]), one)
    expect(findings).toEqual([])
    expect(ledger[0]?.compared).toBe(isCompared)
  })

  it('is told what the version may be', () => {
    expect(said(action('actions/download-artifact', 'v4')).reason).toBe(
      'its version is not fixed: some of the versions that it may be are affected (GHSA-413)',
    )
    expect(said(pinned('tj-actions/changed-files', 'v41.0.0')).reason).toBe(
      'its version is not fixed, and nothing proves the version that a comment gives it (v41.0.0): some of the versions that it may be are affected (GHSA-41 and 1 more)',
    )
    expect(said(pinned('actions/download-artifact', 'v4.1.2')).reasons).toEqual([
      'v4.1.2 (the version that a comment gives for commit 11bd719) is below 4.1.3, fixed in GitHub Actions',
    ])
    expect(said(action('tj-actions/changed-files', 'v35')).reasons).toEqual([
      'every version that v35 may be is below 41, fixed in GitHub Actions',
      'every version that v35 may be is not above 45.0.7, the last affected version in GitHub Actions',
    ])
    expect(said(action('a/abandoned', sha)).reasons).toEqual([
      'every version that commit 11bd719 may be is affected in GitHub Actions, which knows of no fixed version',
    ])
  })

  it('is told by the first of several records, in order of their ids', () => {
    const part = { ...of('a/two'), events: [{ introduced: '4.1.0' }, { fixed: '4.2.0' }] }
    const records = ['GHSA-b', 'GHSA-a', 'GHSA-c'].map((id) => record(id, part))
    const { ledger } = matchInventory(inventory([action('a/two', 'v4')]), sampleIndex({ osv: records }))
    expect(ledger[0]?.reason).toContain('are affected (GHSA-a and 2 more)')
  })

  it('is no repository that something else was fetched from', () => {
    const one = component('generic', 'actions/download-artifact', {
      version: 'v4.1.2',
      purl: 'pkg:github/actions/download-artifact@v4.1.2',
    })
    expect(said(one)).toMatchObject({
      found: [],
      compared: false,
      reason: 'no feed covers packages of type github',
    })
  })
})
