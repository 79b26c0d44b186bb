import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import { type Examples, program } from '../example.ts'

const elf = { pie: true, relro: 'full', interpreter: '/lib/ld.so' } as const

export const examples: Examples = {
  broken: [
    {
      title: 'a program of C without',
      files: [program('usr/bin/tool', buildElf({ ...elf, needed: ['libc.so.6'] }))],
    },
  ],
  kept: [
    { title: 'one that needs no C library', files: [program('usr/bin/tool', buildElf(elf))] },
    {
      title: 'one with it',
      files: [program('usr/bin/tool', buildElf({ ...elf, needed: ['libc.so.6'], stackProtector: true }))],
    },
  ],
}
