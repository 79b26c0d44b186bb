import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readIgnoreFile } from './ignore-file.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-ignore-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it.each([
  ['# none\n\n', ['a'], []],
  ['node_modules', ['a/node_modules'], ['node_modules', 'node_modules/x/y']],
  ['**/node_modules', ['a'], ['node_modules/x', 'a/b/node_modules/x']],
  ['*.md\n!README.md', ['README.md', 'a/b.md'], ['x.md']],
  ['/build/', ['a/build'], ['build', 'build/x']],
  ['a/*/c\n!a/x', ['a/x/c', 'a/c'], ['a/y/c', 'a/y/c/d']],
  ['?.txt', ['ab.txt'], ['a.txt']],
  ['*\n!src', ['src', 'src/a'], ['x', 'y/z']],
  ['../outside\n.', ['outside'], []],
  ['[Bb]in\n*.[oa]', ['tin', 'x.c'], ['Bin', 'bin/x', 'x.o']],
  ['src/**/test', ['test'], ['src/test', 'src/a/b/test/x']],
  ['a/../b', ['a'], ['b']],
  ['\uFEFFfirst\nsecond', [], ['first', 'second']],
  ['*\n! kept', ['kept'], ['other']],
  ['\\#x\n#y', ['y'], ['#x']],
])('%j keeps out what docker keeps out', async (text, kept, ignored) => {
  await writeFile(join(folder, '.dockerignore'), text)
  const ignores = await readIgnoreFile(folder)
  expect([...kept, ...ignored].filter(ignores)).toEqual(ignored)
})

it('is bounded, and need not be there', async () => {
  await writeFile(join(folder, '.dockerignore'), 'a\n'.repeat(1001))
  await expect(readIgnoreFile(folder)).rejects.toMatchObject({ code: 'limit-exceeded' })
  expect((await readIgnoreFile(join(folder, 'none')))('a')).toBe(false)
})
