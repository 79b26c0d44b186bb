import { mkdirSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isOwnFolder, withoutOthers } from './code-folder.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-code-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('a folder of compiled code', () => {
  it('is this user’s own, or not there yet', async () => {
    expect(isOwnFolder(folder)).toBe(true)
    expect(isOwnFolder(join(folder, 'none'))).toBe(true)
    expect(isOwnFolder(join(folder, 'none/deeper'))).toBe(true)
  })

  it.each([0o775, 0o757, 0o1777])('is not trusted when others can write into it: %o', async (mode) => {
    await chmod(folder, mode)
    expect(isOwnFolder(folder)).toBe(false)
  })

  it.skipIf(process.getuid?.() !== 0)(
    'is trusted when it is root’s, and not when it is another user’s',
    async () => {
      expect(isOwnFolder(folder, 65_532)).toBe(true)
      await chown(folder, 65_534, 65_534)
      expect(isOwnFolder(folder, 65_532)).toBe(false)
      expect(isOwnFolder(folder, 65_534)).toBe(true)
    },
  )

  it('is made so that others cannot write into it', async () => {
    const before = process.umask(0)
    try {
      withoutOthers(() => mkdirSync(join(folder, 'made')))
      expect(process.umask(0)).toBe(0)
    } finally {
      process.umask(before)
    }
    expect((await stat(join(folder, 'made'))).mode & 0o777).toBe(0o755)
  })
})
