import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseShebang } from './shebang.ts'

it.each([
  ['#!/bin/sh\necho', ['/bin/sh']],
  ['#! /bin/sh -e\n', ['/bin/sh']],
  ['#!\t/usr/bin/perl -w', ['/usr/bin/perl']],
  ['#!/bin/sh\r\n', ['/bin/sh']],
  ['#!/usr/bin/env python3\n', ['/usr/bin/env', 'python3']],
  ['#!/usr/bin/env -S node --flag\n', ['/usr/bin/env', 'node']],
  ['#!/usr/bin/env -iS PATH=/bin X="a b" node x\n', ['/usr/bin/env', 'node']],
  ['#!/usr/bin/env -S -u HOME "my tool" x\n', ['/usr/bin/env', 'my tool']],
  ['#!/usr/bin/env --split-string=perl -w\n', ['/usr/bin/env', 'perl']],
  ['#!/usr/bin/env\n', ['/usr/bin/env']],
  ['#!/usr/bin/env -i\n', ['/usr/bin/env']],
  ['#!/opt/not-env x\n', ['/opt/not-env']],
  ['#!relative/tool\n', ['relative/tool']],
  ['#!/bin/sh\0garbage', ['/bin/sh']],
])('reads %j', (text, expected) => {
  expect(parseShebang(Buffer.from(text))).toEqual(expected)
})

it.each(['', '#', '#!', '#!\n', '#!  \n', ' #!/bin/sh\n', '\x7fELF'])('sees none in %j', (text) => {
  expect(parseShebang(Buffer.from(text))).toBeUndefined()
})

it('refuses an interpreter that the kernel would cut, and takes a long argument', () => {
  expect(parseShebang(Buffer.from(`#!/${'a'.repeat(400)}\n`))).toBeUndefined()
  expect(parseShebang(Buffer.from(`#!/bin/sh ${'a'.repeat(400)}\n`))).toEqual(['/bin/sh'])
  expect(parseShebang(Buffer.from(`#!/${'a'.repeat(200)}`))).toEqual([`/${'a'.repeat(200)}`])
})

it('takes any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const parsed = parseShebang(Buffer.concat([Buffer.from('#!'), bytes]))
      expect(parsed === undefined || (parsed.length >= 1 && parsed.length <= 2 && !parsed.includes(''))).toBe(
        true,
      )
    }),
  )
})
