import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { identityOf, programIdentity } from './identity.ts'

test('sources differ by any file of theirs, a built program by the digest that it has', async () => {
  const root = await mkdtemp(join(tmpdir(), 'temper-identity-'))
  try {
    await mkdir(join(root, 'secrets'))
    const rules = join(root, 'secrets/helper.ts')
    await writeFile(rules, 'a')
    await utimes(rules, 1, 1)
    const before = identityOf(root)
    expect(identityOf(root)).toBe(before)
    await writeFile(rules, 'b')
    await utimes(rules, 1, 2)
    expect(identityOf(root)).not.toBe(before)
    await writeFile(join(root, 'program.sha256'), 'abc\n')
    expect(identityOf(root)).toBe('abc')
  } finally {
    await rm(root, { recursive: true })
  }
})

test('this program has one', () => {
  expect(programIdentity()).toMatch(/^\S{32,}$/)
  expect(programIdentity()).toBe(programIdentity())
})
