import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import { type Examples, file, program } from '../example.ts'

const loader = { interpreter: '/lib/ld.so', pie: true, stackProtector: true }

export const examples: Examples = {
  broken: [{ title: 'a program without PT_GNU_RELRO', files: [program('usr/bin/tool', buildElf(loader))] }],
  kept: [
    { title: 'one with it', files: [program('usr/bin/tool', buildElf({ ...loader, relro: 'partial' }))] },
    { title: 'one that nothing relocates', files: [program('usr/bin/tool', buildElf({ pie: true }))] },
    { title: 'text', files: [file('srv/tool', 'x')] },
  ],
}
