import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import { type Examples, file, program } from '../example.ts'

const arm = buildElf({ pie: true, relro: 'full', stackProtector: true, machine: 183 })

export const examples: Examples = {
  broken: [{ title: 'a program of arm64', files: [program('usr/bin/tool', arm)] }],
  kept: [{ title: 'one among data', files: [file('srv/firmware/tool', arm)] }],
}
