import { expect, it } from 'vitest'
import { buildElf } from '../formats/elf/fixtures/fixture-elf.ts'
import { isForeign } from './foreign.ts'

const file = (content: Uint8Array, target?: string) => ({
  path: '/app/node_modules/a/prebuilds/linux-x64/a.node',
  mode: 0o644,
  content: Buffer.from(content),
  ...(target === undefined ? {} : { target }),
})
const glibc = { architecture: 'amd64', libc: 'glibc' } as const

it.each([
  [['libc.so.6', 'libstdc++.so.6'], false],
  [['libc.musl-x86_64.so.1'], true],
  [['libstdc++.so.6', 'libc.musl-x86_64.so.1'], true],
  [['libmusl.so.1', 'xlibc.musl-x86_64.so.1'], false],
])('a library that needs %j is for another C library: %s', (needed, expected) => {
  expect(isForeign(file(buildElf({ needed })), glibc)).toBe(expected)
  expect(isForeign(file(buildElf({ needed })), { architecture: 'amd64', libc: undefined })).toBe(false)
})

it('a program for another machine is foreign, and what is no program never', () => {
  const elf = buildElf({ needed: ['libc.so.6'] })
  expect(isForeign(file(elf), { architecture: 'arm64', libc: undefined })).toBe(true)
  expect(isForeign(file(elf, '../b'), { architecture: 'arm64', libc: undefined })).toBe(false)
  expect(isForeign(file(Buffer.from('text')), glibc)).toBe(false)
  expect(isForeign(file(elf.subarray(0, 20)), glibc)).toBe(false)
})
