import { describe, expect, it } from 'vitest'
import { revisions } from '../packages/temper/src/model/revision.ts'
import { checkRevisions, checkVersion } from './release-check.ts'

describe('the version of a release', () => {
  it.each(['0.2.0', '0.1.1', '1.0.0', '0.2.0-rc.1'])('may be %s after 0.1.0', (version) => {
    checkVersion(version, '0.1.0')
  })

  it.each([
    ['0.1.0', /not above/],
    ['0.0.9', /not above/],
    ['0.1.0-rc.1', /not above/],
    ['v0.2.0', /expected a version/],
    ['0.2', /expected a version/],
    ['', /expected a version/],
  ])('is not %s after 0.1.0', (version, expected) => {
    expect(() => checkVersion(version, '0.1.0')).toThrow(expected)
  })
})

describe('revisions', () => {
  it('are in order in the sources', () => {
    checkRevisions(revisions, '999.0.0')
  })

  it.each([
    ['a gap', { current: 3, ended: [{ revision: 2, lastVersion: '0.1.0' }] }, /expected the revisions 1, 2/],
    ['none that ended', { current: 2, ended: [] }, /expected the revisions 1 to have ended/],
    [
      'a version that is none',
      { current: 2, ended: [{ revision: 1, lastVersion: 'main' }] },
      /was not released/,
    ],
    ['a version to come', { current: 2, ended: [{ revision: 1, lastVersion: '0.3.0' }] }, /was not released/],
  ])('may not have %s', (_what, wrong, expected) => {
    expect(() => checkRevisions(wrong, '0.2.0')).toThrow(expected)
  })
})
