import { describe, expect, it } from 'vitest'
import { silentProgress } from '../../base/progress.ts'
import type { Lock } from '../../model/lock.ts'
import { revisions } from '../../model/revision.ts'
import { otherRevision, steadyMaker, tellOtherRevision } from './revision.ts'

const lock = (maker?: Lock['maker']): Lock => ({
  formatVersion: 1,
  ...(maker === undefined ? {} : { maker }),
  recipe: { name: 'gadget', checksum: `sha256:${'0'.repeat(64)}`, files: [] },
  distribution: 'debian-13',
  compressor: { format: 'gzip', level: 4, definition: 'x' },
  suites: [],
  platforms: [],
})

function warningsOf(of: Lock): readonly string[] {
  const warnings: string[] = []
  const progress = { ...silentProgress, warn: (text: string) => void warnings.push(text) }
  tellOtherRevision(of, 'recipe.lock.json', { progress })
  return warnings
}

describe('a lock of another revision', () => {
  const newer = { version: '9.1.0', revision: revisions.current + 8 }

  it('is told before the build, with the version that gives the old digest', () => {
    expect(warningsOf(lock(newer))).toEqual([
      `recipe.lock.json was made by Temper 9.1.0, whose effects and rules have revision ${newer.revision}; ` +
        `these have revision ${revisions.current}, so the image gets another digest. Temper 9.1.0 gives the old one`,
    ])
    expect(otherRevision(lock(newer))).toEqual({ made: newer, current: revisions.current, version: '9.1.0' })
  })

  it.each([
    ['of this revision, whatever its version', lock({ version: '0.0.1', revision: revisions.current })],
    ['that does not name its maker', lock()],
  ])('says nothing of a lock %s', (_what, of) => {
    expect(warningsOf(of)).toEqual([])
    expect(otherRevision(of)).toBeUndefined()
  })
})

describe('the maker that a new lock names', () => {
  const made = lock({ version: '2.0.0', revision: 3 })

  it.each([
    ['stays when the revision is the same', { version: '1.0.0', revision: 3 }, '1.0.0'],
    ['changes with the revision', { version: '1.0.0', revision: 2 }, '2.0.0'],
    ['is added when there was none', undefined, '2.0.0'],
  ])('%s', (_what, before, version) => {
    expect(steadyMaker(made, lock(before)).maker).toEqual({ version, revision: 3 })
  })

  it('is this one for the first lock', () => {
    expect(steadyMaker(made, undefined)).toBe(made)
  })
})
