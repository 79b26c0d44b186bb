import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import { type Examples, program } from '../example.ts'

const elf = { pie: true, relro: 'full', stackProtector: true, code: 16 } as const

export const examples: Examples = {
  broken: [
    {
      title: 'a program in one segment',
      files: [program('usr/bin/tool', buildElf({ ...elf, writableCode: true }))],
    },
  ],
  kept: [{ title: 'one whose code is read-only', files: [program('usr/bin/tool', buildElf(elf))] }],
}
