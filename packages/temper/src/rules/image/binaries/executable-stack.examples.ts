import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import { type Examples, file } from '../example.ts'

const library = { soname: 'libz.so.1', relro: 'full', stackProtector: true } as const

export const examples: Examples = {
  broken: [
    {
      title: 'a library with PT_GNU_STACK RWE',
      files: [file('usr/lib/app/libz.so.1', buildElf({ ...library, executableStack: true }))],
    },
  ],
  kept: [{ title: 'the same with RW', files: [file('usr/lib/app/libz.so.1', buildElf(library))] }],
}
