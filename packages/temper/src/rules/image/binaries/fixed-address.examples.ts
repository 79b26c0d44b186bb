import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import { type Examples, program } from '../example.ts'

const elf = { relro: 'full', stackProtector: true } as const

export const examples: Examples = {
  broken: [
    { title: 'a program of type ET_EXEC', files: [program('usr/bin/tool', buildElf({ ...elf, type: 2 }))] },
  ],
  kept: [{ title: 'one of type ET_DYN', files: [program('usr/bin/tool', buildElf({ ...elf, pie: true }))] }],
}
