import { describe, expect, it } from 'vitest'
import { sameAs, tmpfsOptions } from './tmpfs.ts'

const user = { uid: 1000, gid: 100 }
const everyone = ['mode=1777']

describe('a tmpfs in the place of a folder', () => {
  it.each([
    // The class of the user counts alone, as in the kernel: owner, then group, then others.
    [0o700, 1000, 0, true],
    [0o300, 1000, 0, true],
    [0o200, 1000, 0, false],
    [0o100, 1000, 0, false],
    [0o077, 1000, 0, false],
    [0o070, 0, 100, true],
    [0o030, 0, 100, true],
    [0o020, 0, 100, false],
    [0o010, 0, 100, false],
    [0o707, 0, 100, false],
    [0o007, 0, 0, true],
    [0o003, 0, 0, true],
    [0o002, 0, 0, false],
    [0o001, 0, 0, false],
    [0o770, 0, 0, false],
    [0o1777, 0, 0, true],
  ])('of mode %o, owner %i and group %i keeps them where the user can write: %s', (mode, uid, gid, keeps) => {
    const folder = { mode, uid, gid }
    expect(tmpfsOptions(folder, user)).toEqual(keeps ? sameAs(folder) : everyone)
  })

  it('keeps anything for root', () => {
    const folder = { mode: 0, uid: 5, gid: 5 }
    expect(tmpfsOptions(folder, { uid: 0, gid: 0 })).toEqual(['mode=0000', 'uid=5', 'gid=5'])
  })

  it('is open to all where there is no folder, or nobody knows who runs', () => {
    expect(tmpfsOptions(undefined, user)).toEqual(everyone)
    expect(tmpfsOptions(undefined, { uid: 0, gid: 0 })).toEqual(everyone)
    const nobody = { uid: undefined, gid: undefined }
    expect(tmpfsOptions({ mode: 0o770, uid: 0, gid: 0 }, nobody)).toEqual(everyone)
    expect(tmpfsOptions({ mode: 0o777, uid: 0, gid: 0 }, nobody)).toEqual(['mode=0777', 'uid=0', 'gid=0'])
  })

  it.each([
    [0o7, 'mode=0007'],
    [0o755, 'mode=0755'],
    [0o1777, 'mode=1777'],
    [0o6711, 'mode=6711'],
  ])('writes the mode %o as mount(8) reads it', (mode, option) => {
    expect(sameAs({ mode, uid: 1, gid: 2 })).toEqual([option, 'uid=1', 'gid=2'])
  })
})
