import { expect, it } from 'vitest'
import { fileProvider } from './file-provider.ts'

const names = [
  'zlib1g',
  'libz1',
  'libpcre2-8-0',
  'libssl3t64',
  'libharfbuzz0b',
  'libharfbuzz-bin',
  'libstdc++6',
  'libx11-6',
  'libtiny2c2a',
  'libtwo2t65',
  'perl-base',
  'bash',
]

it.each([
  ['libz.so.1', 'libz1'],
  ['libpcre2-8.so.0', 'libpcre2-8-0'],
  ['libssl.so.3', 'libssl3t64'],
  ['libharfbuzz.so.0', 'libharfbuzz0b'],
  ['libstdc++.so.6', 'libstdc++6'],
  ['libX11.so.6', 'libx11-6'],
  ['libharfbuzz.so.1', undefined],
  ['libtiny.so.2', 'libtiny2c2a'],
  ['libtwo.so.2', undefined],
  ['bash', 'bash'],
  ['perl', undefined],
  ['pam_ftp.so', 'libpam-modules'],
  ['pam_unheard_of.so', undefined],
])('%s: %s', (file, expected) => {
  expect(fileProvider(names)(file)).toBe(expected)
})

it('compares with a long name that nearly fits', () => {
  expect(fileProvider([`liblong1${'gfc2'.repeat(2000)}!`])('liblong.so.1')).toBeUndefined()
})
