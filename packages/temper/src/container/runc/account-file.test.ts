import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ConfinedFolder } from '../confined-folder.ts'
import { accountFile, accountFileLimit } from './account-file.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-accounts-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const read = () => accountFile(new ConfinedFolder(home), 'passwd')
const root = 'root:x:0:0:root:/root:/usr/sbin/nologin\n'

it('is read from /etc, also where that is a link inside', async () => {
  mkdirSync(join(home, 'usr/etc'), { recursive: true })
  writeFileSync(join(home, 'usr/etc/passwd'), root)
  symlinkSync('/usr/etc', join(home, 'etc'))
  expect(await read()).toBe(root)
})

it('is empty where there is no file of that name', async () => {
  expect(await read()).toBe('')
  mkdirSync(join(home, 'etc'))
  expect(await read()).toBe('')
  symlinkSync('/etc/passwd', join(home, 'etc/passwd'))
  expect(await read()).toBe('')
  rmSync(join(home, 'etc/passwd'))
  mkdirSync(join(home, 'etc/passwd'))
  expect(await read()).toBe('')
})

it('is refused where it is larger than any such file', async () => {
  mkdirSync(join(home, 'etc'))
  writeFileSync(join(home, 'etc/passwd'), root)
  truncateSync(join(home, 'etc/passwd'), accountFileLimit)
  expect(await read()).toHaveLength(accountFileLimit)
  truncateSync(join(home, 'etc/passwd'), accountFileLimit + 1)
  await expect(read()).rejects.toMatchObject({
    code: 'limit-exceeded',
    message: `/etc/passwd of the image has ${accountFileLimit + 1} bytes; the limit is ${accountFileLimit}`,
  })
})
